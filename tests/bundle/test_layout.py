"""Names that are supplied stand in front of a module, whatever its first line is."""

from __future__ import annotations

import ast

import pytest

SCORE = "def score(a: Optional[int]) -> str:\n    return str(VALUE)\n"
OVER_SEVERAL_LINES = {
    "call": "VALUE = dict(\n    a=1,\n)\n",
    "list": "VALUE = [\n    1,\n    2,\n]\n",
    "text": 'VALUE = """one\ntwo"""\n',
    "backslash": "VALUE = 1 + \\\n    2\n",
    "parenthesis": "(VALUE) = (\n    1\n)\n",
    "condition": "if True:\n    VALUE = 1\nelse:\n    VALUE = 2\n",
    "try": "try:\n    VALUE = 1\nexcept ValueError:\n    VALUE = 2\n",
    "match": "match 1:\n    case VALUE:\n        pass\n",
    "with": "import io\nwith io.StringIO() as VALUE:\n    pass\n",
    "two statements": "BASE = (\n    1\n); VALUE = BASE + 1\n",
    "import": "from os.path import (\n    join,\n    sep as VALUE,\n)\n",
}


@pytest.fixture
def value_of(own):
    """Return a function that gives what `score` of a reduced module answers, with its source."""

    def run(source):
        reduced = own(source)
        names: dict = {}
        exec(compile(reduced, "pipeline.py", "exec", dont_inherit=True), names)
        return names["score"](1), reduced

    return run


@pytest.mark.parametrize("case", OVER_SEVERAL_LINES)
@pytest.mark.parametrize("head", ["", "# coding: utf-8\n", "# a note\n"])
def test_a_name_is_supplied_in_front_of_a_statement_over_several_lines(value_of, head, case):
    source = head + OVER_SEVERAL_LINES[case] + SCORE
    names: dict = {}
    exec(f"from typing import Optional\n{source}", names)
    value, reduced = value_of(source)
    expected = names["score"](1)
    if case != "with":  # each has a file of its own
        assert value == expected
    assert "Optional" in ast.unparse(ast.parse(reduced).body[0])


@pytest.mark.parametrize("case", OVER_SEVERAL_LINES)
def test_a_supplied_name_moves_no_line_where_the_first_one_is_free(value_of, case):
    source = "# a note\n" + OVER_SEVERAL_LINES[case] + SCORE
    _, reduced = value_of(source)
    assert reduced.splitlines()[-2:] == source.splitlines()[-2:]
    assert len(reduced.splitlines()) == len(source.splitlines())


@pytest.mark.parametrize("case", ["call", "list", "text", "backslash", "import", "two statements"])
def test_a_supplied_name_moves_no_line_of_a_simple_statement(value_of, case):
    source = OVER_SEVERAL_LINES[case] + SCORE
    _, reduced = value_of(source)
    assert len(reduced.splitlines()) == len(source.splitlines())
    assert reduced.splitlines()[-2:] == source.splitlines()[-2:]


SHARED = [
    "import os, json; VALUE = dict(\n    a=1,\n)\n",
    "VALUE = [\n    1,\n]; import os, json\n",
    "VALUE = [\n    1,\n]; from os import (\n    sep, path as os)\n",
    "from os import (\n    sep, path as os); VALUE = [\n    1]\n",
    "X = 1; import os, json; VALUE = dict(\n    a=X,\n); import sys, math as os\n",
    "X = [\n    1]; from os import (sep,\n    path as os); VALUE = X\n",
    "from __future__ import annotations; VALUE = [\n    1]; import os\n",
]


@pytest.mark.parametrize("head", SHARED)
def test_an_import_that_shares_its_lines_stays_apart_from_other_statements(own, head):
    source = f"{head}def score(a: Optional[int]) -> str:\n    return os.__name__ + str(VALUE)\n"
    reduced = own(source)
    names: dict = {}
    exec(compile(reduced, "pipeline.py", "exec", dont_inherit=True), names)
    plain: dict = {}
    exec(compile(source.replace("Optional[int]", "int"), "", "exec", dont_inherit=True), plain)
    assert names["score"](1) == plain["score"](1)
    assert reduced.splitlines()[-2:] == source.splitlines()[-2:]
    assert len(reduced.splitlines()) == len(source.splitlines())


@pytest.mark.parametrize("between", ["\n    ", "; "])
def test_an_import_in_front_of_a_nested_function_is_lost_in_no_comment(own, between):
    source = (
        "import os  # for later\nBASE = os.sep  # a note\ndef make():\n"
        f"    import json{between}import math\n    def score(a: int) -> str:\n"
        "        return json.dumps(math.floor(1.5)) + BASE\n    return score\n"
    )
    names: dict = {}
    exec(compile(own(source), "pipeline.py", "exec", dont_inherit=True), names)
    assert names["score"](1) == "1/"
