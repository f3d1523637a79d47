"""The content of the documents generated from records. `meetings.word` renders it as files."""
