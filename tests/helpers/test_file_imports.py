"""Imports of files: what is recognized in them, and what is refused with line and column."""

from __future__ import annotations

import base64
import gzip
import io
import json
import subprocess
import zipfile
from typing import Any

import pytest
from helpers.own_variables import ROOT, VARIABLES

from kfpkit.environments import find_environment
from kfpkit.environments.venvs import ensure_virtual_environment, python_of
from kfpkit.project.project import find_project

pytestmark = pytest.mark.slow

# One process imports all files: starting it takes longer than the imports.
IMPORT_ALL = """
import base64, io, json, logging, sys
from pathlib import Path
from kfpkit.helpers.file_imports import Form, import_table
from kfpkit.helpers.sources import opened_source
from kfpkit.helpers.tables import open_table

results = {}
for name, (file, content, form) in json.load(sys.stdin).items():
    said = io.StringIO()
    logging.basicConfig(stream=said, format="%(message)s", force=True)
    Path(name).mkdir()
    Path(name, file).write_bytes(base64.b64decode(content))
    try:
        with opened_source(f"{name}/{file}") as source:
            schema = import_table(source, Form(**form), f"{name}/table")
        rows = open_table(f"{name}/table").read().to_pylist()
        results[name] = {
            "types": {field.name: str(field.type) for field in schema},
            "rows": rows,
            "said": said.getvalue(),
        }
    except (ValueError, FileNotFoundError) as error:
        results[name] = {"refusal": str(error), "left": Path(name, "table").exists()}
print(json.dumps(results, default=str))
"""


def zipped(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


TYPED = (
    "flag,whole,number,day,at,zoned,zip,text,blank\n"
    "true,1,1.5,2024-05-01,2024-05-01 12:30:00,2024-05-01T12:00:00+02:00,01067,a,\n"
    'FALSE,-2,2,2024-05-02,2024-05-01,2024-05-01T12:00:00Z,10115,"b, c",\n'
    ",,NA,,,,,,\n"
)
READ: dict[str, tuple[str, Any, dict[str, Any]]] = {
    "typed": ("t.csv", TYPED, {}),
    "semicolons": ("t.csv", "a;b\n1,5;x,y,z\n2,25;y\n", {"decimal": ","}),
    "comma_hint": ("t.csv", "a;b\n1,5;x\n", {}),
    "tabs": ("t.tsv", "a\tb\n1\tx\n", {}),
    "latin": ("t.csv", "name\nJosé\n".encode("cp1252"), {"encoding": "windows-1252"}),
    "marked": ("t.csv", "\ufeffname,b\nJosé,1\n".encode(), {}),
    "wide": ("t.csv", "name,b\nJosé,1\n".encode("utf-16"), {}),
    "late": ("t.csv", "x\n" + "1\n" * 3_000_000 + "oops\n", {}),
    "huge": ("t.csv", "x\n1\n99999999999999999999\n", {}),
    "widened": ("t.csv", "x\n1\n1.5\n", {}),
    "declared": ("t.csv", "d,x\n31.12.2024,7\n", {"types": {"d": "date:%d.%m.%Y", "x": "string"}}),
    "german_dates": ("t.csv", "d\n31.12.2024\n", {}),
    "namibia": ("t.csv", "country\nNA\nDE\n", {}),
    "namibia_kept": ("t.csv", "country\nNA\nDE\n", {"missing": [""]}),
    "headless": ("t.csv", "1,2\n3,4\n", {"columns": ["a", "b"]}),
    "line_breaks": ("t.csv", '"a\nb",c\n"1\n2",3\n', {}),
    "numbered": ("t.csv", '"","x"\n"1",5\n', {}),
    "one_column": ("t.csv", "x\na\nb\n", {}),
    "packed": ("t.csv.gz", gzip.compress(b"x\n1\n"), {}),
    "archive": ("t.csv.zip", zipped(**{"inner.csv": "x\n1\n"}), {}),
    "json": (
        "t.jsonl",
        '{"a": 1, "at": "2024-05-01T00:00:00Z", "s": "12"}\n\n{"b": {"c": [1.5]}, "a": 2.5}\n',
        {},
    ),
    "json_times": ("t.ndjson", '{"at": "2024-05-01 00:00:00"}\n{"at": "soon"}\n', {}),
}
REFUSED: dict[str, tuple[str, Any, dict[str, Any], str]] = {
    "empty": ("t.csv", "", {}, "`empty/t.csv` is empty."),
    "no_rows": ("t.csv", "a,b\n", {}, "`no_rows/t.csv` has no rows."),
    "short_row": ("t.csv", 'a,b\n"1\n2",3\n4\n', {}, "line 4: the row has 1 fields, but the table"),
    "long_row": ("t.csv", "a,b\n1,2,3\n1,2\n", {}, "line 2: the row has 3 fields, but the table"),
    "open_quote": ("t.csv", 'a,b\n1,2\n"3,4\n5,6\n', {}, "line 3: the row cannot be read"),
    "no_text": (
        "t.csv",
        b"a,b\n1,2\nx,Jos\xe9\n",
        {},
        "line 3, byte 6: the byte 0xe9 is not utf-8",
    ),
    "no_encoding": (
        "t.csv",
        "a\n1\n",
        {"encoding": "latin-99"},
        "The encoding `latin-99` does not",
    ),
    "twice": ("t.csv", "a,b,a\n1,2,3\n", {}, "more than one column has the name `a`"),
    "unnamed": ("t.csv", "a,,c\n1,2,3\n", {}, "line 1: column 2 has no name."),
    "mixed_zones": (
        "t.csv",
        "at\n2024-05-01T00:00:00Z\n2024-05-01T00:00:00\n",
        {},
        "The column `at` mixes times with and without a zone: `2024-05-01T00:00:00` in row 1",
    ),
    "declared_wrong": (
        "t.csv",
        'note,age\n"two\nlines",7\nx,seven\n',
        {"types": {"age": "integer"}},
        "line 4, column `age`: `seven` is not of the type integer. Correct the value",
    ),
    "no_such_type": (
        "t.csv",
        "a\n1\n",
        {"types": {"a": "int"}},
        "The type `int` of the column `a`",
    ),
    "no_such_column": (
        "t.csv",
        "a\n1\n",
        {"types": {"b": "string"}},
        "The table has no column `b`",
    ),
    "unknown_format": ("t.xlsx", "PK", {}, "Give `format`: `csv`, `jsonl` or `parquet`."),
    "two_files": ("t.zip", zipped(a="1", b="2"), {"format": "csv"}, "contains 2 files"),
    "broken_parquet": ("t.parquet", "PAR1", {}, "is not a complete Parquet file"),
    "broken_json": ("t.jsonl", '{"a": 1}\n{"a": }\n', {}, "line 2, column 7: Expecting value"),
    "no_object": ("t.jsonl", '{"a": 1}\n[1]\n', {}, "line 2: the line is not a JSON object"),
    "two_kinds": (
        "t.jsonl",
        '{"a": 1}\n{"a": "x"}\n',
        {},
        "line 2: the value of `a` is of the type string, but it is of the type number in line 1",
    ),
}


def encode(content: str | bytes) -> str:
    return base64.b64encode(content if isinstance(content, bytes) else content.encode()).decode()


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> dict[str, Any]:
    venv = ensure_virtual_environment(find_environment(find_project(ROOT), "gcp"))
    cases = {
        name: (file, encode(content), form)
        for name, (file, content, form, *_) in (READ | REFUSED).items()
    }
    done = subprocess.run(
        [str(python_of(venv)), "-c", IMPORT_ALL],
        input=json.dumps(cases),
        env=VARIABLES,
        cwd=tmp_path_factory.mktemp("imports"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_imported_is_refused_with_its_place(results, name):
    assert REFUSED[name][-1] in results[name]["refusal"]
    assert not results[name]["left"]


def test_types_are_recognized_and_gaps_are_missing(results):
    assert results["typed"]["types"] == {
        "flag": "bool",
        "whole": "int64",
        "number": "double",
        "day": "date32[day]",
        "at": "timestamp[us]",
        "zoned": "timestamp[us, tz=UTC]",
        "zip": "string",
        "text": "string",
        "blank": "string",
    }
    first, second, third = results["typed"]["rows"]
    assert first["flag"] is True
    assert second["flag"] is False
    assert (first["zip"], second["text"]) == ("01067", "b, c")
    assert first["zoned"] == "2024-05-01 10:00:00+00:00"
    assert set(third.values()) == {None}
    assert "The column `blank` has no values." in results["typed"]["said"]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("semicolons", [{"a": 1.5, "b": "x,y,z"}, {"a": 2.25, "b": "y"}]),
        ("tabs", [{"a": 1, "b": "x"}]),
        ("latin", [{"name": "José"}]),
        ("marked", [{"name": "José", "b": 1}]),
        ("wide", [{"name": "José", "b": 1}]),
        ("huge", [{"x": "1"}, {"x": "99999999999999999999"}]),
        ("widened", [{"x": 1.0}, {"x": 1.5}]),
        ("declared", [{"d": "2024-12-31", "x": "7"}]),
        ("namibia_kept", [{"country": "NA"}, {"country": "DE"}]),
        ("headless", [{"a": 1, "b": 2}, {"a": 3, "b": 4}]),
        ("line_breaks", [{"a\nb": "1\n2", "c": 3}]),
        ("numbered", [{"row": 1, "x": 5}]),
        ("one_column", [{"x": "a"}, {"x": "b"}]),
        ("packed", [{"x": 1}]),
        ("archive", [{"x": 1}]),
    ],
)
def test_a_file_is_read_in_its_form(results, name, rows):
    assert results[name].get("rows", results[name]) == rows


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "comma_hint",
            'The column `a` has numbers with a decimal comma: `decimal=","` reads them.',
        ),
        ("german_dates", 'The column `d` has dates that are not in ISO 8601: `types={"d": "date:'),
        ("namibia", "The string column `country` has 1 values such as `NA` that were taken as mis"),
        ("late", "The column `x` is imported as strings because of line 3000002: `oops`."),
    ],
)
def test_what_an_author_may_not_expect_is_reported(results, name, said):
    assert said in results[name]["said"]


def test_objects_become_rows_and_strings_with_digits_stay_strings(results):
    assert results["json"]["rows"] == [
        {"a": 1.0, "at": "2024-05-01 00:00:00+00:00", "s": "12", "b": None},
        {"a": 2.5, "at": None, "s": None, "b": {"c": [1.5]}},
    ]
    assert results["json_times"]["types"] == {"at": "string"}
