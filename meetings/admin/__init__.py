"""Views, forms and menus of the conference records in Wagtail's admin."""
