"""Settings of the servers that are compared: both without the portal's middleware."""

from benchmarks.settings import *  # noqa: F403

MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = "benchmarks.web"
