"""Which of all changes a run tries: spread over folders and kinds, the same ones for the same seed.

Key concepts
- `folder_of(path)`: the folder of a changed file, such as `meetings/rules`.
- `sample(changes, count, seed)`: as many of the changes as asked for.
"""

import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import PurePath

from tests.mutation.mutators import Mutation


def folder_of(path: str) -> str:
    """The room and the folder of a file: `meetings/rules/evidence/topic.py` is of `meetings/rules`."""
    return "/".join(PurePath(path).parts[:2])


def sample(changes: Iterable[Mutation], count: int, seed: int) -> list[Mutation]:
    """At most `count` of the changes, one a line, in the order of the files.

    Each turn goes to the folder and kind that are furthest behind their share; shares grow with the square root of
    how many changes there are, so that rare kinds and small folders are tried as well.
    """
    strata: dict[tuple[str, str], list[Mutation]] = defaultdict(list)
    for change in sorted(changes):
        strata[folder_of(change.path), change.kind].append(change)
    for (folder, kind), members in strata.items():
        random.Random(f"{seed} {folder} {kind}").shuffle(members)
    folders: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for (folder, kind), members in strata.items():
        folders[folder] += len(members)
        kinds[kind] += len(members)
    taken: list[Mutation] = []
    folders_taken: Counter[str] = Counter()
    kinds_taken: Counter[str] = Counter()
    lines: set[tuple[str, int]] = set()

    def behind(stratum: tuple[str, str]) -> tuple[float, str]:
        folder, kind = stratum
        share = folders_taken[folder] / math.sqrt(folders[folder]) + kinds_taken[kind] / math.sqrt(kinds[kind])
        return share, random.Random(f"{seed} {folder} {kind} {len(taken)}").random().hex()

    while len(taken) < count and any(strata.values()):
        folder, kind = min((stratum for stratum, members in strata.items() if members), key=behind)
        change = strata[folder, kind].pop()
        if (change.path, change.line) in lines:
            continue
        lines.add((change.path, change.line))
        taken.append(change)
        folders_taken[folder] += 1
        kinds_taken[kind] += 1
    return sorted(taken)
