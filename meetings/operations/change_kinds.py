"""The registry of the kinds of acts that a second person confirms.

An act is a kind and its data (JSON). Each kind says who gains by it, where it has to be confirmed, whether it needs a
second person now, what changes in words, and how it is put in force: by the operation that refuses it otherwise.

- `register(kind)`: called by the modules `meetings.operations.changes_of_…`, and by apps of higher layers in
  `AppConfig.ready`.
- `Act(kind, data)`: one act. `kind_of(act)`: its kind.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from meetings.enums import SUPERVISING_ROLES
from meetings.models import Person, Post
from meetings.operations.login import IssuedCode
from meetings.types import StrOrPromise

Data = Mapping[str, Any]
KINDS: dict[str, "ChangeKind"] = {}


@dataclass(frozen=True)
class Act:
    """One act of a request."""

    kind: str
    data: Data

    def as_json(self) -> dict[str, object]:
        """Return the act as it is stored."""
        return {"kind": self.kind, "data": dict(self.data)}


@dataclass(frozen=True)
class ShownPicture:
    """A picture that an act puts in the place of another one, or takes away, as the page of the request shows it."""

    label: StrOrPromise
    title: str
    url: str


def _nobody(data: Data) -> set[int]:
    return set()


def _no_posts(data: Data) -> list[Post]:
    return []


def _no_pictures(data: Data) -> list[ShownPicture]:
    return []


@dataclass(frozen=True, kw_only=True)
class ChangeKind:
    """How acts of one kind are treated.

    - `needs(data, by)`: whether `by` needs a second person for it now.
    - `describe(data)`: what changes, in lines (old → new), read from the database as it is now.
    - `apply(data, by, shown_to)`: puts it in force; `by` is the requester, `shown_to` reads the codes it returns.
    - `conferences(data)`: the conferences that it concerns; None among them means all, no conference means any.
    - `gains(data)`, `touches(data)`, `loses(data)`: the ids of the people who gain rights by it, of those whose
      accounts it touches, and of those who lose a post.
    - `posts(data)`: the posts whose rights somebody gets.
    - `pictures(data)`: what a picture looks like before and after. The data holds the digest of its file.
    """

    key: str
    label: StrOrPromise
    needs: Callable[[Data, Person | None], bool]
    describe: Callable[[Data], list[str]]
    apply: Callable[[Data, Person, Person | None], Iterable[IssuedCode]]
    conferences: Callable[[Data], set[int | None]]
    gains: Callable[[Data], set[int]] = _nobody
    touches: Callable[[Data], set[int]] = _nobody
    loses: Callable[[Data], set[int]] = _nobody
    posts: Callable[[Data], list[Post]] = _no_posts
    pictures: Callable[[Data], list[ShownPicture]] = _no_pictures
    roles: frozenset[str] = SUPERVISING_ROLES


def register(kind: ChangeKind) -> ChangeKind:
    """Register a kind under its key; raise `ValueError` if another one has it."""
    if KINDS.setdefault(kind.key, kind) is not kind:
        raise ValueError(f"two kinds of changes are called {kind.key}")
    return kind


def kind_of(act: Act) -> ChangeKind:
    """Return the kind of an act; KeyError for a kind of an app that is not installed."""
    return KINDS[act.kind]
