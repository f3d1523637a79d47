"""Word files from templates: taken apart with bounds, checked, filled. It knows nothing of the records.

Key concepts
- `packages`: an office file as a zip, read with bounds and written so that the same content gives the same bytes.
- `fields`: what a template may name. `tags`: how it names it. `parts`, `checks`: what is wrong with a template.
- `filling`: a template with its values. `layout`: how the portal's own templates are made.
"""
