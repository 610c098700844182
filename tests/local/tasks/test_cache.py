from __future__ import annotations

import os
import shutil

import pytest
from kfp import dsl

from kfpkit.local.tasks.cache import Entry, TaskCache
from kfpkit.specification.execution import compute_task_key

FACTS = {
    "function": "train",
    "image": "registry/sklearn:1",
    "command": ["python3", "-c", "code", "{{$}}"],
    "arguments": {"rate": 0.5},
    "variables": {},
    "custom": "",
}


@pytest.fixture
def cache(tmp_path):
    return TaskCache(folder=tmp_path / "cache")


def test_outputs_come_back_as_they_were(cache, tmp_path):
    file = tmp_path / "model"
    file.touch()
    model = dsl.Model(name="model", uri=str(file), metadata={"n": 1, "x": [0.5]})
    cache.put(
        "k",
        Entry.take(
            {"model": model, "score": 0.5, "names": ["a"], "both": [model, model]},
            run="r",
            task="t",
        ),
    )
    outputs = cache.get("k").outputs
    assert (outputs["score"], outputs["names"]) == (0.5, ["a"])
    for again in (outputs["model"], *outputs["both"]):
        assert (type(again), again.uri, again.metadata) == (dsl.Model, model.uri, model.metadata)


def test_an_artifact_whose_file_is_gone_is_a_miss(cache, tmp_path):
    file = tmp_path / "model"
    file.touch()
    cache.put("k", Entry.take({"model": dsl.Model(name="model", uri=str(file))}, run="r", task="t"))
    file.unlink()
    assert cache.get("k") is None


def test_an_artifact_that_was_changed_by_hand_is_a_miss(cache, tmp_path):
    file = tmp_path / "model"
    file.write_text("ab")
    times = file.stat()
    cache.put("k", Entry.take({"model": dsl.Model(name="model", uri=str(file))}, run="r", task="t"))
    file.write_text("ba")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert cache.get("k") is None


@pytest.mark.parametrize("change", ["edit", "add", "remove", "replace"])
def test_a_file_in_a_folder_that_was_changed_by_hand_is_a_miss(cache, tmp_path, change):
    folder = tmp_path / "model" / "part"
    folder.mkdir(parents=True)
    (folder / "weights").write_text("1")
    cache.put(
        "k",
        Entry.take(
            {"model": dsl.Model(name="model", uri=str(tmp_path / "model"))}, run="r", task="t"
        ),
    )
    if change == "edit":
        (folder / "weights").write_text("2")
    elif change == "add":
        (folder / "more").touch()
    else:
        (folder / "weights").unlink()
    if change == "replace":
        (folder / "weights").symlink_to("/dev/null")
    assert cache.get("k") is None


def test_an_artifact_that_was_only_touched_or_copied_is_a_hit(cache, tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "weights").write_text("1")
    cache.put(
        "k", Entry.take({"model": dsl.Model(name="model", uri=str(folder))}, run="r", task="t")
    )
    (folder / "weights").touch()
    assert cache.get("k") is not None
    shutil.copytree(folder, tmp_path / "copy")
    shutil.rmtree(folder)
    (tmp_path / "copy").rename(folder)
    assert cache.get("k") is not None


def test_an_unchanged_artifact_is_not_read(cache, tmp_path, monkeypatch):
    file = tmp_path / "model"
    file.write_text("large")
    cache.put("k", Entry.take({"model": dsl.Model(name="model", uri=str(file))}, run="r", task="t"))
    monkeypatch.setattr("kfpkit.local.tasks.fingerprint._hash_content", pytest.fail)
    assert cache.get("k") is not None


def test_an_entry_of_an_earlier_form_is_a_miss(cache, tmp_path):
    cache.put("k", Entry.take({"score": 0.5}, run="r", task="t"))
    entry = tmp_path / "cache" / "k.json"
    entry.write_text(entry.read_text().replace('"files": {}', '"files": []'))
    assert cache.get("k") is None


def test_an_artifact_that_never_had_a_file_is_a_hit(cache, tmp_path):
    metrics = dsl.Metrics(name="m", uri=str(tmp_path / "never"), metadata={"auc": 0.5})
    cache.put("k", Entry.take({"metrics": metrics}, run="r", task="t"))
    assert cache.get("k").outputs["metrics"].metadata == {"auc": 0.5}


@pytest.mark.parametrize("uri", ["gs://bucket/object", "bq://project.data.table"])
def test_what_lies_elsewhere_is_trusted(cache, uri):
    cache.put("k", Entry.take({"table": dsl.Dataset(name="t", uri=uri)}, run="r", task="t"))
    assert cache.get("k").outputs["table"].uri == uri


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"files": [], "outputs": 1}'])
def test_a_damaged_entry_is_a_miss(cache, tmp_path, text):
    cache.put("k", Entry.take({}, run="r", task="t"))
    (tmp_path / "cache" / "k.json").write_text(text)
    assert cache.get("k") is None


@pytest.mark.parametrize(
    "change",
    [
        {"function": "test"},
        {"image": "registry/sklearn:2"},
        {"command": ["python3", "-c", "other", "{{$}}"]},
        {"arguments": {"rate": 0.25}},
        {"variables": {"LEVEL": "debug"}},
        {"custom": "mine"},
    ],
)
def test_a_key_changes_with_what_a_task_does(change):
    assert compute_task_key(**FACTS) == compute_task_key(**FACTS)
    assert compute_task_key(**FACTS) != compute_task_key(**{**FACTS, **change})


def test_the_authors_own_key_is_all_that_counts_beside_the_function():
    own = {**FACTS, "custom": "mine"}
    assert compute_task_key(**own) == compute_task_key(**{**own, "image": "other", "arguments": {}})
    assert compute_task_key(**own) != compute_task_key(**{**own, "function": "other"})


def test_asking_makes_no_folder(cache, tmp_path):
    assert cache.get(compute_task_key(**FACTS)) is None
    assert list(tmp_path.iterdir()) == []
