"""Settings for development: debugging on, a fixed secret key, plain static files, mail on the console."""

from portal.settings.base import *  # noqa: F403
from portal.settings.base import DATA_DIR, STORAGES, env
from portal.tools import messages

DEBUG = env.bool("DEBUG", default=True)
SECRET_KEY = "development-only-key-never-used-outside-a-developer-machine"  # noqa: S105
ALLOWED_HOSTS = ["*"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
DATA_DIR.mkdir(parents=True, exist_ok=True)
vars().update(env.email("EMAIL_URL", default="consolemail://"))
messages.compile_all()  # before Django loads the catalogues, which it does only once
