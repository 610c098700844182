"""Lists of resources: filters of predicates, orders, and pages with tokens."""

from __future__ import annotations

import base64
import json
from datetime import datetime

from kfp_server_api import V2beta1PredicateOperation

from kubeflow_server.refusals import INVALID, RefusalError

_DEFAULT_PAGE, _LARGEST_PAGE = 20, 200
# The numbers of the protocol; 4 is not used.
_NUMBERS = {1: "EQUALS", 2: "NOT_EQUALS", 3: "GREATER_THAN", 5: "GREATER_THAN_EQUALS"}
_NUMBERS |= {6: "LESS_THAN", 7: "LESS_THAN_EQUALS", 8: "IN", 9: "IS_SUBSTRING"}
_COMPARISONS = {
    "EQUALS": lambda own, given: own == given,
    "NOT_EQUALS": lambda own, given: own != given,
    "GREATER_THAN": lambda own, given: own > given,
    "GREATER_THAN_EQUALS": lambda own, given: own >= given,
    "LESS_THAN": lambda own, given: own < given,
    "LESS_THAN_EQUALS": lambda own, given: own <= given,
    "IN": lambda own, given: own in given,
    "IS_SUBSTRING": lambda own, given: given in (own or ""),
}
_OLD_NAMES = {"name": "display_name"}
assert {*_COMPARISONS} == {*V2beta1PredicateOperation.allowable_values[1:]}


def list_page(resources, query, keys):
    """Return a page of resources, the token of the next page, and the number of all.

    `keys` are what can be filtered and sorted by.
    """
    token = _read_token(query)
    options = {key: query.get(key, [""])[0] for key in ("filter", "sort_by")}
    if token:
        if any(given and given != token[key] for key, given in options.items()):
            raise RefusalError(INVALID, "The page token doesn't match the filter or the order.")
        options = {key: token[key] for key in options}
    found = [each for each in resources if _fits(each, options["filter"], keys)]
    found = _sort(found, options["sort_by"], keys)
    size = int(query.get("page_size", ["0"])[0]) or _DEFAULT_PAGE
    start = token["offset"] if token else 0
    end = start + min(size, _LARGEST_PAGE)
    page = found[start:end]
    following = _write_token({**options, "offset": end}) if end < len(found) else None
    return page, following, len(found)


def _fits(resource, text, keys):
    if not text:
        return True
    try:
        predicates = json.loads(text).get("predicates", [])
    except ValueError:
        raise RefusalError(INVALID, f"Filter {text} is no JSON.") from None
    return all(_holds(resource, predicate, keys) for predicate in predicates)


def _holds(resource, predicate, keys):
    operation = predicate.get("operation", predicate.get("op"))
    operation = _NUMBERS.get(operation, operation)
    if operation not in _COMPARISONS:
        raise RefusalError(INVALID, f"Unknown operation {operation!r}")
    [value] = [
        value
        for key, value in predicate.items()
        if key.lower().replace("_", "").endswith(("value", "values"))
    ]
    if isinstance(value, dict):
        value = value["values"]
    own = _get(resource, predicate.get("key"), keys)
    if isinstance(own, datetime):
        value = datetime.fromisoformat(value.replace("Z", "+00:00"))
    return _COMPARISONS[operation](own, value)


def _get(resource, key, keys):
    if key not in keys:
        raise RefusalError(INVALID, f'no support for filtering on unrecognized field "{key}"')
    return getattr(resource, _OLD_NAMES.get(key, key))


def _sort(resources, order, keys):
    key, _, direction = (order or "created_at").partition(" ")
    ordered = sorted(resources, key=lambda each: _get(each, key, keys))
    return ordered[::-1] if direction.strip() == "desc" else ordered


def _write_token(values):
    return base64.b64encode(json.dumps(values).encode()).decode()


def _read_token(query):
    text = query.get("page_token", [""])[0]
    if not text:
        return None
    try:
        return json.loads(base64.b64decode(text))
    except ValueError:
        raise RefusalError(INVALID, "The page token is invalid.") from None
