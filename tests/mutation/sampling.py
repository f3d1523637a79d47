"""The sample of changes that a run tests: spread over folders and kinds, the same for the same seed.

- `folder_of(path)`: the folder of a changed file, such as `meetings/rules`.
- `sample(changes, count, seed)`: at most `count` of the changes.
"""

import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import PurePath

from tests.mutation.mutators import Mutation


def folder_of(path: str) -> str:
    """Return the app and folder of a file: `meetings/rules` for `meetings/rules/evidence/topic.py`."""
    return "/".join(PurePath(path).parts[:2])


def sample(changes: Iterable[Mutation], count: int, seed: int) -> list[Mutation]:
    """Return at most `count` of the changes, at most one per line of source, ordered by file.

    Each step samples the folder and kind that are furthest below their share. Shares grow with the square root of the
    number of changes, so that rare kinds and small folders are sampled as well.
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
    sampled: list[Mutation] = []
    folders_taken: Counter[str] = Counter()
    kinds_taken: Counter[str] = Counter()
    lines: set[tuple[str, int]] = set()

    def share_taken(stratum: tuple[str, str]) -> tuple[float, str]:
        folder, kind = stratum
        share = folders_taken[folder] / math.sqrt(folders[folder]) + kinds_taken[kind] / math.sqrt(kinds[kind])
        return share, random.Random(f"{seed} {folder} {kind} {len(sampled)}").random().hex()

    while len(sampled) < count and any(strata.values()):
        folder, kind = min((stratum for stratum, members in strata.items() if members), key=share_taken)
        change = strata[folder, kind].pop()
        if (change.path, change.line) in lines:
            continue
        lines.add((change.path, change.line))
        sampled.append(change)
        folders_taken[folder] += 1
        kinds_taken[kind] += 1
    return sorted(sampled)
