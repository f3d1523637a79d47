"""Base classes and helpers shared by all admin pages of records: lists, forms, operations, record pages, downloads."""
