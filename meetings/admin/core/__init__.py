"""What every page of the records shares: lists, forms, operations, record pages, downloads."""
