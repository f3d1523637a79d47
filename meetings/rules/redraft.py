"""Three-way merge of minutes: the last generated text, the edited text, and the text generated now.

- `blocks(html)`: the paragraphs, headings and lists of a rich text, each with a key for comparison.
- `compare(base, edited, new)`: the merged text as a list of `Piece`s; for some of them the clerk has to choose.
- `compose(pieces, choices)`: the rich text that results from the choices. Text that a person wrote is never removed
  without a choice.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from bs4 import BeautifulSoup, Tag

from meetings.rules.hashing import digest

KEEP, NEW, BOTH = "keep", "new", "both"
MIN_SIMILARITY = 0.5  # paragraphs at least this similar count as one changed paragraph
HEADINGS = ("h2", "h3")


@dataclass(frozen=True)
class Block:
    """A paragraph, heading or list: its HTML, its plain text, and a key without attributes added by an editor."""

    html: str
    key: str
    text: str
    tag: str = "p"


@dataclass(frozen=True)
class Piece:
    """A position in the text: the edited block, the newly generated block, and who changed the base.

    `by_hand`: a person changed it. `by_machine`: the generated text changed.
    """

    edited: Block | None
    new: Block | None
    by_hand: bool = False
    by_machine: bool = False

    @property
    def needs_choice(self) -> bool:
        """Return whether the clerk has to choose."""
        return (self.edited and self.edited.key) != (self.new and self.new.key) and (self.by_hand or self.by_machine)

    @property
    def name(self) -> str:
        """A key derived from both blocks, so that it is stable when other pieces change."""
        return digest([self.edited and self.edited.key, self.new and self.new.key])[:16]

    @property
    def default_choice(self) -> str:
        """The default choice, which keeps text that a person wrote."""
        return KEEP if self.by_hand else NEW

    @property
    def choices(self) -> tuple[str, ...]:
        """The possible choices; `BOTH` only if the person and the generator both changed the block."""
        return (KEEP, NEW, BOTH) if self.edited and self.new and self.by_hand and self.by_machine else (KEEP, NEW)

    def chosen(self, choice: str) -> Iterator[Block]:
        """Yield the blocks that remain with this choice."""
        if self.edited is not None and choice != NEW:
            yield self.edited
        if self.new is not None and choice != KEEP:
            yield self.new


def blocks(html: str) -> list[Block]:
    """Return the top-level blocks of a rich text; text outside tags becomes a paragraph, empty blocks stay."""
    found = []
    for node in BeautifulSoup(html, "html.parser").contents:
        text = _text(node) if isinstance(node, Tag) else str(node).strip()
        if isinstance(node, Tag):
            found.append(Block(str(node), _key(node), text, node.name))
        elif text:
            found.append(Block(f"<p>{node}</p>", f"<p>{text}</p>", text))
    return found


def _text(node: Tag) -> str:
    items = node.find_all("li")
    texts = [point.get_text() for point in items] if items else [node.get_text()]
    return "\n".join(" ".join(text.split()) for text in texts)


def _key(node: Tag) -> str:
    """Return the HTML without attributes, with `b` for `strong` and with normalised white space."""
    plain = re.sub(r"<(/?)([a-z0-9]+)[^>]*>", r"<\1\2>", str(node)).replace("strong>", "b>")
    return re.sub(r"> +<", "><", " ".join(plain.replace("\xa0", " ").split()))


Pair = tuple[int | None, int | None]


def align(one: Sequence[Block], other: Sequence[Block]) -> list[Pair]:
    """Pair the indexes of corresponding blocks of two texts, in order; None where a block has no counterpart."""
    matcher = SequenceMatcher(None, [b.key for b in one], [b.key for b in other], autojunk=False)
    pairs: list[Pair] = []
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            pairs += zip(range(i1, i2), range(j1, j2), strict=True)
        else:
            pairs += _match(one, other, range(i1, i2), range(j1, j2))
    return pairs


def _match(one: Sequence[Block], other: Sequence[Block], left: range, right: range) -> Iterator[Pair]:
    """Pair similar blocks of a changed range, in order."""
    remaining = iter(left)
    position = right.start
    for i in remaining:
        match = next((j for j in range(position, right.stop) if _similar(one[i], other[j])), None)
        if match is None:
            yield i, None
            continue
        yield from ((None, j) for j in range(position, match))
        yield i, match
        position = match + 1
    yield from ((None, j) for j in range(position, right.stop))


def _similar(one: Block, other: Block) -> bool:
    if one.tag != other.tag or not one.text or not other.text:
        return one.key == other.key
    matcher = SequenceMatcher(None, one.text, other.text, autojunk=False)
    return matcher.quick_ratio() >= MIN_SIMILARITY and matcher.ratio() >= MIN_SIMILARITY


@dataclass
class _Side:
    """One text compared with the base: the successor of each base block, and the blocks inserted before it."""

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


def compare(base: Sequence[Block], edited: Sequence[Block], new: Sequence[Block]) -> list[Piece]:
    """Merge both texts into pieces; without a base every difference counts as changed by a person."""
    hand, machine = _side(base, edited), _side(base, new)
    pieces: list[Piece] = []
    for i in range(len(base) + 1):
        pieces += _insertions(hand.before.get(i, []), machine.before.get(i, []), known=bool(base))
        if i < len(base):
            left, right = hand.became.get(i), machine.became.get(i)
            by_hand = (left and left.key) != base[i].key
            by_machine = (right and right.key) != base[i].key
            if left or right:
                pieces.append(Piece(left, right, by_hand=by_hand, by_machine=by_machine))
    return pieces


def _insertions(edited: Sequence[Block], new: Sequence[Block], *, known: bool) -> Iterator[Piece]:
    """Yield the pieces inserted at one position; a block inserted only by a person stays without a choice."""
    for i, j in align(edited, new):
        left = None if i is None else edited[i]
        right = None if j is None else new[j]
        if right is None:
            yield Piece(left, None)
        else:
            yield Piece(left, right, by_hand=left is not None or not known, by_machine=True)


def compose(pieces: Iterable[Piece], choices: Mapping[str, str]) -> str:
    """Return the rich text that results from the choices; `KeyError` if one is missing."""
    chosen = (block for piece in pieces for block in piece.chosen(choices[piece.name] if piece.needs_choice else KEEP))
    return "".join(block.html for block in chosen)


def highlight(text: str, other: str) -> list[tuple[bool, str]]:
    """Split the text into runs, each with a flag that is True if the other text lacks it."""
    matcher = SequenceMatcher(None, text, other, autojunk=False)
    return [(kind != "equal", text[i1:i2]) for kind, i1, i2, _j1, _j2 in matcher.get_opcodes() if i2 > i1]
