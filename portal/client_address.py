"""The network address of a client, behind as many trusted proxies as the setting PROXY_COUNT says."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """Return the address of the client that sent `request`; None if it is unknown (a socket without a proxy).

    X-Forwarded-For can be forged by the client. Each trusted proxy (`PROXY_COUNT` of them) appends the address that
    called it, so the entry `PROXY_COUNT` places from the end is the first that only a trusted proxy can have written.
    """
    direct = parse_address(request.META.get("REMOTE_ADDR", ""))
    if not settings.PROXY_COUNT:
        return direct
    forwarded = [entry.strip() for entry in request.headers.get("X-Forwarded-For", "").split(",") if entry.strip()]
    if not forwarded:
        return direct
    return parse_address(forwarded[-min(settings.PROXY_COUNT, len(forwarded))]) or direct


def parse_address(entry: str) -> str | None:
    """Return the IP address in `entry` without the port and zone that some proxies add; None if there is none."""
    bracketed, _closed, _port = entry.removeprefix("[").partition("]")
    for text in (entry, bracketed, entry.rpartition(":")[0]):
        try:
            return str(ip_address(text.partition("%")[0]))
        except ValueError:
            continue
    return None
