"""Minutes drafted again: what the machine wrote last, what a hand made of it, and what the machine would write now.

Key concepts
- `blocks(html)`: the paragraphs, headings and lists of a rich text, each with a key that tells equal ones.
- `compare(base, mine, new)`: the new text as `Piece`s: what stays, and what the clerk chooses.
- `compose(pieces, choices)`: the text that the choices make. Nothing that a hand wrote goes without being chosen.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from bs4 import BeautifulSoup, Tag

from meetings.rules.hashing import digest

KEEP, NEW, BOTH = "keep", "new", "both"
ALIKE = 0.5  # from here on two paragraphs count as one that was changed
HEADINGS = ("h2", "h3")


@dataclass(frozen=True)
class Block:
    """A paragraph, heading or list: its HTML, its plain text, and a key without what an editor adds."""

    html: str
    key: str
    text: str
    tag: str = "p"


@dataclass(frozen=True)
class Piece:
    """A place of the text: what a hand has there, what the machine would write, and whether each changed it."""

    mine: Block | None
    new: Block | None
    by_hand: bool = False
    by_machine: bool = False

    @property
    def open(self) -> bool:
        """True if there is something to choose."""
        return (self.mine and self.mine.key) != (self.new and self.new.key) and (self.by_hand or self.by_machine)

    @property
    def name(self) -> str:
        """The same for the same choice, whatever changes elsewhere."""
        return digest([self.mine and self.mine.key, self.new and self.new.key])[:16]

    @property
    def preset(self) -> str:
        """What is chosen unless somebody chooses otherwise: a hand's work stays."""
        return KEEP if self.by_hand else NEW

    @property
    def choices(self) -> tuple[str, ...]:
        """What can be chosen; both only where hand and machine each have something to say."""
        return (KEEP, NEW, BOTH) if self.mine and self.new and self.by_hand and self.by_machine else (KEEP, NEW)

    def chosen(self, choice: str) -> Iterator[Block]:
        """The blocks that a choice leaves here."""
        if self.mine is not None and choice != NEW:
            yield self.mine
        if self.new is not None and choice != KEEP:
            yield self.new


def blocks(html: str) -> list[Block]:
    """The top-level blocks of a rich text in order; loose text counts as a paragraph, empty ones stay."""
    found = []
    for node in BeautifulSoup(html, "html.parser").contents:
        text = _text(node) if isinstance(node, Tag) else str(node).strip()
        if isinstance(node, Tag):
            found.append(Block(str(node), _key(node), text, node.name))
        elif text:
            found.append(Block(f"<p>{node}</p>", f"<p>{text}</p>", text))
    return found


def _text(node: Tag) -> str:
    points = node.find_all("li")
    texts = [point.get_text() for point in points] if points else [node.get_text()]
    return "\n".join(" ".join(text.split()) for text in texts)


def _key(node: Tag) -> str:
    """The block without the attributes that an editor adds, one name for each kind of emphasis, one kind of space."""
    plain = re.sub(r"<(/?)([a-z0-9]+)[^>]*>", r"<\1\2>", str(node)).replace("strong>", "b>")
    return re.sub(r"> +<", "><", " ".join(plain.replace("\xa0", " ").split()))


Pair = tuple[int | None, int | None]


def align(one: Sequence[Block], other: Sequence[Block]) -> list[Pair]:
    """Which block of one text became which of the other; None where it has no counterpart. In the order of both."""
    matcher = SequenceMatcher(None, [b.key for b in one], [b.key for b in other], autojunk=False)
    pairs: list[Pair] = []
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            pairs += zip(range(i1, i2), range(j1, j2), strict=True)
        else:
            pairs += _match(one, other, range(i1, i2), range(j1, j2))
    return pairs


def _match(one: Sequence[Block], other: Sequence[Block], left: range, right: range) -> Iterator[Pair]:
    """Pair the blocks of a changed stretch by likeness, in order."""
    free = iter(left)
    position = right.start
    for i in free:
        match = next((j for j in range(position, right.stop) if _alike(one[i], other[j])), None)
        if match is None:
            yield i, None
            continue
        yield from ((None, j) for j in range(position, match))
        yield i, match
        position = match + 1
    yield from ((None, j) for j in range(position, right.stop))


def _alike(one: Block, other: Block) -> bool:
    if one.tag != other.tag or not one.text or not other.text:
        return one.key == other.key
    matcher = SequenceMatcher(None, one.text, other.text, autojunk=False)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


@dataclass
class _Side:
    """One text beside the base: what became of each base block, and what was put in before it."""

    became: dict[int, Block]
    before: dict[int, list[Block]]


def _side(base: Sequence[Block], other: Sequence[Block]) -> _Side:
    side, at = _Side({}, {}), 0
    for i, j in align(base, other):
        if i is None:
            side.before.setdefault(at, []).append(other[j or 0])
            continue
        at = i + 1
        if j is not None:
            side.became[i] = other[j]
    return side


def compare(base: Sequence[Block], mine: Sequence[Block], new: Sequence[Block]) -> list[Piece]:
    """The text place by place. Without a base nothing tells hand and machine apart: everything counts as a hand's."""
    hand, machine = _side(base, mine), _side(base, new)
    pieces: list[Piece] = []
    for i in range(len(base) + 1):
        pieces += _put_in(hand.before.get(i, []), machine.before.get(i, []), known=bool(base))
        if i < len(base):
            left, right = hand.became.get(i), machine.became.get(i)
            by_hand = (left and left.key) != base[i].key
            by_machine = (right and right.key) != base[i].key
            if left or right:
                pieces.append(Piece(left, right, by_hand=by_hand, by_machine=by_machine))
    return pieces


def _put_in(mine: Sequence[Block], new: Sequence[Block], *, known: bool) -> Iterator[Piece]:
    """What each put in at one place. What a hand alone put in stays, without a question."""
    for i, j in align(mine, new):
        left = None if i is None else mine[i]
        right = None if j is None else new[j]
        if right is None:
            yield Piece(left, None)
        else:
            yield Piece(left, right, by_hand=left is not None or not known, by_machine=True)


def compose(pieces: Iterable[Piece], choices: Mapping[str, str]) -> str:
    """The rich text that the choices make; `KeyError` where one is missing."""
    chosen = (block for piece in pieces for block in piece.chosen(choices[piece.name] if piece.open else KEEP))
    return "".join(block.html for block in chosen)


def marked(text: str, other: str) -> list[tuple[bool, str]]:
    """The text in runs, each with whether the other text lacks it."""
    matcher = SequenceMatcher(None, text, other, autojunk=False)
    return [(kind != "equal", text[i1:i2]) for kind, i1, i2, _j1, _j2 in matcher.get_opcodes() if i2 > i1]
