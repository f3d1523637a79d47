"""Sampling of changes."""

from collections import Counter

from tests.mutation.mutators import KINDS, Mutation
from tests.mutation.sampling import folder_of, sample

FOLDERS = {"meetings/rules": 30, "meetings/queries": 10, "publicity/rules.py": 1}


def changes() -> list[Mutation]:
    """Return many changes of every kind, most in one folder; the most common kind is 100 times the rarest."""
    paths = [
        folder if folder.endswith(".py") else f"{folder}/m{file}.py"
        for folder, files in FOLDERS.items()
        for file in range(files)
    ]
    return [
        Mutation(path, line, line, "", kind, 1000 * number + line, (line,))
        for path in paths
        for number, kind in enumerate(KINDS)
        for line in range(number or 100)
    ]


def test_the_same_seed_takes_the_same_changes_in_whatever_order_they_come() -> None:
    found = changes()

    assert sample(found, 60, 1) == sample(reversed(found), 60, 1)
    assert sample(found, 60, 1) != sample(found, 60, 2)


def test_every_folder_and_every_kind_is_tried() -> None:
    taken = sample(changes(), 60, 1)

    assert len(set(taken)) == 60
    assert set(Counter(folder_of(change.path) for change in taken)) == set(FOLDERS)
    assert set(Counter(change.kind for change in taken)) == set(KINDS)


def test_a_line_is_changed_once() -> None:
    same_line = [Mutation("meetings/rules/a.py", start, start, "", "call", 7, None) for start in range(5)]

    assert len(sample(same_line, 5, 1)) == 1
