"""Settings shared by all environments.

Values that differ between machines are read from the environment here, through django-environ, and nowhere else.
"""

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))
PORT = env.int("PORT", default=8000)
SITE_URL = env.str("SITE_URL", default=f"http://localhost:{PORT}")
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
# Number of trusted proxies in front that append to X-Forwarded-For. 0: the header is ignored.
PROXY_COUNT = env.int("PROXY_COUNT", default=0)

INSTALLED_APPS = [
    "portal",
    "search",
    "publicity",
    "meetings",
    "wagtail.contrib.settings",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "portal.users.UsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.humanize",
    "django.forms",
    "portal.wagtail_zh",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "publicity.compression.CompressionMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "portal.middleware.ContentSecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "portal.access_log.AccessMiddleware",
    "portal.login_steps.LoginStepsMiddleware",
    "portal.request_errors.SizeMiddleware",
    "portal.middleware.IdleMiddleware",
    "meetings.admin.core.voiding.VoidingMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.request_values.RequestValuesMiddleware",
    "publicity.page_visibility.PageVisibilityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.request_errors.IncompleteFormMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "portal.display_mode.display_mode",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # so that templates/ overrides a widget's template as well

# --- data ------------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'portal.sqlite3'}")}
# A connection is kept between requests; portal.kept_connections closes one whose SQLite file was replaced.
DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
            "PRAGMA cache_size=-64000; PRAGMA mmap_size=268435456;"
        ),
    }
else:
    # PostgreSQL. Isolation is READ COMMITTED: an operation takes its lock first, then reads the current data.
    # Options in the database URL (?sslmode=verify-full, ?options=…) override these.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 10,
        "options": "-c lock_timeout=20s -c statement_timeout=60s -c idle_in_transaction_session_timeout=300s",
        **DATABASES["default"].get("OPTIONS", {}),
    }
# Elasticsearch answers searches if its addresses are given; the database's own index is the fallback.
ELASTICSEARCH: dict[str, Any] = {
    "HOSTS": env.list("ELASTICSEARCH_URL", default=[]),  # comma-separated
    "USER": env.str("ELASTICSEARCH_USER", default=""),
    "PASSWORD": env.str("ELASTICSEARCH_PASSWORD", default=""),
    "API_KEY": env.str("ELASTICSEARCH_API_KEY", default=""),
    "CA": env.str("ELASTICSEARCH_CA", default=""),  # path of the CA certificate of the nodes
    "TIMEOUT": env.float("ELASTICSEARCH_TIMEOUT", default=0.6),  # seconds; after that the database answers
    "INDEX": env.str("ELASTICSEARCH_INDEX", default="joint-conference"),  # prefix of our index names
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Minutes with a long text and all their paragraphs stay far below. Visitors have Django's limit (SizeMiddleware).
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a page with many blocks posts more fields than Django's default allows

# Kept answers of public pages have a cache of their own: Wagtail, which uses the default one, fails with its server.
# Each process has one in its memory; with CACHE_URL, all share a server (redis://…). A kept answer depends on the
# counter in the database, so nothing ever has to be deleted.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "kept": env.cache("CACHE_URL", default="locmemcache://kept"),
}
if CACHES["kept"]["BACKEND"].endswith("LocMemCache"):
    CACHES["kept"].setdefault("OPTIONS", {})["MAX_ENTRIES"] = 2_000  # answers of about 10 KB
else:  # a server that hangs costs this many seconds, then the page is made anew
    CACHES["kept"]["OPTIONS"] = {
        "socket_timeout": 0.3,
        "socket_connect_timeout": 0.3,
        **CACHES["kept"].get("OPTIONS", {}),
    }

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
# Files that browsers request at the root: /favicon.ico, for browsers without SVG icons and for responses without HTML.
WHITENOISE_ROOT = BASE_DIR / "portal" / "site_root"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "private", "base_url": None},
    },
}
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"

# --- authentication --------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "meetings.rights.TenureBackend",
    "portal.one_time_code.OneTimeCodeBackend",
]
AUTH_USER_MODEL = "meetings.Person"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "portal.passwords.KindsValidator"},
]
LOGIN_URL = "wagtailadmin_login"
OTP_TOTP_ISSUER = "联席会议"  # the name that an authenticator app shows with the code

AXES_HANDLER = "portal.throttle.LoginThrottle"  # the limits are there
AXES_LOCKOUT_CALLABLE = "portal.throttle.lockout_response"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # a refused attempt is answered with the page, and not counted
AXES_CLIENT_IP_CALLABLE = "portal.client_address.client_address"
AXES_DISABLE_ACCESS_LOG = True  # logins are in the portal's own access log, from which nothing is deleted
AXES_ENABLE_ADMIN = False

# A staff session ends after this many minutes without a request by the person (portal.middleware.IdleMiddleware).
IDLE_MINUTES = env.int("IDLE_MINUTES", default=30)
SESSION_COOKIE_AGE = IDLE_MINUTES * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True  # Wagtail's scripts read the token from the page, not from the cookie

# --- browser security ------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "hid",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "serial",
        "usb",
    )
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- language and time -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese"))]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
FORMAT_MODULE_PATH = "portal.formats"
TIME_ZONE = "Asia/Shanghai"
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
USE_TZ = True

# --- Wagtail ---------------------------------------------------------------------------------------------------------
WAGTAILADMIN_USER_LOGIN_FORM = "portal.accounts.LoginForm"
WAGTAIL_SITE_NAME = "联席会议"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "modelsearch.backends.database.fallback"}}
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_FINISH_WORKFLOW_ACTION = "publicity.publishing.finish"
WAGTAILIMAGES_IMAGE_MODEL = "publicity.Picture"
WAGTAILDOCS_DOCUMENT_MODEL = "publicity.PublicDocument"
WAGTAILIMAGES_IMAGE_FORM_BASE = "publicity.file_forms.PictureForm"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "publicity.file_forms.DocumentForm"
# No executable formats, and only those that `publicity.file_cleaning` can clean.
WAGTAILDOCS_EXTENSIONS = ["pdf", "ofd", "docx", "xlsx", "txt"]
WAGTAILADMIN_COMMENTS_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False

# --- mail and log ----------------------------------------------------------------------------------------------------
# Without EMAIL_URL no mail is sent, and none is printed: addresses and texts do not belong in a log.
vars().update(env.email("EMAIL_URL", default="dummymail://"))

# Plain lines on the console. Names, texts and form data are never logged.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "axes": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "elastic_transport": {"level": "ERROR"},  # `portal.search` logs its errors once
    },
}
