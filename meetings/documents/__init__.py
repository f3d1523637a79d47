"""Documents made from the records: what they say, apart from how they are drawn."""
