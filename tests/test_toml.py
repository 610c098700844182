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


def test_keys_are_located_by_their_lines():
    text = """\
# a comment
[tool.a]
x = 1  # y = 2
y = [
  "z = 3",
]
"quoted key".deep = true
text = '''
[not.a.table]
'''
inline = {one = 1}

[tool."b.c"]
[[tool.list]]
z = 2
"""
    lines = toml.locate_keys(text)

    assert lines["tool", "a"] == 2
    assert lines["tool", "a", "x"] == 3
    assert lines["tool", "a", "y"] == 4
    assert lines["tool", "a", "quoted key", "deep"] == 7
    assert lines["tool", "a", "text"] == 8
    assert lines["tool", "a", "inline", "one"] == 11
    assert lines["tool", "b.c"] == 13
    assert lines["tool", "list", "z"] == 15
    assert len(lines) == 12
