"""Settings of `make bench`: the portal's, with the database and the node that the environment names."""

from portal.settings.base import *  # noqa: F403
from portal.settings.base import INSTALLED_APPS, STORAGES
from portal.tools import messages

messages.compile_all()  # before Django loads the catalogues, which it does only once

SECRET_KEY = "bench-only-key-bench-only-key-bench-only-key-bench-only"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "127.0.0.1"]
ROOT_URLCONF = "benchmarks.urls"
INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# Wagtail's default search, for the comparison; it only searches `benchmarks.models.IndexedDecision`.
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
