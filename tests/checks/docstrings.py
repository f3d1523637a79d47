"""Find public methods without a docstring that override nothing.

ruff requires docstrings of modules, classes and functions (D1). It does not recognise overrides, so its rule for
methods (D102) is off. An override needs a docstring only where it does something unexpected.

    python -m tests.checks.docstrings
"""

import inspect
import os
import pkgutil
import sys
from collections.abc import Iterator
from importlib import import_module

import django

from tests.apps import APPS

EXCLUDED = ("migrations", "settings", "formats", "wsgi")


def modules() -> Iterator[str]:
    """Yield the dotted names of the project's modules."""
    for app in APPS:
        package = import_module(app)
        for found in pkgutil.walk_packages(package.__path__, f"{app}."):
            if not set(found.name.split(".")) & set(EXCLUDED):
                yield found.name


def undocumented(module: str) -> Iterator[str]:
    """Yield the methods of `module` that introduce a name and have no docstring, as `file:line name`."""
    for cls in vars(import_module(module)).values():
        if not inspect.isclass(cls) or cls.__module__ != module or cls.__name__.startswith("_"):
            continue
        inherited = {name for base in cls.__mro__[1:] for name in vars(base)}
        for name, member in vars(cls).items():
            function = inspect.unwrap(getattr(member, "fget", None) or getattr(member, "func", None) or member)
            if name.startswith("_") or name in inherited or not inspect.isfunction(function) or function.__doc__:
                continue
            if function.__module__ == module and function.__qualname__ == f"{cls.__qualname__}.{name}":
                code = function.__code__
                yield f"{code.co_filename}:{code.co_firstlineno} {function.__qualname__}"


def main() -> int:
    """Print the methods found; return 1 if there are any."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    django.setup()
    found = [line for module in modules() for line in undocumented(module)]
    print(*found, sep="\n", end="\n" if found else "")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
