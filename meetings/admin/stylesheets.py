"""The style sheets that the records add to Wagtail's admin."""

from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

# The first one styles ledger lines, status badges and timelines; the public pages use it too.
SHEETS = (
    "publicity/ledger.css",
    "meetings/theme.css",
    "meetings/file.css",
    "meetings/meeting.css",
    "meetings/parts.css",
    "meetings/pairs.css",
    "meetings/desk.css",
    "meetings/administration.css",
    "meetings/documents.css",
    "meetings/on_paper.css",
)


def stylesheets() -> SafeString:
    """Return the `<link>` tags. All sheets load on every admin page: lists and the home page use the components too."""
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ((static(sheet),) for sheet in SHEETS))
