"""The life of the emulators: data that stays, sharing, and nothing left behind."""

from __future__ import annotations

import contextlib
import dataclasses
import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from google.api_core.exceptions import GoogleAPICallError

from kfpkit import locks
from kfpkit.emulators import PROJECT, emulators
from kfpkit.errors import (
    EmulatorDataError,
    EmulatorFailedError,
    MissingEmulatorsError,
    UnknownEmulatorError,
)
from kfpkit.helpers.clients import bigquery_client, storage_client
from kfpkit.project.project import Project, find_project

REPOSITORY = Path(__file__).parents[2]

RUN = """
import dataclasses, pathlib, sys, time
from kfpkit.project.project import find_project
from kfpkit.emulators import emulators
root = pathlib.Path(sys.argv[1])
project = dataclasses.replace(find_project(pathlib.Path(sys.argv[2])), root=root)
with emulators(["bigquery"], project=project, log_folder=root / "other") as variables:
    print(variables["STORAGE_EMULATOR_HOST"], variables["BIGQUERY_EMULATOR_HOST"], flush=True)
    sys.stdin.read()
"""


@contextlib.contextmanager
def other_run(project: Project):
    """Have a run in another process that keeps the emulators until its input ends."""
    command = [sys.executable, "-c", RUN, project.root, REPOSITORY]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process, process.stdout.readline().split()
        process.stdin.close()


def answers(address: str) -> bool:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=5)
    try:
        connection.request("GET", "/")
        connection.getresponse()
    except OSError:
        return False
    finally:
        connection.close()
    return True


def gone_within(seconds: float, project: Project) -> bool:
    """Tell whether no server of the project is left; each holds its lock until it has ended."""
    deadline = time.monotonic() + seconds
    while any(map(locks.is_held, project.state.glob("emulators/*/server.lock"))):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def servers_of(project: Project) -> list[int]:
    return [int(file.read_text()) for file in project.state.glob("emulators/*/server.lock")]


def use(variables, monkeypatch) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


@pytest.mark.slow
def test_data_stays_from_run_to_run(own_project, tmp_path, monkeypatch):
    with emulators(["bigquery"], project=own_project, log_folder=tmp_path) as variables:
        use(variables, monkeypatch)
        storage_client().create_bucket("kept").blob("a").upload_from_string("content")
        bigquery_client().query_and_wait("CREATE SCHEMA kept; CREATE TABLE kept.t AS SELECT 7 x")
    with emulators(["bigquery"], project=own_project, log_folder=tmp_path) as variables:
        use(variables, monkeypatch)
        (blob,) = storage_client().list_blobs("kept")
        assert blob.download_as_text() == "content"
        assert [row.x for row in bigquery_client().query_and_wait("SELECT x FROM kept.t")] == [7]


@pytest.mark.slow
def test_servers_answer_within_the_context_and_are_gone_after_it(own_project, tmp_path):
    with emulators(["storage"], project=own_project, log_folder=tmp_path / "logs") as variables:
        address = variables["STORAGE_EMULATOR_HOST"]
        assert answers(address)
        assert variables["BIGQUERY_EMULATOR_HOST"] == address  # which refuses it
    assert not answers(address)
    assert gone_within(0, own_project)
    assert [file.name for file in (tmp_path / "logs").iterdir()] == ["storage.log"]


@pytest.mark.slow
def test_an_exception_stops_the_servers_too(own_project, tmp_path):
    with (
        pytest.raises(KeyboardInterrupt),
        emulators(["storage"], project=own_project, log_folder=tmp_path),
    ):
        raise KeyboardInterrupt
    assert gone_within(0, own_project)


@pytest.mark.slow
def test_two_runs_of_a_project_share_and_the_last_one_stops(own_project, tmp_path):
    with other_run(own_project) as (process, (storage, bigquery)):
        with emulators(["bigquery"], project=own_project, log_folder=tmp_path) as variables:
            assert variables["STORAGE_EMULATOR_HOST"] == storage
            assert variables["BIGQUERY_EMULATOR_HOST"] == bigquery
            process.stdin.close()
            assert process.wait(timeout=20) == 0
            assert answers(storage)
            assert answers(bigquery)
        assert gone_within(0, own_project)


@pytest.mark.slow
def test_a_run_that_joins_storage_alone_can_bring_bigquery(own_project, tmp_path):
    with emulators(["storage"], project=own_project, log_folder=tmp_path) as first:
        with emulators(["bigquery"], project=own_project, log_folder=tmp_path) as second:
            assert second["STORAGE_EMULATOR_HOST"] == first["STORAGE_EMULATOR_HOST"]
        assert answers(first["STORAGE_EMULATOR_HOST"])
    assert gone_within(0, own_project)


@pytest.mark.slow
def test_a_run_that_is_killed_leaves_no_server(own_project):
    with other_run(own_project) as (process, addresses):
        assert len(servers_of(own_project)) == 2
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert gone_within(10, own_project)
        assert not any(answers(address) for address in addresses)


@pytest.mark.slow
def test_a_server_that_was_killed_is_started_again(own_project, tmp_path):
    with emulators(["storage"], project=own_project, log_folder=tmp_path):
        for server in servers_of(own_project):
            os.kill(server, signal.SIGKILL)
        with emulators(["storage"], project=own_project, log_folder=tmp_path) as variables:
            assert answers(variables["STORAGE_EMULATOR_HOST"])


@pytest.mark.slow
def test_a_server_that_does_not_start_names_its_log_and_takes_the_others_along(
    own_project, tmp_path
):
    data = own_project.state / "emulators" / "bigquery"
    data.mkdir(parents=True)
    (data / "emulator.duckdb").write_bytes(b"no database" * 1000)
    # Logs are added to, and servers write what they like.
    (tmp_path / "bigquery.log").write_bytes(b"an earlier line, \xff\n" * 100)
    with (
        pytest.raises(EmulatorFailedError, match="not a valid DuckDB database") as raised,
        emulators(["bigquery"], project=own_project, log_folder=tmp_path),
    ):
        pass
    assert raised.value.name == "bigquery"
    assert "`bigquery` exited while it was starting" in str(raised.value)
    assert str(tmp_path / "bigquery.log") in str(raised.value)
    assert len(raised.value.lines) <= 15
    assert gone_within(0, own_project)


@pytest.mark.slow
def test_a_request_that_a_server_cannot_handle_is_refused_and_logged(own_project, tmp_path):
    with emulators(["storage"], project=own_project, log_folder=tmp_path) as variables:
        address = f"{variables['STORAGE_EMULATOR_HOST']}/storage/v1/b?project={PROJECT}"
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(urllib.request.Request(address, b"no JSON", method="POST"))
        with refused.value as answer:
            assert answer.code == 501
        assert answers(variables["STORAGE_EMULATOR_HOST"])
    log = (tmp_path / "storage.log").read_text()
    assert f"POST /storage/v1/b?project={PROJECT}\nTraceback" in log


@pytest.mark.slow
def test_variables_of_the_shell_do_not_steer_the_servers(own_project, tmp_path, monkeypatch):
    steering = {"GROUPS": "no json", "DATA_DIR": "/nowhere", "GCS_LOCAL_ROOT": "/nowhere"}
    use({**steering, "http_proxy": "http://127.0.0.1:1", "PYTHONPATH": "/nowhere"}, monkeypatch)
    with emulators(["bigquery"], project=own_project, log_folder=tmp_path) as variables:
        use(variables, monkeypatch)
        assert bigquery_client().project == PROJECT
        assert [row.x for row in bigquery_client().query_and_wait("SELECT 1 AS x")] == [1]


def test_an_unknown_emulator_is_refused(own_project, tmp_path):
    with (
        pytest.raises(UnknownEmulatorError, match="Choose one of: `bigquery`, `storage`"),
        emulators(["pubsub"], project=own_project, log_folder=tmp_path),
    ):
        pass


def test_a_project_without_the_environment_is_told_the_command_that_makes_it(project, tmp_path):
    lonely = find_project(project({}))
    with (
        pytest.raises(MissingEmulatorsError) as raised,
        emulators(["storage"], project=lonely, log_folder=tmp_path),
    ):
        pass
    assert raised.value.folder == lonely.environments / "emulators"
    assert "Run `kfpkit env new emulators --from kfpkit:emulators`." in str(raised.value)


@pytest.mark.slow
def test_a_state_folder_that_cannot_be_written_is_named(own_project, tmp_path):
    own_project.state.write_text("a file")
    with (
        pytest.raises(EmulatorDataError, match=re.escape(str(own_project.state))),
        emulators(["storage"], project=own_project, log_folder=tmp_path),
    ):
        pass


def _fails(command) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode != 0


@pytest.fixture
def small_disk(tmp_path):
    """Make a disk of 6 MB, where the tests may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", disk]
    if shutil.which("mount") is None or _fails(mount):
        pytest.skip("mounting a small disk needs Linux and root")
    yield disk
    subprocess.run(["umount", disk], check=True)


@pytest.mark.slow
def test_a_full_disk_is_an_answer_at_once_and_keeps_what_is_there(
    own_project, small_disk, tmp_path, monkeypatch
):
    project = dataclasses.replace(own_project, root=small_disk)
    with emulators(["bigquery"], project=project, log_folder=tmp_path) as variables:
        use(variables, monkeypatch)
        blob = storage_client().create_bucket("small").blob("kept")
        blob.upload_from_string("before")
        with pytest.raises(GoogleAPICallError, match="No space left on device"):
            blob.upload_from_string(bytes(7_000_000))
        assert blob.download_as_text() == "before"
        with pytest.raises(GoogleAPICallError, match="No space left on device"):
            bigquery_client().create_dataset("d")
