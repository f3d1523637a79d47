"""Word files from templates: unpacked within limits, checked, filled. This package does not know the records.

- `packages` reads office files as zip archives within limits, and writes them reproducibly.
- `fields` describes what a template may name, `tags` the syntax. `parts` and `checks` find faults in a template.
- `rendering` fills a template with values. `layout` builds the portal's own templates.
"""
