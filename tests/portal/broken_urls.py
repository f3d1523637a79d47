"""URL configuration with additional views that fail, for the tests of the error pages."""

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import path

from portal.urls import handler400 as handler400
from portal.urls import urlpatterns as portal_urls

SECRET = "the-inside-of-the-machine"


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError(SECRET)


def forbid(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied(SECRET)


def suspect(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation(SECRET)


def accept(request: HttpRequest) -> HttpResponse:
    return HttpResponse("accepted")


urlpatterns = [path("500/", fail), path("403/", forbid), path("400/", suspect), path("form/", accept), *portal_urls]
