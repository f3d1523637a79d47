"""Keys of rows that forms and rich text carry: anybody can type anything there.

- `typed_key(value)`: the key; 0, which no row has, for what no database could hold.
"""

MAX_DIGITS = 18  # below 2 ** 63


def typed_key(value: object) -> int:
    """Return the key that was typed; 0 for anything but a number of at most `MAX_DIGITS` digits."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS else 0
