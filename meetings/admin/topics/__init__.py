"""Topics: list, form, page and opinions."""
