"""The display mode that a visitor chose (适老化); a cookie stores the choice."""

from django.http import HttpRequest

COOKIE = "reading"
LARGE = "large"


def display_mode(request: HttpRequest) -> str:
    """Return `large`, or an empty string for the standard mode."""
    return LARGE if request.COOKIES.get(COOKIE) == LARGE else ""
