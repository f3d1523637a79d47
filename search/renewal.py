"""Keeps the index in step: whoever changes something tells it here, in the same transaction.

A step of the records changes several rows; the documents that they are in are renewed once, at its end.

Records and releases tell it by `meetings.signals.record_changed`, pages by Wagtail's signals, tags by Django's. What a
document is made of lies in several models; `TOUCHES` says which documents a changed row is in.

Key concepts
- `TOUCHES`: for a changed model, the sources whose documents it is in, each with the lookup that leads to it.
- `renew(changed)`: renew those documents; those whose subject is no longer found are taken out.
- `renew_all(rows)`: renew the documents of several changed rows, each once.
- `resting()`: for a load of many changes: nothing is renewed meanwhile (see `search.upkeep.filled_afterwards`).
- `connect()`: listen.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

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
from meetings.writing import at_end, writing
from publicity import receivers
from publicity.models import Article, OutcomePage, PublicTag, Release
from search.engines import engine
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

_resting: ContextVar[bool] = ContextVar("resting", default=False)


@contextmanager
def resting() -> Iterator[None]:
    """Renew nothing inside; whoever asks for it rebuilds the index afterwards."""
    token = _resting.set(True)
    try:
        yield
    finally:
        _resting.reset(token)


def renew(changed: Model) -> None:
    """Renew every document that `changed` is in, when its step ends. A model that is in none is ignored."""
    if type(changed) in TOUCHES and not _resting.get():
        at_end(renew_all, changed)


def renew_all(rows: Collection[Model]) -> None:
    """Renew every document that any of `rows` is in, once. Runs in one transaction."""
    changed: defaultdict[type[Model], set[int]] = defaultdict(set)
    for row in rows:
        changed[type(row)].add(row.pk)
    found: defaultdict[str, set[int]] = defaultdict(set)
    with writing():
        for model, pks in changed.items():
            for name, lookups in TOUCHES[model].items():
                found[name].update(pk for lookup in lookups for pk in SOURCES[name].subjects(lookup, pks))
        if JointConference in changed:  # an article knows its conference by its place in the tree alone
            found["news"].update(SOURCES["news"].model._default_manager.values_list("pk", flat=True))
        for name, subjects in found.items():
            renew_subjects(SOURCES[name], subjects)


def renew_subjects(source: Source, subjects: Collection[int]) -> None:
    """Bring the documents of these subjects up to date, or take them out."""
    if subjects:
        documents = list(source.documents(subjects))
        engine().index(documents)
        engine().delete({source.key(pk) for pk in subjects} - {document.key for document in documents})


def _changed(record: Model, **kwargs: Any) -> None:
    renew(record)


def _page_changed(instance: Page, **kwargs: Any) -> None:
    renew(instance.specific)


def _saved(instance: Model, created: bool, **kwargs: Any) -> None:
    if not created:
        renew(instance)


def _deleted(instance: Model, **kwargs: Any) -> None:
    engine().delete(source.key(instance.pk) for source in SOURCES.values() if isinstance(instance, source.model))


def _tag_goes(instance: Model, **kwargs: Any) -> None:
    """Keep in mind what bears a tag while it can still be asked; the documents are renewed when it is gone."""
    touched = TOUCHES[type(instance)]
    instance._borne = {  # type: ignore[attr-defined]
        name: {pk for lookup in lookups for pk in SOURCES[name].subjects(lookup, {instance.pk})}
        for name, lookups in touched.items()
    }


def _tag_gone(instance: Model, **kwargs: Any) -> None:
    for name, subjects in instance._borne.items():  # type: ignore[attr-defined]
        renew_subjects(SOURCES[name], subjects)


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
