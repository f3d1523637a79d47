"""Chinese for what Wagtail 8, and in one place Django, has not yet had translated: nothing but two catalogues.

The app stands last in INSTALLED_APPS, so a translation of a room, of Wagtail or of Django always wins over it: once
Wagtail's own translation is complete, this folder can go.
"""
