"""Backup and restore of a whole installation: database, media and private files in one archive with checksums.

- `archive`: the file format: members, their SHA-256, a manifest. It is verified completely before anything is restored.
- `rows`: every row of every table as JSON lines, the same from SQLite and PostgreSQL, so that one restores the other.
- `files`: the folders of media and private files.
- `procedures`: `back_up(path)` and `restore(path)`, which the two commands call.
"""
