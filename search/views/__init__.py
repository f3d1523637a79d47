"""Public and staff views of the search."""
