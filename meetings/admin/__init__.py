"""The pages of the records in Wagtail's admin."""
