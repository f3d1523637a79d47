"""Settings of the demonstration in tests: those of `make demo`, with a fast password hasher.

The default hasher is slow on purpose (a third of a second). The demonstration has 25 logins, and tests log in often.
"""

from portal.settings.demo import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
