"""Mixins for views that know the person and are offered to some people only."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from meetings.models import Person


class PersonView:
    """A mixin for a view that knows who uses it."""

    request: HttpRequest

    @property
    def person(self) -> Person:
        """The logged-in person; all users of the admin are of the model `Person`."""
        return cast(Person, self.request.user)


class PermittedView(PersonView):
    """A mixin in front of a view that is offered to the people for whom `has_permission` holds."""

    def has_permission(self) -> bool:
        """Return True if the view is offered to this person. Guard and operation check their own conditions too."""
        return True

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Raise PermissionDenied for everybody else; Wagtail then redirects to the home page."""
        if not self.has_permission():
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # mixed in
        return response
