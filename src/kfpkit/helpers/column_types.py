"""Types of columns whose values are strings: recognized from all values, or declared.

Recognized are Booleans (`true`, `false`), integers, numbers, dates and timestamps in ISO 8601.
Everything else stays a string: integers with leading zeros, such as postal codes, integers beyond
64 bits, and dates in other forms, which could mean two days.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

_ARROW = {
    "boolean": pa.bool_(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "zoned": pa.timestamp("us", "UTC"),
    "string": pa.string(),
}
DECLARED = ("boolean", "integer", "number", "date", "timestamp", "string")
_WIDER = {"integer": "number", "date": "timestamp"}
_DIGITS = r"^[+-]?0[0-9]"
_INTEGER = r"^ *[+-]?[0-9]+ *$"
# A float holds integers of up to 15 digits exactly.
_INEXACT_DIGITS = 16
_DECIMAL_COMMA = r"^[+-]?[0-9]+,[0-9]+$"
_OTHER_DATE = r"^[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}( |$)"


@dataclass(frozen=True, kw_only=True)
class ColumnType:
    """The type of a column.

    Args:
        kind: `boolean`, `integer`, `number`, `date`, `timestamp`, `zoned` or `string`.
        pattern: How dates and timestamps are written, for `strptime`. ISO 8601 if empty.
        decimal: The decimal point of numbers.
    """

    kind: str
    pattern: str = ""
    decimal: str = "."

    @property
    def arrow(self) -> pa.DataType:
        """The type in Arrow."""
        return _ARROW[self.kind]

    def convert(self, values: pa.Array) -> pa.Array:
        """Convert strings.

        Raises:
            pyarrow.ArrowInvalid: A value has another type.
        """
        if self.kind == "string":
            return values
        trimmed = pc.utf8_trim_whitespace(values)
        if self.pattern:
            parsed = pc.strptime(trimmed, format=self.pattern, unit="us")
            return parsed.cast(self.arrow)
        if self.kind == "boolean":
            trimmed = pc.utf8_lower(trimmed)
        if self.kind == "number" and self.decimal != ".":
            if pc.any(pc.match_substring(trimmed, ".")).as_py():
                raise pa.ArrowInvalid(f"a point where the decimal point is `{self.decimal}`")
            trimmed = pc.replace_substring(trimmed, self.decimal, ".")
        return trimmed.cast(self.arrow)

    def converts(self, values: pa.Array) -> bool:
        """Say whether all strings can be converted."""
        try:
            self.convert(values)
        except pa.ArrowInvalid:
            return False
        return True

    def fits(self, values: pa.Array) -> bool:
        """Say whether all strings have this type without doubt, and without a loss."""
        if self.kind == "boolean":
            words = pc.utf8_lower(pc.utf8_trim_whitespace(values.drop_null()))
            return bool(pc.all(pc.is_in(words, pa.array(["true", "false"]))).as_py())
        if self.kind in {"integer", "number"}:
            doubtful = pc.match_substring_regex(_starting_with_zero(values), _DIGITS)
            if not self.converts(values) or pc.any(doubtful).as_py():
                return False
        if self.kind == "number":
            long = values.filter(pc.greater_equal(pc.utf8_length(values), _INEXACT_DIGITS))
            return not pc.any(pc.match_substring_regex(long, _INTEGER)).as_py()
        return self.converts(values)


@dataclass(kw_only=True)
class Recognition:
    """Recognizes the type of one column from its values, a batch at a time.

    Args:
        name: The column's name.
        decimal: The decimal point of numbers.
        kind: The type so far. None while all values are missing.
        cause: The row and the value that made it a string, after values of another type.
        hint: What the strings look like.
    """

    name: str
    decimal: str = "."
    kinds: tuple[str, ...] = ("boolean", "integer", "number", "date", "timestamp", "zoned")
    kind: str | None = None
    cause: tuple[int, str] | None = None
    hint: str = ""
    _tried: dict[str, ColumnType] = field(default_factory=dict)

    @property
    def result(self) -> ColumnType:
        """The type of all values: a string if all are missing."""
        return self._type(self.kind or "string")

    def add(self, values: pa.Array, first_row: int) -> None:
        """Take the next values, of which the missing ones are null.

        Raises:
            ValueError: Some times have a zone and others don't.
        """
        if self.kind == "string" or values.null_count == len(values):
            return
        if self.kind is None:
            first = values.drop_null()[:1]
            fitting = [kind for kind in self.kinds if self._type(kind).fits(first)]
            self.kind = fitting[0] if fitting else "string"
            if self.kind == "string":
                self._give_hint(first)
                return
        while self.kind != "string" and not self._type(self.kind).fits(values):
            self._widen(values, first_row)

    def _widen(self, values: pa.Array, first_row: int) -> None:
        kind = str(self.kind)
        row = first_failing(values, self._type(kind).fits)
        wider = _WIDER.get(kind)
        if wider is not None and self._type(wider).fits(values.slice(row, 1)):
            self.kind = wider
            return
        value = values[row].as_py()
        zones = {"timestamp", "zoned", "date"}
        if kind in zones and any(self._type(each).fits(values.slice(row, 1)) for each in zones):
            raise ValueError(
                f"The column `{self.name}` mixes times with and without a zone: `{value}` in row "
                f"{first_row + row} differs from the rows before. Write all times in one form, or "
                f'import them as strings with `types={{"{self.name}": "string"}}`.'
            )
        self.kind, self.cause = "string", (first_row + row, str(value))

    def _give_hint(self, first: pa.Array) -> None:
        if self.decimal == "." and pc.match_substring_regex(first, _DECIMAL_COMMA)[0].as_py():
            self.hint = 'numbers with a decimal comma: `decimal=","` reads them'
        elif pc.match_substring_regex(first, _OTHER_DATE)[0].as_py():
            self.hint = (
                f'dates that are not in ISO 8601: `types={{"{self.name}": "date:%d.%m.%Y"}}` reads '
                "31.12.2024"
            )

    def _type(self, kind: str) -> ColumnType:
        return self._tried.setdefault(kind, ColumnType(kind=kind, decimal=self.decimal))


def parse_types(declared: Mapping[str, str], decimal: str) -> dict[str, ColumnType]:
    """Read declared types, such as `integer` or `date:%d.%m.%Y`.

    Raises:
        ValueError: A type doesn't exist, or a type other than dates and timestamps has a pattern.
    """
    types = {}
    for name, text in declared.items():
        kind, _, pattern = text.partition(":")
        if kind not in DECLARED or (pattern and kind not in {"date", "timestamp"}):
            known = ", ".join(f"`{each}`" for each in DECLARED)
            raise ValueError(
                f"The type `{text}` of the column `{name}` does not exist. Choose one of {known}; "
                "`date` and `timestamp` take a pattern, as in `date:%d.%m.%Y`."
            )
        types[name] = ColumnType(kind=kind, pattern=pattern, decimal=decimal)
    return types


def first_failing(values: pa.Array, fits: Callable[[pa.Array], bool]) -> int:
    """Return the position of the first value that doesn't fit. At least one mustn't."""
    low, high = 0, len(values)  # the values before `low` fit; one before `high` doesn't
    while high - low > 1:
        middle = (low + high) // 2
        if fits(values.slice(low, middle - low)):
            low = middle
        else:
            high = middle
    return low


def _starting_with_zero(values: pa.Array) -> pa.Array:
    """Return the few values for which the slower search for leading zeros is worth it."""
    trimmed = pc.utf8_trim(values, " +-")
    candidates = pc.and_(pc.starts_with(trimmed, "0"), pc.greater(pc.utf8_length(trimmed), 1))
    return trimmed.filter(candidates)
