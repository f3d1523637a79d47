"""Keeps the index in step: whoever changes something tells it here, in the same transaction.

A step of the records changes several rows; the documents that they are in are renewed once, at its end.

Records and releases tell it by `meetings.signals.record_changed`, pages by Wagtail's signals, tags by Django's. What a
document is made of lies in several models; `TOUCHES` says which documents a changed row is in.

Key concepts
- `TOUCHES`: for a changed model, the sources whose documents it is in, each with the lookups that lead to it.
- `UNAFFECTED`: of those, the sources whose documents some verbs leave as they are.
- `renew(changed)`: renew those documents; those whose subject is no longer found are taken out.
- `renew_all(changes)`: renew the documents of several changed rows, each once.
- `resting()`: for a load of many changes: nothing is renewed meanwhile
  (see `search.index_maintenance.filled_afterwards`).
- `connect()`: listen.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_delete
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished, post_page_move

from meetings.models import (
    Department,
    Explanation,
    JointConference,
    Meeting,
    Minutes,
    Opinion,
    ProgressReport,
    RecordTag,
    Regulation,
    Resolution,
    ResolutionPart,
    Topic,
    TopicCategory,
)
from meetings.signals import record_changed
from meetings.write_lock import at_end, writing
from publicity import receivers
from publicity.models import Article, OutcomePage, PublicTag, Release
from search.engines.selection import engine
from search.sources import SOURCES, Source

TOUCHES: dict[type[Model], dict[str, tuple[str, ...]]] = {
    Topic: {"topic": ("pk",)},
    Opinion: {"topic": ("opinions",)},
    TopicCategory: {"topic": ("category",)},
    Regulation: {"topic": ("category__regulation",)},
    Meeting: {
        "minutes": ("meeting",),
        "resolution": ("minutes__meeting",),
        "explanation": ("meeting",),
        "release": ("resolution__minutes__meeting",),
        "outcome": ("meeting",),
        "news": ("meeting",),
    },
    Minutes: {
        "minutes": ("pk", "corrections"),
        "resolution": ("minutes",),
        "report": ("part__resolution__minutes",),
        "explanation": ("resolution__minutes",),
        "release": ("resolution__minutes",),
        "outcome": ("meeting__minutes",),
    },
    Resolution: {
        "resolution": ("pk",),
        "explanation": ("resolution",),
        "report": ("part__resolution",),
        "release": ("resolution",),
        "outcome": ("items__resolution",),
    },
    ResolutionPart: {
        "resolution": ("parts",),
        "report": ("part__resolution__parts",),
        "explanation": ("resolution__parts",),
    },
    Explanation: {"explanation": ("pk",)},
    ProgressReport: {"report": ("pk",), "resolution": ("parts__reports",)},
    RecordTag: {"resolution": ("tags",)},
    Department: {
        "topic": ("proposer", "proposer__successor", "opinions__department", "opinions__department__successor"),
        "resolution": (
            *("parts__department", "parts__department__successor", "parts__department__successor__successor"),
            "parts__department__predecessors",
        ),
        "report": ("part__department", "part__department__successor"),
        "release": ("lead", "lead__successor", "lead__successor__successor", "lead__predecessors"),
    },
    JointConference: {
        "topic": ("conference",),
        "minutes": ("meeting__conference",),
        "resolution": ("minutes__meeting__conference",),
        "report": ("part__resolution__minutes__meeting__conference",),
        "explanation": ("meeting__conference",),
        "release": ("conference",),
        "outcome": ("meeting__conference",),
    },
    Release: {"release": ("pk",), "outcome": ("items__resolution__releases",)},
    OutcomePage: {"outcome": ("pk",)},
    Article: {"news": ("pk",)},
    PublicTag: {"news": ("tags",)},
}

# What verbs of the follow-up do to a resolution: they move its state, and write down why and when. Reports show none of
# it, and the public reads what was released.
_FOLLOW_UP = (
    *("assign", "report", "report_part_done", "report_done", "verify", "return", "accept_report", "send_back_report"),
    *("deliver", "suspend", "agree_suspension", "decline_suspension", "resume"),
)
# A verb that is not named here renews everything that its record is in.
UNAFFECTED: dict[tuple[type[Model], str], set[str]] = {
    **{(Resolution, verb): {"report", "release", "outcome"} for verb in _FOLLOW_UP},
    **{(Resolution, verb): {"report", "explanation"} for verb in ("release", "withdraw")},
    # Until they are issued, minutes move their state alone, which no other document shows.
    **{(Minutes, verb): TOUCHES[Minutes].keys() - {"minutes"} for verb in ("send", "approve", "return")},
}

_resting: ContextVar[bool] = ContextVar("resting", default=False)


@contextmanager
def resting() -> Iterator[None]:
    """Renew nothing inside; whoever asks for it rebuilds the index afterwards."""
    token = _resting.set(True)
    try:
        yield
    finally:
        _resting.reset(token)


class Changed(NamedTuple):
    """A changed row, and the verb that changed it where that is known."""

    model: type[Model]
    pk: int
    action: str = ""


def renew(changed: Model, action: str = "") -> None:
    """Renew every document that `changed` is in, when its step ends. A model that is in none is ignored.

    `action` is the verb of an operation; without one, all that the row can be in is renewed.
    """
    if type(changed) in TOUCHES and not _resting.get():
        at_end(renew_all, Changed(type(changed), changed.pk, action))


def renew_all(changes: Collection[Changed]) -> None:
    """Renew every document that any of the changed rows is in, once. Runs in one transaction."""
    lookups: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for model, pk, action in changes:
        for name in TOUCHES[model].keys() - UNAFFECTED.get((model, action), ()):
            for lookup in TOUCHES[model][name]:
                lookups[name, lookup].add(pk)
    with writing(savepoint=False):
        found = _subjects(lookups)
        if any(model is JointConference for model, *_ in changes):
            # An article knows its conference by its place in the tree alone.
            found["news"].update(SOURCES["news"].model._default_manager.values_list("pk", flat=True))
        _renew(found)


def renew_subjects(source: Source, subjects: Collection[int]) -> None:
    """Bring the documents of these subjects up to date, or take them out."""
    _renew({source.name: subjects})


def _subjects(lookups: Mapping[tuple[str, str], Collection[int]]) -> defaultdict[str, set[int]]:
    """Return, by the name of a source, the subjects that any of its lookups joins to these rows; in one query."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    joined: list[str] = []
    given: list[int] = []
    for (name, lookup), pks in lookups.items():
        if lookup == SOURCES[name].subject:
            found[name].update(pks)
        else:
            before, after = _joined(name, lookup)
            marks = ", ".join(["%s"] * len(pks))
            joined.append(f"SELECT '{name}', found.* FROM ({before} ({marks}){after}) found")  # noqa: S608
            given += pks
    if joined:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ".join(joined), given)
            for name, subject in cursor.fetchall():
                found[name].add(subject)
    return found


@cache
def _joined(name: str, lookup: str) -> tuple[str, str]:
    return SOURCES[name].joined(lookup)


def _renew(found: Mapping[str, Collection[int]]) -> None:
    """Bring the documents of these subjects up to date, or take them out, all of them in one go."""
    if not any(found.values()):
        return
    documents = [each for name in SOURCES if found.get(name) for each in SOURCES[name].documents(sorted(found[name]))]
    keys = {SOURCES[name].key(subject) for name, subjects in found.items() for subject in subjects}
    engine().index(documents, gone=sorted(keys - {document.key for document in documents}))


def _changed(record: Model, action: str, **kwargs: Any) -> None:
    renew(record, action)


def _page_changed(instance: Page, **kwargs: Any) -> None:
    renew(instance.specific)


def _saved(instance: Model, created: bool, **kwargs: Any) -> None:
    if not created:
        renew(instance)


def _deleted(instance: Model, **kwargs: Any) -> None:
    engine().delete(source.key(instance.pk) for source in SOURCES.values() if isinstance(instance, source.model))


def _tag_goes(instance: Model, **kwargs: Any) -> None:
    """Keep in mind what bears a tag while it can still be asked; the documents are renewed when it is gone."""
    touched = TOUCHES[type(instance)].items()
    lookups = {(name, lookup): {instance.pk} for name, lookups in touched for lookup in lookups}
    instance._borne = _subjects(lookups)  # type: ignore[attr-defined]


def _tag_gone(instance: Model, **kwargs: Any) -> None:
    _renew(instance._borne)  # type: ignore[attr-defined]


def connect() -> None:
    """Listen to every signal by which something findable changes.

    The publicity hears of a record first: it moves the pages whose addresses are kept here.
    """
    receivers.connect()
    record_changed.connect(_changed, dispatch_uid="search.record")
    for signal in (page_published, page_unpublished, post_page_move):
        signal.connect(_page_changed, dispatch_uid="search.page")
    for tag in (RecordTag, PublicTag):
        post_save.connect(_saved, sender=tag, dispatch_uid="search.tag")
        pre_delete.connect(_tag_goes, sender=tag, dispatch_uid="search.tag.goes")
        post_delete.connect(_tag_gone, sender=tag, dispatch_uid="search.tag.gone")
    for model in {source.model for source in SOURCES.values()} - {Release}:  # releases are never deleted
        post_delete.connect(_deleted, sender=model, dispatch_uid="search.deleted")
