"""Records are written as files that later versions, and other programs, can read."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest
from pydantic import BaseModel
from runs.record.filled import RECORD

from kfpkit.errors import NewerRecordError, RunsError, UnreadableRecordError
from kfpkit.runs.record import (
    FORMAT,
    Output,
    RunRecord,
    RunState,
    State,
    Task,
    read_record,
    write_record,
)

GOLDEN = Path(__file__).parent / "run.json"


def test_the_file_is_the_one_that_readers_know(tmp_path):
    write_record(RECORD, tmp_path)
    written = (tmp_path / "run.json").read_text()
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(written)
    assert written == GOLDEN.read_text()


def test_a_record_comes_back_as_it_was_written():
    assert read_record(GOLDEN) == RECORD


def test_the_file_that_readers_know_has_every_field():
    assert [name for part in parts(RECORD) for name in missing(part)] == []


def test_what_is_not_known_is_left_out(tmp_path):
    write_record(RunRecord(id="r", pipeline="p", state=RunState.RUNNING), tmp_path)
    written = json.loads((tmp_path / "run.json").read_text())
    known = {key: value for key, value in written.items() if value not in ({}, [])}
    assert known == {"format": FORMAT, "id": "r", "pipeline": "p", "state": "running"}
    assert "null" not in (tmp_path / "run.json").read_text()


def test_a_field_of_a_later_version_is_ignored(tmp_path):
    written = json.loads(GOLDEN.read_text())
    written["weather"] = "fine"
    written["tasks"][0]["mood"] = {"good": True}
    (tmp_path / "run.json").write_text(json.dumps(written))
    assert read_record(tmp_path) == RECORD


def test_a_record_in_a_later_format_is_refused(tmp_path):
    written = {"format": FORMAT + 1, "tasks": "in another form"}
    (tmp_path / "run.json").write_text(json.dumps(written))
    with pytest.raises(
        NewerRecordError, match=r"a later version wrote it\. Update kfpkit"
    ) as caught:
        read_record(tmp_path)
    facts = (caught.value.file, caught.value.written, caught.value.known)
    assert facts == (tmp_path / "run.json", FORMAT + 1, FORMAT)


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        ("", "Invalid JSON"),
        ("[]", "an object"),
        ('{"state": "failed"}', "`format`: Field required"),
        ('{"format": 1, "id": "r", "pipeline": "p", "state": "odd"}', "`state`: Input should be"),
    ],
)
def test_a_file_that_is_no_record_is_refused(tmp_path, content, cause):
    (tmp_path / "run.json").write_text(content)
    with pytest.raises(UnreadableRecordError) as caught:
        read_record(tmp_path)
    assert cause in str(caught.value)
    assert str(caught.value).startswith(f"{tmp_path / 'run.json'} is not the record of a run: ")


def test_a_folder_without_a_record_is_refused(tmp_path):
    with pytest.raises(RunsError, match=r"No such file or directory\. Choose another run"):
        read_record(tmp_path)


def test_text_of_any_kind_comes_back(tmp_path):
    text = "</script> \x00\x1b[31m \u202eright to left\u202c 🙂 \ud800"
    outputs = {text: Output(value={"a": [text, None]})}
    task = Task(name=text, state=State.FAILED, failure=text, outputs=outputs)
    write_record(RunRecord(id="r", pipeline=text, state=RunState.FAILED, tasks=(task,)), tmp_path)
    record = read_record(tmp_path)
    readable = text.replace("\ud800", "\\ud800")
    assert record.pipeline == readable
    assert record.tasks[0].outputs[readable].value == {"a": [readable, None]}


def test_a_reader_never_sees_a_part_of_a_record(tmp_path):
    write_record(RECORD, tmp_path)
    done = threading.Event()

    def write_often() -> None:
        for _ in range(100):
            write_record(RECORD, tmp_path)
        done.set()

    writer = threading.Thread(target=write_often)
    writer.start()
    while not done.is_set():
        assert read_record(tmp_path) == RECORD
    writer.join()
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]


def parts(part):
    """Yield a part of a record and all parts in it."""
    yield part
    for name in type(part).model_fields:
        value = getattr(part, name)
        values = value.values() if isinstance(value, dict) else value
        for each in values if isinstance(value, (dict, tuple)) else [value]:
            if isinstance(each, BaseModel):
                yield from parts(each)


def missing(part):
    """Yield the fields of a part that no part of its kind in the filled record has."""
    alike = [each for each in parts(RECORD) if type(each) is type(part)]
    for name in type(part).model_fields:
        if not any(getattr(each, name) not in (None, {}, ()) for each in alike):
            yield f"{type(part).__name__}.{name}"
