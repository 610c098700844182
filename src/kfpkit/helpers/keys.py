"""Row keys, and the place between 0 and 1 that the hash of a key gives its row.

The place of a row depends only on its key and the salt: not on other rows, their order, the
machine, the Python version, or the library that read the table. So a row that is drawn once is
drawn again next month, when the table has grown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

_HASH_BITS = 64


def place_of(key: object, salt: str = "") -> float:
    """Return the place of a key between 0 and 1.

    Args:
        key: The key of a row, an integer or a string. 7 and "7" have the same place.
        salt: A string. With a different one, all keys get different, independent places.

    Returns:
        The first 64 bits of SHA-256 over salt and key, as a fraction from 0 to below 1.
    """
    digest = hashlib.sha256(f"{salt}\x1f{key}".encode()).digest()
    # 53 bits are what a float holds: more would round the highest places up to 1.0.
    return (int.from_bytes(digest[: _HASH_BITS // 8], "big") >> 11) / 2**53


def require_keys(keys: Iterable[object], column: str) -> None:
    """Refuse keys that don't identify their row permanently.

    Args:
        keys: The values of the key column.
        column: The name of the column.

    Raises:
        ValueError: A key is missing, or is a floating-point number, whose string isn't stable.
    """
    for row, key in enumerate(keys):
        if key is None or key != key:  # noqa: PLR0124 - only a missing number differs from itself
            raise ValueError(
                f"The key column `{column}` is empty in row {row}. Give every row a key."
            )
        if isinstance(key, float):
            raise ValueError(  # noqa: TRY004 - the column's content is wrong, not the call
                f"The key column `{column}` contains the floating-point number {key!r} in row "
                f"{row}. Make the keys integers or strings."
            )
