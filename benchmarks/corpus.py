"""Made-up decisions of several local conferences, the same ones for the same seed, one after the other.

A title has about 17 characters, a body about 290; some eight in ten are resolutions. One in a thousand speaks of
something rare. Who may see a decision is everyone, or a conference and a department.

Key concepts
- `documents(size)`: the decisions. `READER`: somebody who sees most of them.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from benchmarks import vocabulary as words
from search.document import Choice, Document
from search.reader import PUBLIC, Reader

SEED = 20261101
BODY = 275  # characters at which a body is closed with its last sentence
FIRST_DAY, DAYS = date(2010, 1, 1), 16 * 365
KINDS = (Choice("resolution", "议定事项"), Choice("minutes", "会议纪要"), Choice("topic", "议题"))
READER = Reader(frozenset({PUBLIC, *(f"conference:{number}" for number in range(1, len(words.CONFERENCES)))}))


def documents(size: int, *, first: int = 1, seed: int = SEED) -> Iterator[Document]:
    """Yield `size` decisions, the first of them with the number `first`."""
    chance = Random(seed)  # noqa: S311 -- made-up texts, nothing secret
    for number in range(first, first + size):
        yield _document(number, chance)


def _document(number: int, chance: Random) -> Document:
    place = chance.randrange(len(words.PLACES))
    day = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
    lead, other = chance.sample(words.DEPARTMENTS, 2)
    matter = chance.choice(words.MATTERS)
    sign = f"{words.SIGNS[place]}〔{day.year}〕{chance.randrange(1, 200)}号"
    kind = KINDS[0] if chance.random() < 0.8 else chance.choice(KINDS[1:])
    stage = Choice(*chance.choices(words.STAGES, (5, 3, 8, 2, 1))[0])
    everyone = chance.random() < 0.4
    at = chance.choice(("", words.PLACES[place]))
    who = {PUBLIC} if everyone else {f"conference:{place}", f"department:{words.DEPARTMENTS.index(lead)}"}
    return Document(
        key=f"{kind.value}:{number}",
        kind=kind,
        number=number,
        title=f"关于{at}{chance.choice(words.ACTIONS)}{matter}{chance.choice(words.ENDINGS)}",
        texts=tuple(_texts(chance, place, lead, other, matter, day)),
        day=day,
        url=f"/decisions/{number}/" if everyone else "",
        tokens=frozenset(who),
        words=(sign, words.CONFERENCES[place], lead, other),
        facets={
            "conference": (Choice(f"c{place}", words.PLACES[place]),),
            "department": (Choice(lead, lead), Choice(other, other)),
            "stage": (stage,),
            "category": (Choice(*chance.choice(words.CATEGORIES)),),
            "tag": tuple(Choice(tag, tag) for tag in chance.sample(words.TAGS, chance.randrange(3))),
        },
        data={
            "record": number,
            "number": sign,
            "place": words.PLACES[place],
            "who": lead,
            "co": other,
            "when": str(day + timedelta(days=90)),
            "stage": stage.value,
            "word": stage.label,
        },
    )


def _texts(chance: Random, place: int, lead: str, other: str, matter: str, day: date) -> Iterator[str]:
    """Yield the paragraphs of a body: what was the matter, and who is to do what."""
    length = 0
    templates = [chance.choice(words.OPENINGS), *chance.sample(words.ORDERS, len(words.ORDERS))]
    if chance.random() < 0.001:
        yield f"另议：{chance.choice(words.RARE)}事项。"
    paragraph = ""
    for template in templates:
        paragraph += _sentence(template, chance, place, lead, other, matter, day) + "。"
        if chance.random() < 0.4:
            length += len(paragraph)
            yield paragraph
            paragraph = ""
        if length + len(paragraph) >= BODY:
            break
    if paragraph:
        yield paragraph


def _sentence(template: str, chance: Random, place: int, lead: str, other: str, matter: str, day: date) -> str:
    return template.format(
        department=lead,
        other=other,
        place=words.PLACES[place],
        matter=matter if chance.random() < 0.6 else chance.choice(words.MATTERS),
        year=day.year,
        month=chance.randrange(1, 13),
        money=chance.randrange(5, 500),
        sign=words.SIGNS[place],
        number=chance.randrange(1, 200),
        days=chance.randrange(2, 16),
        people=chance.randrange(3, 900),
    )
