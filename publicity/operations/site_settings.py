"""The operation on the settings of the public site: what the public reads there, a second person confirms.

- `save_site_settings`: writes the settings. `submit_site_settings`: saves or submits what was changed in the form.
- `KIND`: the kind of change, registered in `PublicityConfig.ready`. Administrators and reviewers confirm it.
"""

import hashlib
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.images.shortcuts import get_rendition_or_not_found
from wagtail.log_actions import log

from meetings import confirmation
from meetings.enums import Role
from meetings.models import Person
from meetings.operations.base import require_second_person
from meetings.operations.change_kinds import Act, ChangeKind, Data, ShownPicture
from meetings.operations.change_words import changed_meanwhile, old_and_new
from meetings.operations.pending_change import Outcome, request_or_apply
from meetings.refusal import Refused
from meetings.rules.pending_change import needs_second_person
from meetings.write_lock import write_transaction
from publicity.models import Picture, PublicitySettings
from publicity.picture_sizes import SIZES
from publicity.queries.site_settings import SITE_SETTINGS


def _changed(settings: PublicitySettings) -> dict[str, tuple[Any, Any]]:
    """Return the stored and the new value of each changed column, by name; all columns are public."""
    stored = PublicitySettings.objects.get(pk=settings.pk)
    names = [field.attname for field in PublicitySettings._meta.concrete_fields if field.name not in {"id", "site"}]
    settings.examples = "\n".join(settings.examples.splitlines())  # a browser sends other line ends
    pairs = {name: (getattr(stored, name), getattr(settings, name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@write_transaction()
def save_site_settings(settings: PublicitySettings, *, by: Person | None) -> PublicitySettings:
    """Store the settings and log which changed; once the installation holds records, it takes a second person."""
    changed = _changed(settings)
    require_second_person(by, bool(changed))
    settings.save()
    fields = [str(_field(name).verbose_name) for name in changed]
    given = confirmation.current()
    confirmed = {"confirmed": given.by_name} if given is not None else {}
    log(settings, "wagtail.edit", user=by, data={"fields": fields, **confirmed})
    return settings


@write_transaction()
def submit_site_settings(settings: PublicitySettings, *, by: Person) -> Outcome:
    """Save the settings where nobody else is needed, else submit what was changed."""
    changed = _changed(settings)
    if not needs_second_person(by, bool(changed)):
        save_site_settings(settings, by=by)
        return Outcome()
    return request_or_apply([settings_act(settings)], by=by)


def settings_act(settings: PublicitySettings) -> Act:
    """Return the act that changes the settings: old and new values, and the digests of the files of pictures."""
    changed = _changed(settings)
    before, after = ({name: pair[which] for name, pair in changed.items()} for which in (0, 1))
    data = {"settings": settings.pk, "before": before, "after": after, "files": _files(before, after)}
    return Act(SITE_SETTINGS, data)


def _files(*values: Data) -> dict[str, str | None]:
    """Return the digest of the file of each picture that these values name, by its key."""
    return {str(pk): _file_digest(pk) for pk in (each.get("mark_id") for each in values) if pk is not None}


def _file_digest(pk: int) -> str | None:
    """Return the SHA-256 of the file of a picture; None if picture or file are gone."""
    picture = Picture.objects.filter(pk=pk).first()
    if picture is None:
        return None
    try:
        with picture.file.open("rb") as stored:
            return hashlib.file_digest(stored, "sha256").hexdigest()
    except FileNotFoundError:
        return None


def _field(attname: str) -> Any:
    return next(field for field in PublicitySettings._meta.concrete_fields if field.attname == attname)


def _settings(data: Data) -> PublicitySettings:
    """Return the settings as they will be; `Refused` if one of them was changed since the request, or the file of a
    picture.
    """
    row = PublicitySettings.objects.get(pk=data["settings"])
    if any(getattr(row, name) != value for name, value in data["before"].items()):
        raise changed_meanwhile()
    asked = data["after"].get("mark_id")
    if asked is not None and _file_digest(asked) != data.get("files", {}).get(str(asked)):
        raise Refused(
            _("The picture is no longer the one that was asked for. Decline this request, and make it anew."),
            code="picture_changed_meanwhile",
        )
    for name, value in data["after"].items():
        setattr(row, name, value)
    return row


def _value(name: str, value: Any) -> object:
    picture = Picture.objects.filter(pk=value).first() if name == "mark_id" and value else None
    return picture.title if picture else value


def _describe(data: Data) -> list[str]:
    _settings(data)
    before, after = data["before"], data["after"]
    return [
        old_and_new(_field(name).verbose_name, _value(name, before[name]), _value(name, after[name])) for name in after
    ]


def _pictures(data: Data) -> list[ShownPicture]:
    """Return the mark before and after, at the size of the head of each page."""
    _settings(data)
    shown = []
    for label, values in ((gettext_lazy("The mark now"), "before"), (gettext_lazy("The mark afterwards"), "after")):
        picture = Picture.objects.filter(pk=data[values].get("mark_id")).first()
        if picture is not None:
            shown.append(ShownPicture(label, picture.title, get_rendition_or_not_found(picture, SIZES["mark"]).url))
    return shown


def _apply(data: Data, by: Person, shown_to: Person | None) -> tuple[()]:
    save_site_settings(_settings(data), by=by)
    return ()


KIND = ChangeKind(
    key=SITE_SETTINGS,
    label=gettext_lazy("Settings of the public site"),
    needs=lambda data, by: needs_second_person(by, bool(data["after"])),
    describe=_describe,
    apply=_apply,
    conferences=lambda data: set(),
    pictures=_pictures,
    roles=frozenset({Role.ADMINISTRATOR, Role.REVIEWER}),
)
