"""Backup and restore of a whole installation: database, media, private files, in one archive with checksums.

Key concepts
- `archive`: the file: members, their SHA-256, a manifest; it is verified whole before anything is restored.
- `rows`: every row of every table as JSON lines, the same from SQLite and PostgreSQL, so that one restores the other.
- `files`: the folders of media and private files.
- `work`: `back_up(path)` and `restore(path)`, which the two commands call.
"""
