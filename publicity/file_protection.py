"""Protection of files: none changes while a page that is public or being reviewed (三审三校) uses it, or as the mark.

The reviewed text names its files by their keys. Another file behind the same key would be public without a review. So
would another mark of the site, which a second person confirms (`publicity.operations.site_settings`): the mark in force
and a mark that is asked for are kept as they are.

- `change_refusal(file)`: why file, title and description cannot be changed now, or None.
- `refuse_change_in_use`: the receiver that checks each change and deletion, from the admin and from code alike.
- `FileInUse`: the refusal; the admin answers it as a missing permission.
"""

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.utils.translation import gettext as _

from meetings.refusal import Missing, Refused
from publicity.models import Picture, PublicDocument
from publicity.queries.files import is_mark, request_showing, title_of_page_using
from publicity.signals import file_will_change

# What the public sees of a file. Tags, collection and the crop of a picture may change.
PUBLIC_FIELDS = ("file", "title", "description")


class FileInUse(Refused, PermissionDenied):
    """Refusal to change a file that a public or reviewed page uses."""


def change_refusal(file: Picture | PublicDocument) -> Missing | None:
    """Return why the file cannot be changed now and what to do instead, or None."""
    if is_mark(file):
        reason = _("It is the mark of the site. Upload a new picture and choose it in the settings of the public site.")
        return Missing(reason, code="file_is_mark")
    if request := request_showing(file):
        reason = _(
            "It waits to become the mark of the site (“%(request)s”). Upload a new picture and choose that one, or "
            "let the request be withdrawn or declined first."
        )
        return Missing(reason % {"request": request}, code="file_is_requested_mark")
    title = title_of_page_using(file)
    if title is None:
        return None
    reason = _(
        "It stands on “%(page)s”, which is public or being reviewed. Upload a new file and put it on the page; "
        "the page then passes its reviews again."
    )
    return Missing(reason % {"page": title}, code="file_in_use")


def refuse_change_in_use(file: Picture | PublicDocument, *, deleting: bool, **kwargs: object) -> None:
    """Raise `FileInUse` if a stored file that such a page uses is about to change or to be deleted."""
    if (deleting or _is_changed(file)) and (gap := change_refusal(file)):
        raise FileInUse.lacking([gap])


def _is_changed(file: Model) -> bool:
    fields = [name for name in PUBLIC_FIELDS if hasattr(file, name)]
    stored = type(file)._default_manager.filter(pk=file.pk).values(*fields).first() if file.pk else None
    return stored is not None and any(str(getattr(file, name)) != str(stored[name]) for name in fields)


def connect() -> None:
    """Connect the receiver."""
    file_will_change.connect(refuse_change_in_use, dispatch_uid="publicity.file")
