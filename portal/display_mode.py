"""适老化: large text, wide targets and high contrast, for whoever chooses them; a cookie remembers it.

Key concepts
- `ReadingView`: a page that shows the choice, and takes it; what it answers with is the page one came from.
- `reading`: the context processor by which every template knows: `large`, or nothing.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView

COOKIE = "reading"
LARGE = "large"
A_YEAR = 365 * 24 * 3600


def reading(request: HttpRequest) -> dict[str, str]:
    """How this visitor reads."""
    return {"reading": LARGE if request.COOKIES.get(COOKIE) == LARGE else ""}


# No token: the choice is nobody's secret, and without it no visitor of a public page needs a cookie.
@method_decorator([csrf_exempt, never_cache], name="dispatch")
class ReadingView(TemplateView):
    """Choose between the standard and the large page."""

    template_name = "portal/reading.html"
    http_method_names = ["get", "head", "post"]

    def back(self) -> str:
        """The page of this site that the visitor came from, else the home page."""
        given = self.request.POST.get("next") or self.request.GET.get("next") or ""
        own = given.startswith("/") and url_has_allowed_host_and_scheme(given, allowed_hosts=None)
        return given if own else "/"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """With the way back."""
        return super().get_context_data(**kwargs) | {"next": self.back()}

    def post(self, request: HttpRequest) -> HttpResponse:
        """Remember the choice for a year, or forget it."""
        response = HttpResponseRedirect(self.back())
        if request.POST.get("mode") == LARGE:
            response.set_cookie(
                COOKIE, LARGE, max_age=A_YEAR, secure=request.is_secure(), httponly=True, samesite="Lax"
            )
        else:
            response.delete_cookie(COOKIE, samesite="Lax")
        return response
