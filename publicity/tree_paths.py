"""Conditions for the pages and collections of a part of the tree.

- `inside(path)`: the condition for a node and everything below it. It is a range, as in treebeard's own queries: an
  index serves it on both databases, which is not so for the pattern of a lookup `startswith`.
"""

from django.db.models import Q

LENGTH = 255  # of a path in treebeard
LAST = "Z"  # the last character of its alphabet


def inside(path: str, lookup: str = "path") -> Q:
    """Return the condition for the node at this path and all nodes below; `lookup` leads to the path."""
    return Q(**{f"{lookup}__range": (path, path.ljust(LENGTH, LAST))})
