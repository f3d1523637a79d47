"""The kind of change that lets fewer people look at what a conference publishes."""

from django.utils.translation import gettext_lazy

from meetings.models import JointConference, Person
from meetings.operations.change_kinds import Act, ChangeKind, Data, register
from meetings.operations.change_words import changed_meanwhile, old_and_new
from meetings.operations.conference import save_conference
from meetings.rules.pending_change import needs_second_person, protection_lowered

PROTECTION_FIELDS = ("reviews_required", "writer_is_first_review", "lead_confirms_release")


def protection_act(conference: JointConference) -> Act:
    """Return the act that changes what a conference requires before anything is published."""
    stored = JointConference.objects.get(pk=conference.pk)
    before, after = ({name: getattr(row, name) for name in PROTECTION_FIELDS} for row in (stored, conference))
    return Act("publication_rules", {"conference": conference.pk, "before": before, "after": after})


def _conferences(data: Data) -> tuple[JointConference, JointConference]:
    """Return the conference as it is, and as it will be; `Refused` if it is no longer that of the request."""
    old, new = (JointConference.objects.get(pk=data["conference"]) for _copy in range(2))
    if any(getattr(old, name) != value for name, value in data["before"].items()):
        raise changed_meanwhile()
    for name, value in data["after"].items():
        setattr(new, name, value)
    return old, new


def _describe(data: Data) -> list[str]:
    old, new = _conferences(data)
    lines = [
        old_and_new(field.verbose_name, getattr(old, field.attname), getattr(new, field.attname))
        for field in JointConference._meta.concrete_fields
        if field.name in PROTECTION_FIELDS and getattr(old, field.attname) != getattr(new, field.attname)
    ]
    return [old.short_name, *lines]


def _apply(data: Data, by: Person, shown_to: Person | None) -> tuple[()]:
    save_conference(_conferences(data)[1], by=by)
    return ()


register(
    ChangeKind(
        key="publication_rules",
        label=gettext_lazy("Before anything is published"),
        needs=lambda data, by: needs_second_person(by, protection_lowered(*_conferences(data))),
        describe=_describe,
        apply=_apply,
        conferences=lambda data: {data["conference"]},
    )
)
