"""Writing documents to the embedded index: one statement that reads what it holds, and one for each table written.

Key concepts
- `write(wanted)`: bring the documents of some keys up to date, in the transaction of the caller.
- `Known`: what the index holds of these keys, with the ids of the audiences and facet values that they need.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import connection

from search.document import Choice, Document
from search.engines.filtering import SEPARATOR, WORDS
from search.engines.fulltext import table
from search.models import SearchAudience, SearchDocument, SearchIndex, SearchValue
from search.outbox import Change, leave

# The first column says what a row is; of a facet value it is the name of the facet, which is none of these words.
_DOCUMENT, _AUDIENCE, _INDEX = "document", "audience", "index"
_DOCUMENTS = f"SELECT '{_DOCUMENT}', id, key, checksum, title, body FROM {SearchDocument._meta.db_table} WHERE key"  # noqa: S608 -- as below, of constants
_AUDIENCES = f"SELECT '{_AUDIENCE}', id, tokens, '', '', '' FROM {SearchAudience._meta.db_table} WHERE tokens"  # noqa: S608
_VALUES = f"SELECT name, id, value, label, '', '' FROM {SearchValue._meta.db_table} WHERE value"  # noqa: S608
_FOLLOWED = f"SELECT '{_INDEX}', max(id), '', '', '', '' FROM {SearchIndex._meta.db_table}"  # noqa: S608
_DELETE = f"DELETE FROM {SearchDocument._meta.db_table} WHERE id"  # noqa: S608


class Kept(NamedTuple):
    """A document as the index holds it."""

    pk: int
    checksum: str
    title: str
    body: str


@dataclass
class Known:
    """What the index holds: documents by key, audiences by tokens, facet values; and whether Elasticsearch follows."""

    documents: dict[str, Kept] = field(default_factory=dict)
    audiences: dict[str, int] = field(default_factory=dict)
    values: dict[tuple[str, Choice], int] = field(default_factory=dict)
    followed: bool = False


def write(wanted: Mapping[str, Document | None]) -> None:
    """Keep the document of each key as it is now, or forget it where there is none; leave alone what did not change.

    Belongs into a transaction in which nobody else writes. Takes four statements, and one for each table of new
    audiences or facet values; one where nothing changed.
    """
    documents = [document for document in wanted.values() if document is not None]
    known = _known(wanted.keys(), documents)
    sums = {document.key: document.checksum() for document in documents}
    held = known.documents
    old = {key: kept for key, kept in held.items() if sums.get(key) != kept.checksum}
    fresh = [each for each in documents if each.key not in held or each.key in old]
    if not (old or fresh):
        return
    if old:
        with connection.cursor() as cursor:
            cursor.execute(f"{_DELETE} IN ({_marks(old)})", [kept.pk for kept in old.values()])
    rows = _inserted(fresh, sums, known) if fresh else []
    table().replace(
        [(kept.pk, kept.title, kept.body) for kept in old.values()], [(row.pk, row.title, row.body) for row in rows]
    )
    if known.followed:
        gone = [Change(key, kept.pk, gone=True) for key, kept in old.items()]
        leave([*gone, *(Change(row.key, row.pk, gone=False) for row in rows)])


def _known(keys: Collection[str], documents: Iterable[Document]) -> Known:
    values = {choice.value for document in documents for _name, choice in document.choices()}
    wanted = ((_DOCUMENTS, keys), (_AUDIENCES, {_joined(each.tokens) for each in documents}), (_VALUES, values))
    parts = [f"{select} IN ({_marks(given)})" for select, given in wanted if given]
    known = Known()
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([*parts, _FOLLOWED]), [one for _select, given in wanted for one in given])
        for what, pk, name, second, title, body in cursor.fetchall():
            if what == _DOCUMENT:
                known.documents[name] = Kept(pk, second, title, body)
            elif what == _AUDIENCE:
                known.audiences[name] = pk
            elif what == _INDEX:
                known.followed = pk is not None
            else:
                known.values[what, Choice(name, second)] = pk
    return known


def _inserted(documents: Sequence[Document], checksums: Mapping[str, str], known: Known) -> list[SearchDocument]:
    """Add rows for `documents`, and the audiences and facet values that there are not yet."""
    if new := {_joined(each.tokens) for each in documents} - known.audiences.keys():
        added = SearchAudience.objects.bulk_create(SearchAudience(tokens=tokens) for tokens in sorted(new))
        known.audiences.update((audience.tokens, audience.pk) for audience in added)
    if lacking := {choice for each in documents for choice in each.choices()} - known.values.keys():
        rows = [SearchValue(name=name, value=value, label=label) for name, (value, label) in sorted(lacking)]
        known.values.update(
            ((row.name, Choice(row.value, row.label)), row.pk) for row in SearchValue.objects.bulk_create(rows)
        )
    return SearchDocument.objects.bulk_create(
        SearchDocument(
            key=each.key,
            kind=each.kind.value,
            kind_label=each.kind.label,
            number=each.number,
            day=each.day,
            audience_id=known.audiences[_joined(each.tokens)],
            values=",".join(str(known.values[choice]) for choice in each.choices()),
            url=each.url,
            checksum=checksums[each.key],
            title=_storable(each.title),
            body=_storable(SEPARATOR.join(each.texts) + WORDS + SEPARATOR.join(each.words)),
            data=dict(each.data),
        )
        for each in documents
    )


def _marks(values: Collection[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _storable(text: str) -> str:
    """Return `text` as both databases take it: PostgreSQL stores no NUL, and any other sign is a break as well."""
    return text.replace("\0", "\ufffd")


def _joined(tokens: Iterable[str]) -> str:
    return " ".join(sorted(tokens))
