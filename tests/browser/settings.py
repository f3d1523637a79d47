"""The settings of the demonstrations that tests serve: those of `make demo`, with passwords that are hashed in no time.

A hash of a password is slow on purpose, a third of a second; the demonstration has 25 logins, and tests sign in often.
"""

from portal.settings.demo import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
