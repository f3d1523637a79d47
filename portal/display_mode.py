"""适老化: a display mode with large text, large targets and high contrast; a cookie stores the choice.

- `DisplayModeView`: shows the choice and saves it; then redirects to the page that the visitor came from.
- `display_mode`: context processor that sets `display_mode` to `large`, or to an empty string.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView

from publicity.display_mode import COOKIE, LARGE
from publicity.display_mode import display_mode as display_mode_of

ONE_YEAR = 365 * 24 * 3600


def display_mode(request: HttpRequest) -> dict[str, str]:
    """Return the visitor's display mode as template context."""
    return {"display_mode": display_mode_of(request)}


# No CSRF token: the choice is not sensitive, and a token would force a cookie on every visitor of a public page.
@method_decorator([csrf_exempt, never_cache], name="dispatch")
class DisplayModeView(TemplateView):
    """Choose between the standard and the large display."""

    template_name = "portal/reading.html"
    http_method_names = ["get", "head", "post"]

    def return_path(self) -> str:
        """Return the path on this site that the visitor came from, else the home page; never another host."""
        requested = self.request.POST.get("next") or self.request.GET.get("next") or ""
        is_own_path = requested.startswith("/") and url_has_allowed_host_and_scheme(requested, allowed_hosts=None)
        return requested if is_own_path else "/"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(**kwargs) | {"next": self.return_path()}

    def post(self, request: HttpRequest) -> HttpResponse:
        """Store the choice for a year, or delete it."""
        response = HttpResponseRedirect(self.return_path())
        if request.POST.get("mode") == LARGE:
            response.set_cookie(
                COOKIE, LARGE, max_age=ONE_YEAR, secure=request.is_secure(), httponly=True, samesite="Lax"
            )
        else:
            response.delete_cookie(COOKIE, samesite="Lax")
        return response
