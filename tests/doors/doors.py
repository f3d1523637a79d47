"""Doors, how they are tried, and what they answer in the words of `table.md`.

Key concepts
- `addresses()`: the address of every URL of the resolver, in the form that the table writes: `admin/pages/<page_id>/`.
- `Row`: one line of the table. `rows()` reads them; `written_for(address)` finds what stands for an address.
- `concrete(address, parts)`: the address with its parts filled in from an object of the world.
- `answer_of(response)`: what a door answered, in a word.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.admindocs.utils import (
    remove_non_capturing_groups,
    replace_metacharacters,
    replace_named_groups,
)
from django.urls import Resolver404, URLPattern, get_resolver, resolve, reverse

from portal.access_log import was_denied

TABLE = Path(__file__).with_name("table.md")
CONVERTER = re.compile(r"<\w+:(\w+)>")
GROUP = re.compile(r"\([^()]*\)")
LINK = re.compile(r"""href=["'](/admin/[^"'?#]*)""")
FRAME = re.compile(r"<main.*</main>", re.DOTALL)

LOGIN, REFUSED, ABSENT, LEADS, POST_ONLY, FILE = "去登录", "拒绝", "不存在", "转走", "只收", "下载"
OPEN, LOOK, SHUT = "可", "只看", "不开"
MEANS = {SHUT: {REFUSED, ABSENT, POST_ONLY}}  # what the table sums up in one word
CLOSED = {LOGIN, REFUSED, ABSENT, SHUT}
DOING = "做"


@dataclass(frozen=True)
class Row:
    """A line of the table: a door, what it is for, what stands behind it, and the answer to each who tries."""

    address: str
    purpose: str
    about: str
    answers: dict[str, str]

    def __str__(self) -> str:
        return f"{self.address}（{self.about}）"


# --- the table -------------------------------------------------------------------------------------------------------
@cache
def rows() -> tuple[Row, ...]:
    """The lines of the table, under the headings of their columns."""
    found, heading = [], []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split("|")]
        if not line.startswith("|") or set(line) <= set("|-: "):
            continue
        if cells[0] == "地址":
            heading = cells[3:]
            continue
        address, purpose, about, *answers = cells
        known = dict(zip(heading, answers, strict=True))
        found.append(Row(address.strip("`").removeprefix("/"), purpose, about, known))
    return tuple(found)


@cache
def row_addresses() -> frozenset[str]:
    """The addresses of the table, each once."""
    return frozenset(row.address for row in rows())


@cache
def written_for(address: str) -> str:
    """The address in the table that stands for this one: itself, else the closest with a `*`; empty if none."""
    if address in row_addresses():
        return address
    found = [other for other in row_addresses() if "*" in other and fnmatchcase(address, other)]
    return max(found, key=len, default="")


# --- the resolver ----------------------------------------------------------------------------------------------------
def addresses() -> list[str]:
    """Every address of the portal, each once; what one URL hides behind another of the same form is one door."""
    return list(dict.fromkeys(_below(get_resolver())))


def _below(resolver: Any, before: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        here = before + plain(str(one.pattern))
        if isinstance(one, URLPattern):
            yield here
        else:
            yield from _below(one, here)


def plain(pattern: str) -> str:
    """One part of a pattern in the form that the table writes."""
    named = replace_named_groups(remove_non_capturing_groups(CONVERTER.sub(r"<\1>", pattern)))
    return str(replace_metacharacters(GROUP.sub("<var>", named))).replace("\\.", ".")


def concrete(address: str, parts: dict[str, Any]) -> str:
    """The address with its parts filled in."""
    return "/" + re.sub(r"<(\w+)>", lambda match: str(parts[match.group(1)]), address)


# --- what a door answers ---------------------------------------------------------------------------------------------
def answer_of(response: Any) -> str:
    """What a door answered, in a word of the table; a status that the table does not know stands as it is."""
    status = response.status_code
    if status in {301, 302}:
        return _redirect(response)
    if status == 200:
        return _page(response)
    return {403: REFUSED, 404: ABSENT, 405: POST_ONLY}.get(status, str(status))


def _redirect(response: Any) -> str:
    if response["Location"].startswith(reverse("wagtailadmin_login")):
        return LOGIN
    return REFUSED if was_denied(response.wsgi_request, response) else LEADS


def _page(response: Any) -> str:
    if response.get("Content-Disposition", "").startswith("attachment"):
        return FILE
    if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
        return LOOK
    return OPEN if offers(response.content.decode()) else LOOK


def offers(html: str) -> bool:
    """True if a page has a form that does something, or leads to a door for doing something."""
    inner = FRAME.search(html)
    part = inner.group() if inner else html
    return 'method="post"' in part.lower() or any(purpose_of(url) == DOING for url in set(LINK.findall(part)))


@cache
def purpose_of(url: str) -> str:
    """What the door behind a link is for, as the table says."""
    try:
        address = plain(resolve(url).route)
    except Resolver404:
        return ""
    return next((row.purpose for row in rows() if row.address == written_for(address)), "")
