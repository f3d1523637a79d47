"""Resolutions: list, form, page, reports and supervision."""
