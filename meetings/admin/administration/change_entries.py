"""Entries of "mine today" about changes that a second person confirms, and about hand-overs for the auditors."""

from datetime import timedelta

from django.db.models import CharField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetings import clock
from meetings.admin.core.record_urls import url_of
from meetings.enums import ChangeState, Role
from meetings.models import PendingChange, Person, RecordLogEntry
from meetings.operations.change_content import acts_of, in_force_from, scope_of, second_people
from meetings.queries.access import audited, people_of
from meetings.queries.pending_change import seen_changes, supervised_conferences, waiting_changes
from meetings.registry import TodayEntry
from meetings.rules.pending_change import may_decline

SHOWN_DAYS = timedelta(days=7)
HANDED_OVER = (Role.CLERK, Role.LIAISON, Role.WRITER)
MAX_NAMES = 5


def change_entries(person: Person) -> list[TodayEntry]:
    """Return the requests that wait for this person, are about the person, or were declined lately."""
    kind = _("To confirm")
    seen = list(waiting_changes().filter(pk__in=seen_changes(person).values("pk")))
    about_me = set(PendingChange.objects.filter(people=person.pk).values_list("pk", flat=True)) if seen else set()
    entries, others = [], 0
    for change in seen:
        if change.requested_by_id == person.pk:
            if not second_people(change) and clock.now() >= in_force_from(change):
                entries.append(
                    TodayEntry(_("You may put in force: %(title)s") % {"title": change}, url_of(change), kind)
                )
            else:
                others += 1
        elif change.pk in about_me or change.subject_id == person.pk:
            text = _("This concerns your rights or your account; decline it if you did not ask for it: %(title)s")
            entries.append(TodayEntry(text % {"title": change}, url_of(change), kind, tone="due"))
        elif person in second_people(change):
            text = _("Confirm or decline: %(title)s") % {"title": change}
            entries.append(TodayEntry(text, url_of(change), kind, tone="due"))
        elif not second_people(change) and may_decline(person, change, scope_of(acts_of(change))):
            text = _("Nobody can confirm it, it may be put in force from %(when)s; decline if you doubt it: %(title)s")
            when = date_format(timezone.localtime(in_force_from(change)), "DATETIME_FORMAT")
            entries.append(TodayEntry(text % {"when": when, "title": change}, url_of(change), kind, tone="due"))
        else:
            others += 1
    if others and supervised_conferences(person):
        text = _("%(count)s changes wait for somebody else") % {"count": others}
        entries.append(TodayEntry(text, f"{reverse('pendingchange:index')}?state={ChangeState.WAITING}", kind))
    return [*entries, *_declined(person), *_handovers(person)]


def _declined(person: Person) -> list[TodayEntry]:
    rows = PendingChange.objects.filter(
        requested_by=person.pk, state=ChangeState.DECLINED, decided_at__gte=clock.now() - SHOWN_DAYS
    )
    text = _("Your request was declined: %(title)s")
    return [TodayEntry(text % {"title": change}, url_of(change), _("To confirm")) for change in rows]


def _handovers(person: Person) -> list[TodayEntry]:
    """Return one entry for the hand-overs that need no second person; an auditor looks at them."""
    audits = audited(person)
    if not audits:
        return []
    rows = RecordLogEntry.objects.filter(
        action__in=["meetings.person.tenure_begin", "meetings.person.tenure_change"],
        timestamp__gte=clock.now() - SHOWN_DAYS,
        data__role__in=HANDED_OVER,
    )
    if None not in audits:
        people = people_of(audits).annotate(key=Cast("pk", CharField())).values("key")
        rows = rows.filter(object_id__in=people)
    names = list(dict.fromkeys(f"{row.label}（{row.data['post']}）" for row in rows.order_by("-timestamp", "-pk")))
    if not names:
        return []
    shown = "、".join(names[:MAX_NAMES])
    text = _("Hand-overs of the last seven days, %(count)s: %(names)s") % {"count": len(names), "names": shown}
    url = reverse("wagtailadmin_reports:site_history")
    return [TodayEntry(text, url, _("Hand-overs"))]
