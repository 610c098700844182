"""The files of a table: where they are, what they contain, and whether they belong together."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import fs

_STORAGE = "STORAGE_EMULATOR_HOST"
# What is read of a column at once. Otherwise, whole column chunks would be, and some are large.
_BUFFER_BYTES = 2**20


def filesystem_of(path: str) -> tuple[fs.FileSystem, str]:
    """Return the filesystem of a path, and the path in it.

    Args:
        path: A local path or a `gs://` address. With `STORAGE_EMULATOR_HOST`, addresses lead to
            the emulator, as for Google's own clients.
    """
    if not path.startswith("gs://"):
        return fs.LocalFileSystem(), path
    host = os.environ.get(_STORAGE)
    if host is None:
        return fs.GcsFileSystem(), path.removeprefix("gs://")
    address = urlsplit(host if "://" in host else f"http://{host}")
    emulated = fs.GcsFileSystem(
        anonymous=True, scheme=address.scheme, endpoint_override=address.netloc
    )
    return emulated, path.removeprefix("gs://")


@contextlib.contextmanager
def opened_file(filesystem: fs.FileSystem, file: str) -> Iterator[pq.ParquetFile]:
    """Open a file, so that reading it doesn't fetch more than a batch needs."""
    with filesystem.open_input_file(file) as source:
        yield pq.ParquetFile(source, pre_buffer=False, buffer_size=_BUFFER_BYTES)


def find_files(filesystem: fs.FileSystem, place: str) -> tuple[str, ...]:
    """Return the Parquet files of a table, in the order of their names.

    Raises:
        FileNotFoundError: The place doesn't exist, or is a folder without Parquet files.
    """
    kind = filesystem.get_file_info(place).type
    if kind == fs.FileType.File:
        return (place,)
    if kind == fs.FileType.NotFound:
        raise FileNotFoundError(
            f"The table `{place}` does not exist. Check the path, or run the task that writes it."
        )
    found = filesystem.get_file_info(fs.FileSelector(place))
    files = sorted(
        each.path
        for each in found
        if each.type == fs.FileType.File and each.base_name.endswith(".parquet")
    )
    if not files:
        raise FileNotFoundError(
            f"The folder `{place}` contains no Parquet file. The names of its files must end with "
            "`.parquet`."
        )
    return tuple(files)


def read_footer(filesystem: fs.FileSystem, file: str) -> tuple[pa.Schema, int]:
    """Read the columns and the number of rows of a file.

    Raises:
        ValueError: The file isn't Parquet, or isn't complete.
    """
    try:
        with opened_file(filesystem, file) as parquet:
            return parquet.schema_arrow, parquet.metadata.num_rows
    except pa.ArrowInvalid as error:
        raise ValueError(
            f"The file `{file}` is not a complete Parquet file ({error}). Convert it with "
            "`import_file`, or write it again."
        ) from None


def require_distinct(names: Sequence[str], file: str) -> None:
    """Refuse columns with the same name.

    Raises:
        ValueError: A name occurs more than once.
    """
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        listed = ", ".join(f"`{name}`" for name in twice)
        raise ValueError(
            f"The file `{file}` has more than one column {listed}. Rename them, so that each name "
            "occurs once."
        )


def require_same(first: pa.Schema, other: pa.Schema, file: str, differing: str) -> None:
    """Refuse files whose columns differ.

    Raises:
        ValueError: A column is missing in one of them, has another type, or is elsewhere.
    """
    if first.equals(other):
        return
    names = [*first.names, *(name for name in other.names if name not in first.names)]
    found = {name: (_type_of(first, name), _type_of(other, name)) for name in names}
    different = [
        f"`{name}` is {here} in the first and {there} in the second"
        for name, (here, there) in found.items()
        if here != there
    ]
    raise ValueError(
        f"The files `{file}` and `{differing}` of one table have different columns: "
        f"{'; '.join(different) or 'their order differs'}. Write them with the same columns."
    )


def _type_of(schema: pa.Schema, name: str) -> Any:
    position = schema.get_field_index(name)
    return "missing" if position < 0 else schema.types[position]
