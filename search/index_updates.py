"""Keeps the embedded index up to date, in the transaction of each change.

An operation on records changes several rows. Their documents are updated once, at the end of the operation.

Changes arrive by signals: `meetings.signals.record_changed` for records and releases, Wagtail's signals for pages,
Django's for tags. A document contains data of several models; `DEPENDENT_DOCUMENTS` lists the documents that contain
data of a model.

- `DEPENDENT_DOCUMENTS`: for each model, the sources whose documents contain its data, with the lookups from the
  source's model to it.
- `UNAFFECTED`: sources whose documents do not change when a given verb changes a model.
- `update_index(changed)`: update the documents that contain data of a row. Documents that their source no longer covers
  are deleted.
- `update_documents(changes)`: the same for several rows, each document once.
- `updates_paused()`: no updates inside, for bulk loads (see `search.index_maintenance.rebuilt_at_end`).
- `connect()`: connect the signal receivers.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import NamedTuple

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
from meetings.write_lock import run_at_end, write_transaction
from publicity import receivers
from publicity.models import Article, OutcomePage, PublicDecision, PublicTag
from search.engines.selection import engine
from search.sources import SOURCES, Source

DEPENDENT_DOCUMENTS: dict[type[Model], dict[str, tuple[str, ...]]] = {
    Topic: {"topic": ("pk",)},
    Opinion: {"topic": ("opinions",)},
    TopicCategory: {"topic": ("category",)},
    Regulation: {"topic": ("category__regulation",)},
    Meeting: {
        "minutes": ("meeting",),
        "resolution": ("minutes__meeting",),
        "explanation": ("meeting",),
    },
    Minutes: {
        "minutes": ("pk", "corrections"),
        "resolution": ("minutes",),
        "report": ("part__resolution__minutes",),
        "explanation": ("resolution__minutes",),
    },
    # Public documents contain releases and pages only; a release is announced as a change of its resolution.
    Resolution: {
        "resolution": ("pk",),
        "explanation": ("resolution",),
        "report": ("part__resolution",),
        "release": ("pk",),
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
    PublicDecision: {"release": ("pk",), "outcome": ("items__resolution",)},
    OutcomePage: {"outcome": ("pk",)},
    Article: {"news": ("pk",)},
    PublicTag: {"news": ("tags",)},
}

# Verbs of the follow-up change the state of a resolution and record reasons and dates. Documents of reports do not
# contain these, and public documents contain released values only.
_FOLLOW_UP_VERBS = (
    *("assign", "report", "report_part_done", "report_done", "verify", "return", "accept_report", "send_back_report"),
    *("deliver", "suspend", "agree_suspension", "decline_suspension", "resume"),
)
# A verb without an entry updates every dependent document of its record.
UNAFFECTED: dict[tuple[type[Model], str], set[str]] = {
    **{(Resolution, verb): {"report", "release", "outcome"} for verb in _FOLLOW_UP_VERBS},
    **{(Resolution, verb): {"report", "explanation"} for verb in ("release", "withdraw")},
    # Before minutes are issued, these verbs change their state only, which no other document contains.
    **{(Minutes, verb): DEPENDENT_DOCUMENTS[Minutes].keys() - {"minutes"} for verb in ("send", "approve", "return")},
}

_updates_paused: ContextVar[bool] = ContextVar("updates_paused", default=False)


@contextmanager
def updates_paused() -> Iterator[None]:
    """Skip all updates inside. The caller must rebuild the index afterwards."""
    token = _updates_paused.set(True)
    try:
        yield
    finally:
        _updates_paused.reset(token)


class ChangedRow(NamedTuple):
    """A changed row, and the verb that changed it if known."""

    model: type[Model]
    pk: int
    action: str = ""


def update_index(changed: Model, action: str = "") -> None:
    """Update every document that contains data of `changed`, at the end of the operation.

    Models without documents are ignored. `action` is the verb of an operation; without it, all documents that could
    contain data of the row are updated.
    """
    if type(changed) in DEPENDENT_DOCUMENTS and not _updates_paused.get():
        run_at_end(update_documents, ChangedRow(type(changed), changed.pk, action))


def update_documents(changes: Collection[ChangedRow]) -> None:
    """Update every document that contains data of any of the changed rows, once. Runs in one transaction."""
    lookups: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for model, pk, action in changes:
        for name in DEPENDENT_DOCUMENTS[model].keys() - UNAFFECTED.get((model, action), ()):
            for lookup in DEPENDENT_DOCUMENTS[model][name]:
                lookups[name, lookup].add(pk)
    with write_transaction(savepoint=False):
        found = _subjects(lookups)
        if any(model is JointConference for model, *_ in changes):
            # An article is linked to its conference by its position in the page tree only.
            found["news"].update(SOURCES["news"].model._default_manager.values_list("pk", flat=True))
        _update_documents(found)


def update_subjects(source: Source, subjects: Collection[int]) -> None:
    """Update the documents of these subjects, or delete them if their source no longer covers them."""
    _update_documents({source.name: subjects})


def _subjects(lookups: Mapping[tuple[str, str], Collection[int]]) -> defaultdict[str, set[int]]:
    """Return, by name of the source, the subjects that the lookups join to these rows. Takes one query."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    joined: list[str] = []
    params: list[int] = []
    for (name, lookup), pks in lookups.items():
        if lookup == SOURCES[name].subject:
            found[name].update(pks)
        else:
            before, after = _join_sql(name, lookup)
            placeholders = ", ".join(["%s"] * len(pks))
            joined.append(f"SELECT '{name}', found.* FROM ({before} ({placeholders}){after}) found")  # noqa: S608
            params += pks
    if joined:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ".join(joined), params)
            for name, subject in cursor.fetchall():
                found[name].add(subject)
    return found


@cache
def _join_sql(name: str, lookup: str) -> tuple[str, str]:
    return SOURCES[name].join_sql(lookup)


def _update_documents(found: Mapping[str, Collection[int]]) -> None:
    """Update or delete the documents of these subjects in one call of the engine."""
    if not any(found.values()):
        return
    documents = [each for name in SOURCES if found.get(name) for each in SOURCES[name].documents(sorted(found[name]))]
    keys = {SOURCES[name].key(subject) for name, subjects in found.items() for subject in subjects}
    engine().index(documents, gone=sorted(keys - {document.key for document in documents}))


def _record_changed(record: Model, action: str, **kwargs: object) -> None:
    update_index(record, action)


def _page_changed(instance: Page, **kwargs: object) -> None:
    update_index(instance.specific)


def _tag_saved(instance: Model, created: bool, **kwargs: object) -> None:
    if not created:
        update_index(instance)


def _row_deleted(instance: Model, **kwargs: object) -> None:
    engine().delete(source.key(instance.pk) for source in SOURCES.values() if isinstance(instance, source.model))


def _before_tag_delete(instance: Model, **kwargs: object) -> None:
    """Remember which subjects have the tag while it exists. Their documents are updated after the deletion."""
    touched = DEPENDENT_DOCUMENTS[type(instance)].items()
    lookups = {(name, lookup): {instance.pk} for name, lookups in touched for lookup in lookups}
    instance._tagged_subjects = _subjects(lookups)  # type: ignore[attr-defined]


def _after_tag_delete(instance: Model, **kwargs: object) -> None:
    _update_documents(instance._tagged_subjects)  # type: ignore[attr-defined]


def connect() -> None:
    """Connect the signal receivers.

    The receivers of `publicity` come first: they move pages when a record changes, and documents contain the pages'
    URLs.
    """
    receivers.connect()
    record_changed.connect(_record_changed, dispatch_uid="search.record")
    for signal in (page_published, page_unpublished, post_page_move):
        signal.connect(_page_changed, dispatch_uid="search.page")
    for tag in (RecordTag, PublicTag):
        post_save.connect(_tag_saved, sender=tag, dispatch_uid="search.tag")
        pre_delete.connect(_before_tag_delete, sender=tag, dispatch_uid="search.tag.goes")
        post_delete.connect(_after_tag_delete, sender=tag, dispatch_uid="search.tag.gone")
    for model in {source.model for source in SOURCES.values()} - {PublicDecision}:  # its resolution is announced
        post_delete.connect(_row_deleted, sender=model, dispatch_uid="search.deleted")
