"""Settings of the two servers that are compared: both sides without the portal's middleware."""

from benchmarks.settings import *  # noqa: F403

MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = "benchmarks.web"
