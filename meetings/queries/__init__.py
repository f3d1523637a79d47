"""Named reads of the records; none asks a query per row."""
