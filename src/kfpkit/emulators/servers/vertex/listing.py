"""Lists: filtered, ordered, in pages, with the fields that a mask names."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .filtering import Fields, parse_filter, write_condition
from .google_messages import find_message, make_message
from .refusals import invalid
from .store import Row, Store, make_row

_LARGEST = 1000
_ORDER = re.compile(r"(\w+)(?:\s+(asc|desc))?", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Query:
    """A request for a list.

    Args:
        kind: The message of the resources.
        parent: Where they are.
        fields: The fields that filters know.
        orders: The fields by which they can be ordered.
        filter: The filter.
        order_by: The order. Without one, the newest come first.
        page_size: The number of resources in a page.
        page_token: Where the page begins.
        default_size: The number without `page_size`.
    """

    kind: str
    parent: str
    fields: Fields
    orders: Sequence[str]
    filter: str = ""
    order_by: str = ""
    page_size: int = 0
    page_token: str = ""
    default_size: int = 100


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of a list, as the answer to a request.

    Args:
        response: The message of the response.
        field: Its field with the resources.
        kind: The message of the resources.
        rows: The resources.
        token: Where the next page begins.
        mask: The paths of the fields to read. Empty for all.
    """

    response: str
    field: str
    kind: str
    rows: Sequence[Row]
    token: str = ""
    mask: Sequence[str] = ()

    def serialize(self) -> str:
        """Return the response as JSON, with enums as numbers."""
        texts = [row.text for row in self.rows]
        if self.mask:
            texts = [json.dumps(select_fields(json.loads(text), self.mask)) for text in texts]
        content = f'"{_to_camel_case(self.field)}":[{",".join(texts)}]' if texts else ""
        token = f'"nextPageToken":{json.dumps(self.token)}' if self.token else ""
        return "{" + ",".join(filter(None, [content, token])) + "}"

    def make_message(self) -> Any:
        """Return the response as a message."""
        response = find_message(self.response)(next_page_token=self.token)
        kind = find_message(self.kind)
        for row in self.rows:
            if self.mask:
                item = make_message(self.kind, select_fields(json.loads(row.text), self.mask))
            else:
                item = kind.FromString(row.body)
            getattr(response, self.field).append(item)
        return response


def list_page(store: Store, query: Query) -> tuple[list[Row], str]:
    """Return the resources of a page, and the token of the next one.

    A page begins after the last resource of the one before, so that resources that are created or
    deleted between two pages neither repeat nor hide others.

    Raises:
        RefusedError: The filter, the order, the size or the token is wrong.
    """
    if query.page_size < 0:
        raise invalid("Invalid `page_size`: it must not be negative.")
    size = min(query.page_size or query.default_size, _LARGEST)
    condition, values = write_condition(parse_filter(query.filter), query.fields)
    keys = _read_order(query)
    begin, start = _begin_after(query, keys)
    columns = ", ".join(f"{column} {'DESC' if down else 'ASC'}" for column, down in keys)
    found = store.run(
        f"SELECT name, fields, body, text FROM resources WHERE kind = ? AND parent = ?"
        f" AND {condition} AND {begin} ORDER BY {columns} LIMIT ?",
        (query.kind, query.parent, *values, *start, size + 1),
    )
    rows = [make_row(each) for each in found[:size]]
    token = _write_token(query, rows[-1], keys) if len(found) > size else ""
    return rows, token


def _read_order(query: Query) -> list[tuple[str, bool]]:
    """Return the columns of the order, and whether each is descending. The name makes it total."""
    keys = []
    for part in filter(None, (each.strip() for each in query.order_by.split(","))):
        found = _ORDER.fullmatch(part)
        name = _to_snake_case(found[1]) if found else ""
        if found is None or name not in query.orders:
            known = ", ".join(f"`{each}`" for each in query.orders)
            raise invalid(f"Invalid `order_by`: `{part}`. Supported fields: {known}.")
        keys.append((_name_column(name), (found[2] or "").lower() == "desc"))
    keys = keys or [(_name_column("create_time"), True)]
    return [*keys, ("name", keys[0][1])]


def _name_column(field: str) -> str:
    # Jobs that have not ended come last in an ascending order, as times in the future.
    return (
        f"json_extract(fields, '$.{field}')"
        if field == "create_time"
        else f"coalesce(json_extract(fields, '$.{field}'), '~')"
    )


def _begin_after(query: Query, keys: Sequence[tuple[str, bool]]) -> tuple[str, list[Any]]:
    """Return the condition that a page begins after its token's resource."""
    if not query.page_token:
        return "1", []
    last = _read_token(query)
    if len(last) != len(keys):
        raise _refuse_token()
    if len({down for _, down in keys}) == 1:  # which SQLite finds in the index
        columns = ", ".join(column for column, _ in keys)
        marks = ", ".join("?" for _ in keys)
        return f"({columns}) {'<' if keys[0][1] else '>'} ({marks})", last
    cases, values = [], []
    for index, (column, down) in enumerate(keys):
        equal = [f"{before} = ?" for before, _ in keys[:index]]
        cases.append("(" + " AND ".join([*equal, f"{column} {'<' if down else '>'} ?"]) + ")")
        values += last[: index + 1]
    return "(" + " OR ".join(cases) + ")", values


def _write_token(query: Query, row: Row, keys: Sequence[tuple[str, bool]]) -> str:
    last = [_read_key(column, row) for column, _ in keys]
    content = json.dumps([_identify(query), last], separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def _read_key(column: str, row: Row) -> Any:
    if column == "name":
        return row.name
    field = column.partition("$.")[2].partition("'")[0]
    return row.fields.get(field) or "~"


def _read_token(query: Query) -> list[Any]:
    token = query.page_token
    try:
        content = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        asked, last = json.loads(content)
    except (binascii.Error, ValueError, TypeError):
        raise _refuse_token() from None
    if asked != _identify(query) or not isinstance(last, list):
        raise _refuse_token()
    return last


def _refuse_token() -> Exception:
    return invalid(
        "Invalid `page_token`: repeat the request with the filter and order of the first page."
    )


def _identify(query: Query) -> str:
    asked = [query.kind, query.parent, query.filter, query.order_by]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]


def select_fields(values: Mapping[str, Any], paths: Sequence[str]) -> dict[str, Any]:
    """Return the fields that a mask's paths name, in snake_case or camelCase."""
    selected: dict[str, Any] = {}
    for path in paths:
        if path == "*":
            return dict(values)
        _copy_path(values, [_to_camel_case(part) for part in path.split(".")], selected)
    return selected


def _copy_path(values: Mapping[str, Any], path: Sequence[str], target: dict[str, Any]) -> None:
    name, *rest = path
    if name not in values:
        return
    found = values[name]
    if not rest:
        target[name] = found
    elif isinstance(found, Mapping):
        inner = target.setdefault(name, {})
        if isinstance(inner, dict):
            _copy_path(found, rest, inner)


def _to_camel_case(name: str) -> str:
    return re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), name)


def _to_snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: f"_{found[1].lower()}", name)
