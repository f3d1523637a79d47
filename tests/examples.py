"""How many examples a property tries, in a usual run and in `make soak`."""

from hypothesis import settings


def part_of_all(divisor: int) -> int:
    """A part of the examples that the profile allows, for a property of which each example takes long."""
    return max(1, settings().max_examples // divisor)
