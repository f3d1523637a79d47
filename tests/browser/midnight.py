"""WSGI application whose clock starts MIDNIGHT_AFTER seconds before midnight.

Start it with `gunicorn tests.browser.midnight:application`.
"""

import os
from datetime import datetime, time, timedelta

import time_machine
from django.utils import timezone

from portal.wsgi import application as portal

_now = timezone.localtime()
_midnight = timezone.make_aware(datetime.combine(_now.date() + timedelta(days=1), time()))
time_machine.travel(_midnight - timedelta(seconds=float(os.environ["MIDNIGHT_AFTER"])), tick=True).start()
application = portal
