"""Generate made-up decisions of several local conferences; the same seed gives the same decisions.

A title has about 17 characters, a body about 290; about 80 % are resolutions. One decision in a thousand contains a
rare term. A decision is visible to everyone, or to one conference and one department.

- `documents(size)`: the decisions.
- `READER`: a reader who sees most of them.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from benchmarks import vocabulary
from search.document import Choice, Document
from search.reader import PUBLIC, Reader

SEED = 20261101
BODY = 275  # from this number of characters on, a body ends with the current sentence
FIRST_DAY, DAYS = date(2010, 1, 1), 16 * 365
KINDS = (Choice("resolution", "议定事项"), Choice("minutes", "会议纪要"), Choice("topic", "议题"))
READER = Reader(frozenset({PUBLIC, *(f"conference:{number}" for number in range(1, len(vocabulary.CONFERENCES)))}))


def documents(size: int, *, first: int = 1, seed: int = SEED) -> Iterator[Document]:
    """Yield `size` decisions, numbered from `first`."""
    rng = Random(seed)  # noqa: S311 -- made-up texts, nothing secret
    for number in range(first, first + size):
        yield _document(number, rng)


def _document(number: int, rng: Random) -> Document:
    place = rng.randrange(len(vocabulary.PLACES))
    day = FIRST_DAY + timedelta(days=rng.randrange(DAYS))
    lead, other = rng.sample(vocabulary.DEPARTMENTS, 2)
    matter = rng.choice(vocabulary.MATTERS)
    sign = f"{vocabulary.SIGNS[place]}〔{day.year}〕{rng.randrange(1, 200)}号"
    kind = KINDS[0] if rng.random() < 0.8 else rng.choice(KINDS[1:])
    stage = Choice(*rng.choices(vocabulary.STAGES, (5, 3, 8, 2, 1))[0])
    is_public = rng.random() < 0.4
    place_prefix = rng.choice(("", vocabulary.PLACES[place]))
    visible_to = {PUBLIC} if is_public else {f"conference:{place}", f"department:{vocabulary.DEPARTMENTS.index(lead)}"}
    return Document(
        key=f"{kind.value}:{number}",
        kind=kind,
        number=number,
        title=f"关于{place_prefix}{rng.choice(vocabulary.ACTIONS)}{matter}{rng.choice(vocabulary.ENDINGS)}",
        texts=tuple(_texts(rng, place, lead, other, matter, day)),
        day=day,
        url=f"/decisions/{number}/" if is_public else "",
        tokens=frozenset(visible_to),
        keywords=(sign, vocabulary.CONFERENCES[place], lead, other),
        facets={
            "conference": (Choice(f"c{place}", vocabulary.PLACES[place]),),
            "department": (Choice(lead, lead), Choice(other, other)),
            "stage": (stage,),
            "category": (Choice(*rng.choice(vocabulary.CATEGORIES)),),
            "tag": tuple(Choice(tag, tag) for tag in rng.sample(vocabulary.TAGS, rng.randrange(3))),
        },
        data={
            "record": number,
            "number": sign,
            "place": vocabulary.PLACES[place],
            "who": lead,
            "co": other,
            "when": str(day + timedelta(days=90)),
            "stage": stage.value,
            "word": stage.label,
        },
    )


def _texts(rng: Random, place: int, lead: str, other: str, matter: str, day: date) -> Iterator[str]:
    """Yield the paragraphs of a body: the subject, and what which department has to do."""
    length = 0
    templates = [rng.choice(vocabulary.OPENINGS), *rng.sample(vocabulary.ORDERS, len(vocabulary.ORDERS))]
    if rng.random() < 0.001:
        yield f"另议：{rng.choice(vocabulary.RARE)}事项。"
    paragraph = ""
    for template in templates:
        paragraph += _sentence(template, rng, place, lead, other, matter, day) + "。"
        if rng.random() < 0.4:
            length += len(paragraph)
            yield paragraph
            paragraph = ""
        if length + len(paragraph) >= BODY:
            break
    if paragraph:
        yield paragraph


def _sentence(template: str, rng: Random, place: int, lead: str, other: str, matter: str, day: date) -> str:
    return template.format(
        department=lead,
        other=other,
        place=vocabulary.PLACES[place],
        matter=matter if rng.random() < 0.6 else rng.choice(vocabulary.MATTERS),
        year=day.year,
        month=rng.randrange(1, 13),
        money=rng.randrange(5, 500),
        sign=vocabulary.SIGNS[place],
        number=rng.randrange(1, 200),
        days=rng.randrange(2, 16),
        people=rng.randrange(3, 900),
    )
