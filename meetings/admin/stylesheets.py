"""The style sheets and scripts that the records add to the admin."""

from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

# The line, the marks and the thread are those of the public pages.
SHEETS = (
    "publicity/ledger.css",
    "meetings/theme.css",
    "meetings/file.css",
    "meetings/workspace.css",
    "meetings/parts.css",
    "meetings/pairs.css",
    "meetings/desk.css",
    "meetings/administration.css",
    "meetings/documents.css",
    "meetings/on_paper.css",
)


def stylesheets() -> SafeString:
    """Links to the sheets; what they draw stands in lists and on the home page as well."""
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ((static(sheet),) for sheet in SHEETS))
