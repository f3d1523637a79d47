"""Ask before a change voids approvals: a middleware, and the checkbox of the form that is shown again."""

from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from meetings.operations.voiding import asks_before_voiding

CONFIRM = "confirm_voiding"


class VoidingMiddleware:
    """Let no request of the admin void an approval that the person was not asked about."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        confirmed = request.method == "POST" and bool(request.POST.get(CONFIRM))
        with asks_before_voiding(confirmed=confirmed):
            return self.get_response(request)


def add_confirmation(form: forms.BaseForm) -> None:
    """Add the checkbox by which the person confirms that approvals become void."""
    form.fields[CONFIRM] = forms.BooleanField(label=_("Yes, these approvals become void"), required=False)
