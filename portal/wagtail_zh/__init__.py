"""Chinese translations that Wagtail 8, and in one place Django, still lacks: two catalogues and no code.

The app is last in INSTALLED_APPS, so a translation of another app, of Wagtail or of Django always takes precedence.
Once Wagtail's own translation is complete, this package can be removed.
"""
