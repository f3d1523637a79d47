"""Queries of accounts: who made them, who got a code for them, and what their holders were ever entitled to.

The audit log answers who made or reset an account: operations write it in their transaction, it is append-only, and
the database refuses to change it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from meetings import clock
from meetings.enums import SUPERVISING_ROLES, ChangeState, GroupKind, Role, SeatKind
from meetings.models import (
    Approval,
    LoginCode,
    Meeting,
    Minutes,
    PendingChange,
    Person,
    Post,
    RecordLogEntry,
    Tenure,
    Topic,
)

# The actions in the audit log by which somebody makes an account, or gets hold of it.
MADE_OR_RESET = ("create", "password", "login_code", "reset_device", "reactivate")
WITHOUT_READING = (Role.NONE, Role.WRITER)


class AccountEvent(NamedTuple):
    """That somebody made an account, or got hold of it, by one of the actions above."""

    account: int
    user: int
    action: str


def heads_a_group(post: str = "") -> Q:
    """Return the condition for posts that head a coordination group (`C 3`); `post` is a lookup to the post."""
    seats = f"{post}seats__"
    return Q(**{f"{seats}kind": SeatKind.HEAD, f"{seats}group__kind": GroupKind.COORDINATION})


def has_password(person: Person) -> bool:
    """Return whether the person can log in with a password; an empty one, as in imported rows, is none."""
    return bool(person.password) and person.has_usable_password()


def has_chosen_password(person: Person) -> bool:
    """Return whether the person has, or had, a password that nobody else gave."""
    if has_password(person) and not person.password_is_temporary:
        return True
    return log_of_person(person).filter(action="meetings.person.choose_password").exists()


def holds_records() -> bool:
    """Return whether the installation holds any topic, meeting or minutes."""
    return any(model._default_manager.exists() for model in (Topic, Meeting, Minutes))


def latest_code(person: Person) -> LoginCode | None:
    """Return the one-time code that was issued last for the person, used or not."""
    return _codes().filter(person=person.pk).first()


def is_seen_by_one(code: LoginCode) -> bool:
    """Return whether one person alone asked for the code and saw it, without a second person; the server is nobody."""
    return code.issued_by_id is not None and code.shown_to_id in {None, code.issued_by_id}


def opened_by_one(person: Person, *, since: datetime) -> datetime | None:
    """Return when one person alone made the account or gave out the code with which it was opened, if after `since`.

    A later code that a second person saw, or that the server issued, tells that somebody else looked at the account.
    """
    code = latest_code(person)
    if code is not None:
        return code.issued_at if is_seen_by_one(code) and code.issued_at > since else None
    made = made_entry(person)
    return made.timestamp if made is not None and made.user_id is not None and made.timestamp > since else None


def open_code(person: Person) -> LoginCode | None:
    """Return the one-time code with which the person can log in now; see `is_open`."""
    code = latest_code(person)
    return code if code is not None and is_open(code) else None


def open_code_of_login(username: str) -> LoginCode | None:
    """Return the one-time code with which an active person of this login can log in now, in one query."""
    code = _codes().filter(person__username=username, person__is_active=True).first()
    return code if code is not None and is_open(code) else None


def _codes() -> QuerySet[LoginCode]:
    return LoginCode.objects.select_related("person", "shown_to").order_by("-issued_at", "-pk")


def is_open(code: LoginCode) -> bool:
    """Return whether the latest code of a person works: it is neither used nor expired, and there is no password."""
    return code.used_at is None and code.expires_at > clock.now() and not has_password(code.person)


def log_of_person(person: Person) -> QuerySet[RecordLogEntry]:
    """Return the entries of the audit log about a person."""
    kind = ContentType.objects.get_for_model(Person)
    return RecordLogEntry.objects.filter(content_type=kind, object_id=str(person.pk))


def made_entry(person: Person) -> RecordLogEntry | None:
    """Return the entry about the creation of the account; None if it was made before the log, or on the server."""
    return log_of_person(person).filter(action="meetings.person.create").select_related("user").order_by("pk").first()


def controllers(person: Person, *, within: timedelta) -> set[int]:
    """Return the ids of those who may act through this account; see `controllers_of`."""
    return controllers_of({person.pk}, within=within)[person.pk]


def controllers_of(
    people: Collection[int], *, within: timedelta, history: Collection[AccountEvent] | None = None
) -> dict[int, set[int]]:
    """Return for each of these accounts who may act through it, judged by the last days: the person among them.

    They are who made or reset the account, who saw its one-time code, and who gave it the power to confirm without a
    second person. `history` is that of these accounts (`account_history`) if it was read already.
    """
    since = clock.now() - within
    found: dict[int, set[int | None]] = {pk: {pk} for pk in people}
    for event in account_history(people, since) if history is None else history:
        found[event.account].add(event.user)
    for code in codes_of(people, since=since):
        found[code.person_id] |= {code.issued_by_id, code.shown_to_id}
    for change in _empowered_alone(people, since):
        for person in change.people.all():
            if person.pk in found:
                found[person.pk] |= {change.requested_by_id, change.decided_by_id}
    return {account: {pk for pk in of if pk is not None} for account, of in found.items()}


def account_history(people: Iterable[int], since: datetime) -> list[AccountEvent]:
    """Return by which actions somebody made one of these accounts, or got hold of it, since a time."""
    actions = [f"meetings.person.{action}" for action in MADE_OR_RESET]
    rows = RecordLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Person),
        object_id__in=[str(pk) for pk in people],
        action__in=actions,
        timestamp__gte=since,
        user__isnull=False,
    ).values_list("object_id", "user", "action")
    return [AccountEvent(int(account), user, action.rpartition(".")[2]) for account, user, action in rows]


def reset_accounts(history: Iterable[AccountEvent]) -> set[int]:
    """Return the accounts that somebody reset; a new account is not reset by its first code."""
    actions = defaultdict[int, set[str]](set)
    for event in history:
        actions[event.account].add(event.action)
    return {pk for pk, found in actions.items() if "create" not in found}


def _empowered_alone(people: Iterable[int], since: datetime) -> list[PendingChange]:
    """Return the requests that nobody confirmed and that gave one of these people a post that may confirm requests."""
    alone = PendingChange.objects.filter(state=ChangeState.EXPIRED_IN, decided_at__gte=since, people__in=list(people))
    changes = list(alone.distinct().prefetch_related("people"))
    posts = {change.pk: [act["data"]["post"] for act in change.acts if "post" in act["data"]] for change in changes}
    named = [post for of in posts.values() for post in of]
    supervising = set(
        Post.objects.filter(pk__in=named, role__in=SUPERVISING_ROLES).values_list("pk", flat=True) if named else ()
    )
    return [change for change in changes if supervising.intersection(posts[change.pk])]


def codes_of(people: Iterable[int], *, since: datetime) -> QuerySet[LoginCode]:
    """Return the one-time codes of these people that were issued since a time."""
    return LoginCode.objects.filter(person__in=list(people), issued_at__gte=since)


def codes_seen_by(viewers: Iterable[int], person: Person, *, since: datetime) -> QuerySet[LoginCode]:
    """Return the one-time codes of a person that somebody of these asked for or saw since a time."""
    seen = list(viewers)
    return codes_of([person.pk], since=since).filter(Q(shown_to__in=seen) | Q(issued_by__in=seen))


def ended_supervision(since: datetime) -> list[tuple[int, datetime]]:
    """Return who took the power of an administrator or auditor, or the own login, from whom, and when it ended.

    A tenure that was given a last day ends with that day, however early this was entered; until then it counts as
    nothing ended.
    """
    kind = ContentType.objects.get_for_model(Person)
    ending = Tenure.objects.filter(to_date__gte=timezone.localtime(since).date(), post__role__in=SUPERVISING_ROLES)
    named = Q(object_id__in=ending.annotate(account=Cast("person", CharField())).values("account"))
    rows = RecordLogEntry.objects.filter(named | Q(timestamp__gte=since), content_type=kind)
    rows = rows.filter(user__isnull=False, data__ends_supervision=True)
    found = [(entry.user_id, max(entry.timestamp, _end_of(entry.data.get("last_day")))) for entry in rows]
    return [(user, ended) for user, ended in found if since <= ended <= clock.now()]


def _end_of(day: str | None) -> datetime:
    """Return the end of a day of the log; long ago if there is none."""
    on = date.fromisoformat(day) + timedelta(days=1) if day else date(1970, 1, 1)
    return timezone.make_aware(datetime.combine(on, time()))


def now_or_later() -> Q:
    """Return the condition for tenures that run today or will begin."""
    return Q(to_date__isnull=True) | Q(to_date__gte=clock.today())


def ever_held(person: Person, roles: Iterable[str]) -> bool:
    """Return whether the person ever held a post that carries, or carried before, one of these roles."""
    wanted = set(roles)
    rows = Tenure.objects.filter(person=person.pk).values_list("post__role", "post__former_roles")
    return any(wanted & {role, *former} for role, former in rows)


def ever_headed_group(person: Person) -> bool:
    """Return whether the person ever held a post that heads a coordination group (`C 3`)."""
    return Tenure.objects.filter(heads_a_group("post__"), person=person.pk).exists()


def ever_signed(person: Person) -> bool:
    """Return whether the person ever approved anything, also for somebody else or on paper."""
    return Approval.objects.filter(person=person.pk).exists()
