"""CSV files as batches of strings, with the encoding and the separator that they have."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import IO

import pyarrow as pa
from pyarrow import csv as arrow_csv

_HEAD = 2**16
_BLOCK = 2**22
_SEPARATORS = (",", ";", "\t", "|")
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LONGEST_FIELD = 2**27

Opener = Callable[[], AbstractContextManager[IO[bytes]]]


@dataclass(frozen=True, kw_only=True)
class CsvFile:
    """A CSV file whose form is known.

    Args:
        name: What it is called in messages.
        opener: Opens it.
        encoding: The encoding, as Python calls it.
        separator: The character between fields.
        columns: The names of the columns.
        has_header: Whether the first row has the names.
    """

    name: str
    opener: Opener
    encoding: str
    separator: str
    columns: tuple[str, ...]
    has_header: bool

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Read the fields as strings, a block at a time. No field is null.

        Raises:
            ValueError: A row has another number of fields, a field isn't closed, or bytes aren't
                text in this encoding. The message names the line.
        """
        try:
            with self.opener() as file:
                yield from self._read(file)
        except (pa.ArrowInvalid, UnicodeError) as error:
            self._explain_fault()
            raise ValueError(f"`{self.name}` cannot be read as CSV: {error}.") from None

    def line_of(self, row: int) -> int:
        """Return the number of the line in which a row starts. Rows count from 0."""
        wanted = row + self.has_header
        before = 0
        for number, (line, _) in enumerate(self._rows()):
            if number == wanted:
                return before + 1
            before = line
        return before

    def _read(self, file: IO[bytes]) -> Iterator[pa.RecordBatch]:
        names = list(self.columns)
        reader = arrow_csv.open_csv(
            file,
            read_options=arrow_csv.ReadOptions(
                column_names=names,
                # Not `skip_rows`, which counts lines: a header may have line breaks.
                skip_rows_after_names=int(self.has_header),
                block_size=_BLOCK,
                encoding="utf8" if self.encoding.startswith("utf-8") else self.encoding,
            ),
            parse_options=arrow_csv.ParseOptions(delimiter=self.separator, newlines_in_values=True),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
        with reader:
            yield from reader

    def _explain_fault(self) -> None:
        """Find the line that Arrow can't read, and refuse it with the line's number."""
        self._require_text()
        previous = 0
        try:
            for number, fields in self._rows():
                if len(fields) != len(self.columns):
                    raise ValueError(
                        f"`{self.name}`, line {previous + 1}: the row has {len(fields)} fields, "
                        f"but the table has {len(self.columns)} columns. Correct the line; put "
                        f"fields that contain `{self.separator}` between double quotes."
                    )
                previous = number
        except csv.Error as error:
            raise ValueError(
                f"`{self.name}`, line {previous + 1}: the row cannot be read ({error}). Close the "
                'field with a double quote, and write a double quote inside as "".'
            ) from None

    def _require_text(self) -> None:
        decoder = codecs.getincrementaldecoder(self.encoding)()
        line = 1
        with self.opener() as file:
            for raw in file:
                try:
                    decoder.decode(raw)
                except UnicodeDecodeError as error:
                    raise ValueError(
                        f"`{self.name}`, line {line}, byte {error.start + 1}: the byte "
                        f"0x{error.object[error.start]:02x} is not {self.encoding}. Give the "
                        'encoding of the file, such as `encoding="windows-1252"`.'
                    ) from None
                line += 1

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the last line's number and the fields of each row that isn't empty."""
        csv.field_size_limit(_LONGEST_FIELD)
        with (
            self.opener() as file,
            io.TextIOWrapper(file, self.encoding, newline="") as text,
        ):
            reader = csv.reader(text, delimiter=self.separator, strict=True)
            for fields in reader:
                if fields:
                    yield reader.line_num, fields


def describe_csv(
    name: str, opener: Opener, *, encoding: str, separator: str, columns: Sequence[str]
) -> CsvFile:
    """Find out the form of a CSV file from its first lines, as far as it isn't given.

    Args:
        name: What it is called in messages.
        opener: Opens it.
        encoding: The encoding. If empty, that of a byte order mark, otherwise UTF-8.
        separator: The separator. If empty, a comma, semicolon, tab or vertical bar.
        columns: The names of the columns of a file without a header.

    Raises:
        ValueError: The file is empty, the encoding doesn't exist, or the header has no or equal
            names.
    """
    with opener() as file:
        head = file.read(_HEAD)
    if not head.strip():
        raise ValueError(f"`{name}` is empty. Check the task or the system that writes it.")
    encoding = _encoding_of(head, encoding)
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(head)
    is_whole = len(head) < _HEAD
    separator = separator or _separator_of(text, is_whole=is_whole)
    first = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])
    return CsvFile(
        name=name,
        opener=opener,
        encoding=encoding,
        separator=separator,
        columns=_require_names(name, columns or [field.strip() for field in first], separator),
        has_header=not columns,
    )


def _encoding_of(head: bytes, encoding: str) -> str:
    if not encoding:
        marked = [each for mark, each in _BYTE_ORDER_MARKS if head.startswith(mark)]
        return marked[0] if marked else "utf-8"
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        raise ValueError(
            f"The encoding `{encoding}` does not exist. Use a name such as `utf-8`, `utf-16` or "
            "`windows-1252`."
        ) from None


def _separator_of(text: str, *, is_whole: bool) -> str:
    """Return the separator that divides the first rows into most columns, all alike if possible."""
    found = []
    for separator in _SEPARATORS:
        rows = [
            row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if row
        ]
        widths = [len(row) for row in (rows if is_whole or len(rows) == 1 else rows[:-1])]
        alike = sum(width == widths[0] for width in widths) / len(widths)
        found.append((widths[0] > 1, alike == 1, widths[0], alike, separator))
    best = max(found, key=lambda each: each[:4])
    return best[4]


def _require_names(name: str, names: Sequence[str], separator: str) -> tuple[str, ...]:
    unnamed = [position for position, each in enumerate(names, start=1) if not each]
    if unnamed and unnamed != [1]:
        raise ValueError(
            f"`{name}`, line 1: column {unnamed[-1]} has no name. Name it in the header, or check "
            f"the separator, which is taken to be `{separator}`."
        )
    # The numbers of rows that R and pandas write have no name.
    named = [each or "row" for each in names]
    twice = sorted({each for each in named if named.count(each) > 1})
    if twice:
        listed = ", ".join(f"`{each}`" for each in twice)
        raise ValueError(
            f"`{name}`, line 1: more than one column has the name {listed}. Rename the columns, so "
            "that each name occurs once."
        )
    return tuple(named)
