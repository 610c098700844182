"""Old runs go, except those that something needs."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from kfpkit.errors import UnprunableRunError
from kfpkit.project import find_project
from kfpkit.runs.history import remove_run, survey_runs
from kfpkit.runs.record import Artifact, Output, Retry
from tests.runs.records import make_record, make_task, write_run

A, B, C = (f"2026010{day}-080000-000-training" for day in (1, 2, 3))


@pytest.fixture
def project(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.kfpkit]\n")
    for name in (A, B, C):
        write_run(tmp_path, make_record(name))
    return find_project(tmp_path)


def survey(project, **options):
    return {run.folder.name: run.kept_by for run in survey_runs(project, **options)}


def test_the_newest_runs_are_not_even_considered(project):
    assert survey(project, keep=1) == {B: "", A: ""}
    assert survey(project, keep=3) == {}


def test_what_a_run_frees_is_the_size_of_its_files(project):
    (run,) = survey_runs(project, keep=2)

    sizes = (file.stat().st_size for file in run.folder.rglob("*") if file.is_file())
    assert run.size == sum(sizes) > 0


def test_a_young_run_stays(project, tmp_path):
    name = f"{dt.datetime.now(tz=dt.timezone.utc).astimezone():%Y%m%d-%H%M%S}-000-young"
    write_run(tmp_path, make_record(name))
    write_run(tmp_path, make_record(f"{name}-2"))

    assert survey(project, keep=1, older_than=3600) == {name: "its age", C: "", B: "", A: ""}


def test_a_run_that_goes_on_stays(project):
    (project.state / "runs" / A / "running.lock").touch()

    assert survey(project, keep=1) == {B: "", A: "it is running"}


def test_what_the_cache_uses_stays(project):
    entry = {"outputs": {}, "files": {str(project.state / "runs" / A / "artifacts/x"): "digest"}}
    (project.state / "cache").mkdir()
    (project.state / "cache" / "key.json").write_text(json.dumps(entry))

    assert survey(project, keep=1) == {B: "", A: "the cache"}


def test_what_a_run_that_stays_uses_stays_too_and_what_that_uses(project, tmp_path):
    def use(name, other):
        uri = f"../{other}/artifacts/load/table"
        outputs = {"table": Output(artifact=Artifact(type="system.Dataset", uri=uri))}
        write_run(tmp_path, make_record(name, tasks=(make_task("load", outputs=outputs),)))

    newer, newest = "20260104-080000-000-training", "20260105-080000-000-training"
    use(newer, A)
    use(newest, newer)

    assert survey(project, keep=1) == {
        newer: f"the run {newest}",
        C: "",
        B: "",
        A: f"the run {newer}",
    }


def test_what_a_retry_goes_on_from_stays_while_the_retry_runs(project, tmp_path):
    newest = "20260104-080000-000-training"
    retry = Retry(run=A, first=A, created=make_record().started)
    folder = write_run(tmp_path, make_record(newest, retry=retry))

    assert survey(project, keep=1) == {C: "", B: "", A: ""}
    (folder / "running.lock").touch()
    assert survey(project, keep=1) == {C: "", B: "", A: f"the run {newest}"}


def test_a_removed_run_is_gone_and_no_other(project):
    (run,) = survey_runs(project, keep=2)

    remove_run(run)

    assert sorted(folder.name for folder in (project.state / "runs").iterdir()) == [B, C]


def test_what_cannot_be_removed_is_told(project):
    (run,) = survey_runs(project, keep=2)
    remove_run(run)

    with pytest.raises(UnprunableRunError, match=r"cannot be removed: No such file or directory"):
        remove_run(run)
