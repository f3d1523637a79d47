"""Writes documents to the embedded index: one statement reads its state, and one writes each table.

- `write(wanted)`: update the documents of some keys, in the transaction of the caller.
- `StoredState`: the index content for these keys, with the ids of the audiences and facet values that they need.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import connection

from search.document import Choice, Document
from search.engines.filtering import KEYWORDS_SEPARATOR, TEXT_SEPARATOR
from search.engines.fulltext import table
from search.engines.tokens import Text, marks_of
from search.models import SearchAudience, SearchDocument, SearchIndex, SearchValue
from search.outbox import Change, record_changes

# The first column is the kind of row. For a facet value it is the facet's name, which equals none of these.
_DOCUMENT, _AUDIENCE, _INDEX = "document", "audience", "index"
_DOCUMENTS = f"SELECT '{_DOCUMENT}', id, key, checksum, title, body FROM {SearchDocument._meta.db_table} WHERE key"  # noqa: S608 -- as below, of constants
_AUDIENCES = f"SELECT '{_AUDIENCE}', id, tokens, '', '', '' FROM {SearchAudience._meta.db_table} WHERE tokens"  # noqa: S608
_VALUES = f"SELECT name, id, value, label, '', '' FROM {SearchValue._meta.db_table} WHERE value"  # noqa: S608
_OUTBOX_ENABLED = f"SELECT '{_INDEX}', max(id), '', '', '', '' FROM {SearchIndex._meta.db_table}"  # noqa: S608
_DELETE = f"DELETE FROM {SearchDocument._meta.db_table} WHERE id"  # noqa: S608


class StoredDocument(NamedTuple):
    """A document as the index stores it."""

    pk: int
    checksum: str
    title: str
    body: str


@dataclass
class StoredState:
    """Stored documents by key, audiences by tokens, facet values; and whether changes go to the outbox."""

    documents: dict[str, StoredDocument] = field(default_factory=dict)
    audiences: dict[str, int] = field(default_factory=dict)
    values: dict[tuple[str, Choice], int] = field(default_factory=dict)
    outbox_enabled: bool = False


def write(wanted: Mapping[str, Document | None]) -> None:
    """Store the document of each key, or delete it if it is None. Unchanged documents are not written.

    Call it in a transaction with the write lock. Takes four statements, plus one each for new audiences and new facet
    values; one if nothing changed.
    """
    documents = [document for document in wanted.values() if document is not None]
    state = _read_state(wanted.keys(), documents)
    checksums = {document.key: document.checksum() for document in documents}
    stored = state.documents
    replaced = {key: document for key, document in stored.items() if checksums.get(key) != document.checksum}
    new_documents = [each for each in documents if each.key not in stored or each.key in replaced]
    if not (replaced or new_documents):
        return
    if replaced:
        with connection.cursor() as cursor:
            cursor.execute(f"{_DELETE} IN ({_placeholders(replaced)})", [document.pk for document in replaced.values()])
    rows = _insert(new_documents, checksums, state) if new_documents else []
    table().replace(
        [Text(document.pk, document.title, document.body) for document in replaced.values()],
        [
            Text(row.pk, row.title, row.body, marks_of(row.kind, each.tokens))
            for row, each in zip(rows, new_documents, strict=True)
        ],
    )
    if state.outbox_enabled:
        gone = [Change(key, document.pk, gone=True) for key, document in replaced.items()]
        record_changes([*gone, *(Change(row.key, row.pk, gone=False) for row in rows)])


def _read_state(keys: Collection[str], documents: Iterable[Document]) -> StoredState:
    values = {choice.value for document in documents for _name, choice in document.choices()}
    wanted = ((_DOCUMENTS, keys), (_AUDIENCES, {_joined_tokens(each.tokens) for each in documents}), (_VALUES, values))
    parts = [f"{select} IN ({_placeholders(given)})" for select, given in wanted if given]
    state = StoredState()
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join([*parts, _OUTBOX_ENABLED]), [one for _select, given in wanted for one in given]
        )
        for what, pk, name, second, title, body in cursor.fetchall():
            if what == _DOCUMENT:
                state.documents[name] = StoredDocument(pk, second, title, body)
            elif what == _AUDIENCE:
                state.audiences[name] = pk
            elif what == _INDEX:
                state.outbox_enabled = pk is not None
            else:
                state.values[what, Choice(name, second)] = pk
    return state


def _insert(documents: Sequence[Document], checksums: Mapping[str, str], state: StoredState) -> list[SearchDocument]:
    """Insert rows for `documents`, and the audiences and facet values that do not exist yet."""
    if new := {_joined_tokens(each.tokens) for each in documents} - state.audiences.keys():
        added = SearchAudience.objects.bulk_create(SearchAudience(tokens=tokens) for tokens in sorted(new))
        state.audiences.update((audience.tokens, audience.pk) for audience in added)
    if missing := {choice for each in documents for choice in each.choices()} - state.values.keys():
        rows = [SearchValue(name=name, value=value, label=label) for name, (value, label) in sorted(missing)]
        state.values.update(
            ((row.name, Choice(row.value, row.label)), row.pk) for row in SearchValue.objects.bulk_create(rows)
        )
    return SearchDocument.objects.bulk_create(
        SearchDocument(
            key=each.key,
            kind=each.kind.value,
            kind_label=each.kind.label,
            number=each.number,
            day=each.day,
            audience_id=state.audiences[_joined_tokens(each.tokens)],
            values=",".join(str(state.values[choice]) for choice in each.choices()),
            url=each.url,
            checksum=checksums[each.key],
            title=_storable(each.title),
            body=_storable(TEXT_SEPARATOR.join(each.texts) + KEYWORDS_SEPARATOR + TEXT_SEPARATOR.join(each.keywords)),
            data=dict(each.data),
        )
        for each in documents
    )


def _placeholders(values: Collection[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _storable(text: str) -> str:
    """Return `text` as both databases accept it. PostgreSQL stores no NUL; the replacement is a break as well."""
    return text.replace("\0", "\ufffd")


def _joined_tokens(tokens: Iterable[str]) -> str:
    return " ".join(sorted(tokens))
