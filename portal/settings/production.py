"""Settings of a public installation: HTTPS only, and no start without the settings that the operator must make."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from portal.settings.base import *  # noqa: F403
from portal.settings.base import env

_REQUIRED = {
    "SECRET_KEY": (
        "50 or more random characters, kept secret; make them with: "
        'python -c "import secrets; print(secrets.token_urlsafe(50))"'
    ),
    "ALLOWED_HOSTS": "the host names of the portal, parted by commas; for example: portal.example.gov.cn",
    "SITE_URL": "the address that the public types, with https; for example: https://portal.example.gov.cn",
}


def _refuse_incomplete() -> None:
    """Raise ImproperlyConfigured, which names each missing setting and how to set it."""
    missing = [f"  {name}: {what}" for name, what in _REQUIRED.items() if not env.str(name, default="").strip()]
    if missing:
        raise ImproperlyConfigured(
            "启动前请先设置以下环境变量 (set these environment variables before starting):\n" + "\n".join(missing)
        )


_refuse_incomplete()

DEBUG = False
SITE_URL = env.str("SITE_URL").rstrip("/")
if urlsplit(SITE_URL).scheme != "https":
    raise ImproperlyConfigured(f"SITE_URL 必须以 https:// 开头 (must start with https://): {SITE_URL}")
WAGTAILADMIN_BASE_URL = SITE_URL
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# TLS ends at the proxy in front, which sets X-Forwarded-Proto and appends to X-Forwarded-For.
PROXY_COUNT = env.int("PROXY_COUNT", default=1)
if PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # requested internally over plain HTTP
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
