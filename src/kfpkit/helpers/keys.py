"""Row keys, and the place between 0 and 1 that the hash of a key gives its row.

The place of a row depends only on its key and the salt: not on other rows, their order, the
machine, or the library that read the table. So a row that is drawn once is drawn again next month,
when the table has grown.
"""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc


def places_of(keys: pa.Array, salt: str = "") -> np.ndarray:
    """Return the place of each key between 0 and 1.

    The hash is that of pandas (`pandas.util.hash_array`): SipHash of strings, and a mix of the bits
    of integers. A second mix with the salt makes the places of different salts independent.

    Args:
        keys: The keys of rows, integers or strings. All sizes of integers have the same places;
            the integer 7 and the string "7" have different ones.
        salt: A string. With a different one, all keys get different, independent places.

    Returns:
        The upper 53 bits of each hash, which a float holds exactly, as a fraction below 1.
    """
    mixed = pd.util.hash_array(hashes_of(keys) ^ _number_of(salt))
    return (mixed >> np.uint64(11)) / 2.0**53


def hashes_of(keys: pa.Array) -> np.ndarray:
    """Return 64 bits of each key, which are the same on every machine."""
    if pa.types.is_integer(keys.type):
        wide = pa.uint64() if keys.type == pa.uint64() else pa.int64()
        return pd.util.hash_array(keys.cast(wide).to_numpy(zero_copy_only=False))
    texts = np.asarray(keys.cast(pa.large_string()).to_numpy(zero_copy_only=False), dtype=object)
    return pd.util.hash_array(texts, categorize=False)


def require_keys(keys: pa.Array, column: str, first_row: int = 0) -> None:
    """Refuse keys that don't identify their row permanently.

    Args:
        keys: The values of the key column.
        column: The name of the column.
        first_row: The number of the first key's row in the table.

    Raises:
        ValueError: The keys are neither integers nor strings, or one is missing.
    """
    kind = keys.type.value_type if pa.types.is_dictionary(keys.type) else keys.type
    if keys.null_count:
        row = first_row + pc.index(keys.is_null(), True).as_py()
        raise ValueError(f"The key column `{column}` is empty in row {row}. Give every row a key.")
    if pa.types.is_floating(kind):
        raise ValueError(
            f"The key column `{column}` contains floating-point numbers{_example(keys)}. Make the "
            "keys integers or strings."
        )
    if not (_is_text(kind) or pa.types.is_integer(kind)):
        raise ValueError(
            f"The key column `{column}` contains {kind} values{_example(keys)}. Make the keys "
            "integers or strings."
        )


def _is_text(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def _example(keys: pa.Array) -> str:
    return f", such as {keys[0].as_py()!r} in row 0" if len(keys) else ""


def _number_of(salt: str) -> np.uint64:
    return np.uint64(int.from_bytes(hashlib.sha256(salt.encode()).digest()[:8], "big"))
