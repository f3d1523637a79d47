"""Minutes: list, text, page, corrections and documents."""
