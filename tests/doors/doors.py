"""Entry points of the portal, and the access table `table.md` of their answers to each role.

- `addresses()`: the URL patterns of the resolver, in the notation of the table: `admin/pages/<page_id>/`.
- `Row`: a row of the table. `rows()` reads them; `row_address_for(address)` finds the row that covers an address.
- `concrete(address, parts)`: an address with its parameters filled in.
- `answer_of(response)`: the answer of an entry point, as a term of the table.
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
MAIN_ELEMENT = re.compile(r"<main.*</main>", re.DOTALL)

LOGIN, REFUSED, NOT_FOUND, REDIRECTED, POST_ONLY, DOWNLOAD = "去登录", "拒绝", "不存在", "转走", "只收", "下载"
ACTIONS, READ_ONLY, NO_ACCESS = "可", "只看", "不开"
ANSWER_GROUPS = {NO_ACCESS: {REFUSED, NOT_FOUND, POST_ONLY}}  # one term of the table for several answers
NO_ACCESS_ANSWERS = {LOGIN, REFUSED, NOT_FOUND, NO_ACCESS}
ACTION_PURPOSE = "做"


@dataclass(frozen=True)
class Row:
    """A row of the table: an entry point, its purpose, the object it is about, and the answer to each role."""

    address: str
    purpose: str
    object_name: str
    answers: dict[str, str]

    def __str__(self) -> str:
        return f"{self.address}（{self.object_name}）"


# --- the table -------------------------------------------------------------------------------------------------------
@cache
def rows() -> tuple[Row, ...]:
    """Return the rows of the table; answers are keyed by the heading of their column."""
    found, heading = [], []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split("|")]
        if not line.startswith("|") or set(line) <= set("|-: "):
            continue
        if cells[0] == "地址":
            heading = cells[3:]
            continue
        address, purpose, object_name, *answers = cells
        known = dict(zip(heading, answers, strict=True))
        found.append(Row(address.strip("`").removeprefix("/"), purpose, object_name, known))
    return tuple(found)


@cache
def row_addresses() -> frozenset[str]:
    """Return the distinct addresses of the table."""
    return frozenset(row.address for row in rows())


@cache
def row_address_for(address: str) -> str:
    """Return the address in the table that covers this one: itself, else the longest match with `*`, else empty."""
    if address in row_addresses():
        return address
    found = [other for other in row_addresses() if "*" in other and fnmatchcase(address, other)]
    return max(found, key=len, default="")


# --- the resolver ----------------------------------------------------------------------------------------------------
def addresses() -> list[str]:
    """Return the distinct addresses of the portal; URL patterns with the same address count as one entry point."""
    return list(dict.fromkeys(_walk(get_resolver())))


def _walk(resolver: Any, prefix: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        path = prefix + normalized(str(one.pattern))
        if isinstance(one, URLPattern):
            yield path
        else:
            yield from _walk(one, path)


def normalized(pattern: str) -> str:
    """Return one part of a URL pattern in the notation of the table."""
    named = replace_named_groups(remove_non_capturing_groups(CONVERTER.sub(r"<\1>", pattern)))
    return str(replace_metacharacters(GROUP.sub("<var>", named))).replace("\\.", ".")


def concrete(address: str, parts: dict[str, Any]) -> str:
    """Return the address with its parameters filled in."""
    return "/" + re.sub(r"<(\w+)>", lambda match: str(parts[match.group(1)]), address)


# --- answers ---------------------------------------------------------------------------------------------------------
def answer_of(response: Any) -> str:
    """Return the answer in the terms of the table; a status without a term is returned as a number."""
    status = response.status_code
    if status in {301, 302}:
        return _redirect(response)
    if status == 200:
        return _page(response)
    return {403: REFUSED, 404: NOT_FOUND, 405: POST_ONLY}.get(status, str(status))


def _redirect(response: Any) -> str:
    if response["Location"].startswith(reverse("wagtailadmin_login")):
        return LOGIN
    return REFUSED if was_denied(response.wsgi_request, response) else REDIRECTED


def _page(response: Any) -> str:
    if response.get("Content-Disposition", "").startswith("attachment"):
        return DOWNLOAD
    if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
        return READ_ONLY
    return ACTIONS if offers_action(response.content.decode()) else READ_ONLY


def offers_action(html: str) -> bool:
    """Return whether a page has a POST form or a link to an entry point for actions."""
    inner = MAIN_ELEMENT.search(html)
    part = inner.group() if inner else html
    return 'method="post"' in part.lower() or any(purpose_of(url) == ACTION_PURPOSE for url in set(LINK.findall(part)))


@cache
def purpose_of(url: str) -> str:
    """Return the purpose of the entry point behind a link, according to the table."""
    try:
        address = normalized(resolve(url).route)
    except Resolver404:
        return ""
    return next((row.purpose for row in rows() if row.address == row_address_for(address)), "")
