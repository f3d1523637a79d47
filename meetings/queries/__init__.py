"""Read queries of the records. None of them runs a query per row."""
