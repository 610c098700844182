"""A file is read as values with lines, and what YAML's versions read differently is refused."""

from __future__ import annotations

import contextlib
import itertools
import re
from collections import Counter

import pytest
import yaml

from kfpkit.configuration.documents import read_document
from kfpkit.configuration.documents.scalars import ScalarError, read_scalar


@pytest.fixture
def read(tmp_path):
    """Return a function that reads a text as a file."""
    file = tmp_path / "dev.yaml"

    def read_text(text):
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_document(file)

    return read_text


def list_faults(document):
    return [(fault.where.line, fault.problem) for fault in document.faults]


def test_every_value_has_its_line(read):
    document = read("a: 1\nb:\n  c: [2, {d: three}]\n  e: |\n    four\n")
    assert document.values == {"a": 1, "b": {"c": [2, {"d": "three"}], "e": "four\n"}}
    lines = {".".join(keys): line for keys, line in document.lines.items() if keys}
    assert lines == {"a": 1, "b": 2, "b.c": 3, "b.c.0": 3, "b.c.1": 3, "b.c.1.d": 3, "b.e": 4}
    assert document.find_place(("b", "missing")).line == 2
    assert document.find_place(("missing",)).line is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("False", False),
        ("0", 0),
        ("-12", -12),
        ("0x1F", 31),
        ("9007199254740992", 2**53),
        ("1.5", 1.5),
        ("1.0e+3", 1000.0),
        ("null", None),
        ("~", None),
        ("", None),
        ("y", "y"),
        ("=", "="),
        ("v1.2.3", "v1.2.3"),
        ('"no"', "no"),
        ("'012'", "012"),
        ('"12:30"', "12:30"),
        ('"2024-01-31"', "2024-01-31"),
        ("!!str 012", "012"),
        ("!!str 2024-01-31", "2024-01-31"),
        ("+.5x", "+.5x"),
        ("1.5.0", "1.5.0"),
        ("01.5", 1.5),
        ('"1e3"', "1e3"),
    ],
)
def test_what_all_versions_read_alike_is_read(read, text, value):
    document = read(f"a: {text}\n")
    assert list_faults(document) == []
    assert document.values == {"a": value}
    assert type(document.values["a"]) is type(value)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("no", 'write `"no"` or `false`'),
        ("On", 'write `"On"` or `true`'),
        ("012", 'write `12`, or `"012"` for a string'),
        ("-012", "is octal in YAML 1.1 and -12 in YAML 1.2"),
        ("08.5e", None),
        ("0o17", "is a number in YAML 1.2 and a string in YAML 1.1"),
        ("0b101", "is a binary number in YAML 1.1"),
        ("1_000", 'write `1000`, or `"1_000"` for a string'),
        ("1_000.5", 'write `1000.5`, or `"1_000.5"` for a string'),
        ("12:30", "is a number in base 60 in YAML 1.1"),
        ("1:30:15.5", "is a number in base 60 in YAML 1.1"),
        ("1e3", 'write `1000.0`, or `"1e3"` for a string'),
        ("2024-01-31", 'write `"2024-01-31"`'),
        ("2024-01-31 10:00:00", 'write `"2024-01-31 10:00:00"`'),
        (".nan", "isn't a number that JSON has"),
        ("-.INF", "isn't a number that JSON has"),
        ("1.0e+999", "is too large"),
        ("9007199254740993", "KFP's messages round integers past 2**53"),
        ("-0x1F", "is a number in YAML 1.1 and a string in YAML 1.2"),
        ("0x20000000000001", "KFP's messages round integers past 2**53"),
        ("-.5", 'write `-0.5`, or `"-.5"` for a string'),
        ("+12e03", "is a number in YAML 1.2 and a string in YAML 1.1"),
        ("<<", "has a meaning of its own in YAML; write it in quotes"),
        ("!!int abc", "the tag of `abc` isn't supported"),
        ("!!float 5", "the tag of `5` isn't supported"),
        ("!!bool maybe", "the tag of `maybe` isn't supported"),
        ("!!null x", "the tag of `x` isn't supported"),
        ("!!binary aGk=", "the tag of `aGk=` isn't supported"),
        ("!custom x", "isn't supported; remove the tag"),
        ('!!int "5"', "the tag of `5` isn't supported"),
        ("!!set {x}", "isn't supported; remove the tag"),
    ],
)
def test_what_versions_read_differently_or_json_lacks_is_refused_with_its_line(read, text, advice):
    document = read(f"first: 1\na: {text}\n")
    if advice is None:
        assert document.values["a"] == text
        return
    ((line, problem),) = list_faults(document)
    assert line == 2
    assert problem.startswith("`a`: ")
    assert advice in problem
    assert document.values == {"first": 1}


CORE = (  # the core schema of YAML 1.2
    (r"null|Null|NULL|~|", lambda _: None),
    (r"true|True|TRUE|false|False|FALSE", lambda text: text.lower() == "true"),
    (r"[-+]?[0-9]+", int),
    (r"0o[0-7]+", lambda text: int(text, 0)),
    (r"0x[0-9a-fA-F]+", lambda text: int(text, 16)),
    (r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", float),
    (r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", float),
)


def read_by_core_schema(text):
    """Read a plain scalar as YAML 1.2 does."""
    return next((make(text) for form, make in CORE if re.fullmatch(form, text)), text)


def test_every_short_scalar_that_is_read_is_the_same_in_both_versions():
    counts = Counter()
    for length in range(4):
        for letters in itertools.product("01.-+e_:xno~8", repeat=length):
            text = "".join(letters)
            with contextlib.suppress(yaml.YAMLError, ScalarError):
                node = yaml.compose(f"a: {text}\n").value[0][1]
                if isinstance(node, yaml.ScalarNode) and node.value == text:
                    counts["all"] += 1
                    value = read_scalar(node)
                    counts["read"] += 1
                    older = yaml.safe_load(f"a: {text}\n")["a"]
                    newer = read_by_core_schema(text)
                    assert [value, type(value)] == [older, type(older)] == [newer, type(newer)]
    assert counts["all"] > counts["read"] > 2000


def test_a_key_that_is_set_twice_is_refused_with_both_lines(read):
    document = read("a:\n  b: 1\n  c: 2\n  b: 3\n")
    assert list_faults(document) == [
        (4, "`a.b` is set twice, first in line 2; remove one of the two")
    ]


@pytest.mark.parametrize("key", ["no", "1", "null", "1.5", "[a]", "2024-01-31"])
def test_a_key_that_is_no_string_is_refused(read, key):
    ((line, problem),) = list_faults(read(f"a: 1\n? {key}\n: 2\n"))
    assert line == 2
    assert problem.startswith("the key ")


def test_anchors_aliases_and_merges_are_read(read):
    document = read(
        "one: &one {a: 1, b: 2}\ntwo: &two {b: 3, c: 4}\n"
        "all:\n  <<: [*one, *two]\n  a: 5\nagain: *one\n"
    )
    assert list_faults(document) == []
    assert document.values["all"] == {"a": 5, "b": 2, "c": 4}
    assert document.values["again"] == {"a": 1, "b": 2}
    assert document.lines["all", "a"] == 5


def test_a_merge_of_something_else_is_refused(read):
    assert list_faults(read("a:\n  <<: 5\n")) == [(2, "`a`: `<<` takes only mappings")]


def test_an_alias_that_contains_itself_is_refused(read):
    assert list_faults(read("a: &a [1, *a]\n")) == [(1, "the alias contains itself; remove it")]


def test_aliases_that_multiply_are_refused(read):
    doubling = "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 30))
    ((_, problem),) = list_faults(read(f"a0: &a0 [1]\n{doubling}"))
    assert problem == "it has more than 100,000 values; check its aliases"


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("a: {b: 1\n", 2, "it isn't YAML: while parsing a flow mapping, expected ',' or '}'"),
        ("a: 1\n\tb: 2\n", 2, "it isn't YAML: "),
        ("a: 1\n---\nb: 2\n", 2, "a configuration file has one document"),
        ("a: *b\n", 1, "found undefined alias 'b'"),
        ("- a\n", 1, "it does not contain keys with values"),
        ("a\n", 1, "it does not contain keys with values"),
        ("a: \x07\n", None, "special characters are not allowed"),
        (b"a: \xff\n", None, "it isn't UTF-8: invalid start byte at byte 3"),
        ("[" * 5000, None, "nested too deeply"),
    ],
)
def test_a_file_that_cannot_be_read_has_one_fault(read, text, line, problem):
    ((found, message),) = list_faults(read(text))
    assert found == line
    assert problem in message


def test_an_empty_file_has_no_values(read):
    for text in ("", "# nothing\n", "---\n"):
        document = read(text)
        assert (document.values, document.faults) == ({}, ())


def test_a_folder_is_no_file(tmp_path):
    (fault,) = read_document(tmp_path).faults
    assert fault.problem == "Is a directory"
