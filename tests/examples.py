"""The number of Hypothesis examples of slow properties, in a usual run and in `make soak`."""

from hypothesis import settings


def reduced_examples(divisor: int) -> int:
    """Return the number of examples of the profile divided by `divisor`, for a property with slow examples."""
    return max(1, settings().max_examples // divisor)
