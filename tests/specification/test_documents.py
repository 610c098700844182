"""YAML documents: what was written is what is read, whatever the strings."""

import pytest
import yaml
from kfp import dsl

from kfpkit.compiler.compiler import compile_pipeline, to_yaml
from kfpkit.errors import UnreadablePipelineError
from kfpkit.specification.documents import write_documents

HOSTILE = [
    "one\ntwo",
    "SELECT a\nFROM b\n",
    "\n\n",
    "trailing\n\n\n",
    " leading: space",
    "\tleading tab\n\tand: another",
    "first\r\nsecond\rthird",
    "---\na: 1\n...\n",
    "a: b\n- c\n# d\n{e}\n[f]",
    "next\x85line",
    "line\u2028separator",
    "paragraph\u2029separator",
    "nul\x00 bell\x07 escape\x1b delete\x7f",
    "\ufeffmark\ufffe\uffff",
    "wörld 世界 🙂\n🙂",
    "'single' \"double\" `back` \\n",
    "%directive\n&anchor *alias !tag | > ?",
    "trailing space \nand tab\t\n",
    "x" * 5000 + "\n" + "y " * 2000,
    "",
    " ",
]
# Go's reader, which Kubeflow's services use, takes each of these for a number or a truth value
# where it is not quoted.
NUMBERS_ELSEWHERE = ["08", "09", "1e3", "1E5", ".5e3", "-1.5e3", "0o17", "0X1F", "0B1", "y", "N"]


def piped(text: str):
    @dsl.component(base_image="python:3.11")
    def say(text: str) -> str:
        return text

    @dsl.pipeline(name="hostile", description=f"Says {text}")
    def hostile(text: str = text, texts: list = [text], more: dict = {"key": text}) -> str:  # noqa: B006
        return say(text=text).output

    return hostile


@pytest.mark.parametrize("text", [*HOSTILE, *NUMBERS_ELSEWHERE], ids=ascii)
def test_any_default_reads_back_as_it_was(text, tmp_path):
    file = compile_pipeline(piped(text), tmp_path / "hostile.yaml")

    (document,) = yaml.safe_load_all(file.read_bytes())
    found = document["root"]["inputDefinitions"]["parameters"]
    assert found["text"].get("defaultValue", "") == text
    assert found["texts"]["defaultValue"] == [text]
    assert found["more"]["defaultValue"] == {"key": text}


def test_every_line_of_a_default_is_a_comment():
    text = to_yaml(piped("one\n---\ntwo\u2028three\x07"))

    head = text[: text.index("\ncomponents:")].splitlines()
    assert [line for line in head if not line.startswith("#")] == []
    assert "#              two" in head
    assert r"#              three\x07']" in head


@pytest.mark.parametrize("text", NUMBERS_ELSEWHERE)
def test_what_another_reader_takes_for_a_number_is_quoted(text):
    assert write_documents([{"key": text}]) == f"key: '{text}'\n"


def test_numbers_and_versions_stay_plain():
    values = {"a": 1, "b": 1.5, "c": True, "d": "2.1.0", "e": "kfp-2.17.0", "f": None}
    assert "'" not in write_documents([values])


def test_what_does_not_read_back_is_refused():
    with pytest.raises(UnreadablePipelineError, match="a value reads back as a different one"):
        write_documents([{"key": float("nan")}])


def test_a_pipeline_that_does_not_read_back_leaves_the_file_before(tmp_path, monkeypatch):
    file = compile_pipeline(piped("before"), tmp_path / "pipeline.yaml")
    before = file.read_bytes()
    # As KFP writes its comments.
    monkeypatch.setattr("kfpkit.specification.documents._write_comments", lambda comments: comments)

    with pytest.raises(UnreadablePipelineError, match="changes when it is written"):
        compile_pipeline(piped("one\ntwo: three\n"), file)

    assert file.read_bytes() == before
