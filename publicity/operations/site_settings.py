"""The operation on the settings of the public site: what the public reads there, a second person confirms.

- `save_site_settings`: writes the settings. `submit_site_settings`: saves or submits what was changed in the form.
- `KIND`: the kind of change, registered in `PublicityConfig.ready`. Administrators and reviewers confirm it.
"""

from typing import Any

from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from meetings import confirmation
from meetings.enums import Role
from meetings.models import Person
from meetings.operations.base import require_second_person
from meetings.operations.change_kinds import Act, ChangeKind, Data
from meetings.operations.change_words import changed_meanwhile, old_and_new
from meetings.operations.pending_change import Outcome, request_or_apply
from meetings.rules.pending_change import needs_second_person
from meetings.write_lock import write_transaction
from publicity.models import Picture, PublicitySettings


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
    before, after = ({name: pair[which] for name, pair in changed.items()} for which in (0, 1))
    return request_or_apply([Act("site_settings", {"settings": settings.pk, "before": before, "after": after})], by=by)


def _field(attname: str) -> Any:
    return next(field for field in PublicitySettings._meta.concrete_fields if field.attname == attname)


def _settings(data: Data) -> PublicitySettings:
    """Return the settings as they will be; `Refused` if one of them was changed since the request."""
    row = PublicitySettings.objects.get(pk=data["settings"])
    if any(getattr(row, name) != value for name, value in data["before"].items()):
        raise changed_meanwhile()
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


def _apply(data: Data, by: Person, shown_to: Person | None) -> tuple[()]:
    save_site_settings(_settings(data), by=by)
    return ()


KIND = ChangeKind(
    key="site_settings",
    label=gettext_lazy("Settings of the public site"),
    needs=lambda data, by: needs_second_person(by, bool(data["after"])),
    describe=_describe,
    apply=_apply,
    conferences=lambda data: set(),
    roles=frozenset({Role.ADMINISTRATOR, Role.REVIEWER}),
)
