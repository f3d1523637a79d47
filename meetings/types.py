"""Types that several packages share.

`StrOrPromise` is a text or a translation that is made when it is shown (`gettext_lazy`).
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise as StrOrPromise  # the stubs are installed for development only
else:
    from django.utils.functional import Promise

    StrOrPromise = str | Promise
