"""The project's apps, for checks and helpers that read their files. Importing it loads no Django."""

APPS = ("portal", "search", "publicity", "meetings")
