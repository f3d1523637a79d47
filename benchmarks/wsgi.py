"""WSGI application for the comparison over HTTP."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
