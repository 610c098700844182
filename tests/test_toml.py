"""What stands where a table should is a table, or is named."""

from __future__ import annotations

import pytest

from kfpkit import toml

DOCUMENT = toml.parse('[tool.kfpkit]\nregistry = "r"\n[project]\nname = "x"\n')


def test_a_table_is_found_by_its_keys():
    assert toml.read_table(DOCUMENT, "tool", "kfpkit") == {"registry": "r"}


def test_a_table_that_is_not_there_is_empty():
    assert toml.read_table(DOCUMENT, "tool", "poetry", "group") == {}


@pytest.mark.parametrize("keys", [("project", "name"), ("project", "name", "first")])
def test_what_is_not_a_table_is_named(keys):
    with pytest.raises(ValueError, match=r"^`project\.name` is not a table$"):
        toml.read_table(DOCUMENT, *keys)
