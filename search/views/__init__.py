"""The two doors of the search."""
