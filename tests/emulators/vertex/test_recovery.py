"""An emulator that is killed, stopped, or whose database can't be used."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import time
from pathlib import Path

import pytest
import requests
import yaml

from kfpkit.emulators import read_status, start_emulator, stop_emulator
from kfpkit.errors import EmulatorFailedError, PortInUseError

PLACE = "v1/projects/p/locations/europe-west4/pipelineJobs"
STATES = ("PIPELINE_STATE_SUCCEEDED", "PIPELINE_STATE_FAILED", "PIPELINE_STATE_CANCELLED")

pytestmark = pytest.mark.slow


@pytest.fixture
def specification(compiled):
    return yaml.safe_load(compiled.read_text())


class Client:
    """Requests to an emulator, which may be another one after a restart."""

    def __init__(self, project, specification):
        self.project = project
        self.specification = specification
        self.address = ""

    def start(self, port=0):
        variables = start_emulator("vertex", project=self.project, port=port)
        self.address = variables["KFPKIT_VERTEX_EMULATOR_HOST"]

    def kill(self):
        """Kill the emulator, as the kernel does when memory is short."""
        status = read_status("vertex", project=self.project)
        os.kill(status.process, signal.SIGKILL)
        while read_status("vertex", project=self.project).address:
            time.sleep(0.05)

    def create(self, name, artifacts=None, **values):
        job = {
            "displayName": name,
            "pipelineSpec": self.specification,
            "runtimeConfig": {
                "gcsOutputDirectory": "gs://b/r",
                "parameterValues": values,
                "inputArtifacts": {
                    key: {"artifactId": each} for key, each in (artifacts or {}).items()
                },
            },
        }
        url = f"{self.address}/{PLACE}?pipelineJobId={name}"
        answer = requests.post(url, json=job, timeout=20)
        assert answer.status_code == 200, answer.text

    def get(self, name):
        answer = requests.get(f"{self.address}/{PLACE}/{name}", timeout=20)
        assert answer.status_code == 200, answer.text
        job = answer.json()
        details = job.get("jobDetail", {}).get("taskDetails", [])
        return job, {each["taskName"]: each["state"] for each in details}

    def await_task(self, name, task, state):
        while self.get(name)[1].get(task) != state:
            time.sleep(0.05)

    def wait(self, name):
        while (found := self.get(name))[0]["state"] not in STATES:
            time.sleep(0.1)
        return found

    def list_runs(self):
        """Return the records of all runs, from the oldest to the newest."""
        runs = sorted((self.project.state / "runs").glob("2*/run.json"))
        return [json.loads(run.read_text()) for run in runs]


@pytest.fixture
def client(new_project, specification):
    return Client(new_project, specification)


def test_a_job_of_a_killed_emulator_goes_on_from_its_finished_tasks(client):
    client.start()
    client.create("job", word="kill", seconds=3.0)
    client.create("next", word="next")
    client.await_task("job", "check", "RUNNING")
    client.kill()
    client.start()
    job, tasks = client.wait("job")
    assert job["state"] == "PIPELINE_STATE_SUCCEEDED"
    assert tasks["count"] == tasks["check"] == "SUCCEEDED"
    assert client.wait("next")[0]["state"] == "PIPELINE_STATE_SUCCEEDED"
    first, *_, last = [each for each in client.list_runs() if "kill" in json.dumps(each)]
    assert first["id"] == last["retry"]["run"]
    counted = {each["name"]: each for each in last["tasks"]}["count"]
    assert counted["cache"]["retry"] is True
    assert "attempts" not in counted


def test_a_job_of_a_killed_emulator_keeps_the_artifact_that_it_was_given(client, tmp_path):
    root = client.specification["root"]
    root["inputDefinitions"]["artifacts"] = {
        "given": {"artifactType": {"schemaTitle": "system.Dataset", "schemaVersion": "0.0.1"}}
    }
    inputs = root["dag"]["tasks"]["check"]["inputs"]
    inputs["artifacts"]["table"] = {"componentInputArtifact": "given"}
    (tmp_path / "table").write_text("given")
    client.start()
    stores = f"{client.address}/{PLACE.rpartition('/')[0]}/metadataStores"
    requests.post(stores, params={"metadataStoreId": "default"}, timeout=20)
    artifact = {"uri": str(tmp_path / "table"), "schemaTitle": "system.Dataset"}
    requests.post(
        f"{stores}/default/artifacts", params={"artifactId": "a"}, json=artifact, timeout=20
    )
    client.create("job", artifacts={"given": "a"}, word="kill", seconds=3.0)
    client.await_task("job", "check", "RUNNING")
    client.kill()
    client.start()
    assert client.wait("job")[0]["state"] == "PIPELINE_STATE_SUCCEEDED"
    [first, last] = client.list_runs()
    assert last["retry"]["run"] == first["id"]
    checked = {each["name"]: each for each in last["tasks"]}["check"]
    assert checked["outputs"]["Output"]["value"] == "given"


def test_no_job_is_lost_and_none_runs_twice_when_the_emulator_is_killed_again_and_again(client):
    client.start()
    for number in range(3):
        client.create(f"job-{number}", word=f"w{number}", seconds=1.0)
    for _ in range(3):
        time.sleep(1)
        client.kill()
        client.start()
    for number in range(3):
        assert client.wait(f"job-{number}")[0]["state"] == "PIPELINE_STATE_SUCCEEDED"
    for number in range(3):
        mine = [each for each in client.list_runs() if f'"w{number}"' in json.dumps(each)]
        spans = sorted(
            (each["times"]["running"], each["times"]["ended"])
            for run in mine
            for each in run["tasks"]
            if each["name"] == "check" and each.get("times", {}).get("ended")
            if each.get("attempts") and each["state"] == "succeeded"
        )
        assert len(spans) == 1


def test_a_job_that_succeeded_while_nothing_watched_does_not_run_again(client):
    client.start()
    client.create("done", word="done")
    client.wait("done")
    runs = len(client.list_runs())
    stop_emulator("vertex", project=client.project)
    database = client.project.state / "emulators/vertex/vertex.sqlite"
    with sqlite3.connect(database) as opened:  # as if the end had not been stored
        opened.execute(
            "UPDATE resources SET fields = json_set(fields, '$.state', 3) WHERE kind='PipelineJob'"
        )
    opened.close()
    client.start()
    time.sleep(3)
    assert client.wait("done")[0]["state"] == "PIPELINE_STATE_SUCCEEDED"
    assert len(client.list_runs()) == runs


def test_a_cancelled_job_stays_cancelled_when_the_emulator_is_killed(client):
    client.start()
    client.create("cancelled", word="c", seconds=30.0)
    client.await_task("cancelled", "check", "RUNNING")
    requests.post(f"{client.address}/{PLACE}/cancelled:cancel", json={}, timeout=20)
    client.kill()
    client.start()
    assert client.wait("cancelled")[0]["state"] == "PIPELINE_STATE_CANCELLED"


def write_database(project, script):
    folder = project.state / "emulators/vertex"
    folder.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(folder / "vertex.sqlite") as opened:
        opened.executescript(script)
    opened.close()


@pytest.mark.parametrize(("version", "age"), [(0, "an earlier"), (99, "a later")])
def test_a_database_of_another_version_is_refused(new_project, version, age):
    write_database(new_project, f"CREATE TABLE jobs (name); PRAGMA user_version = {version};")
    with pytest.raises(EmulatorFailedError, match=f"is from {age} version of kfpkit"):
        start_emulator("vertex", project=new_project)


def test_a_database_of_the_version_before_is_brought_to_this_one(client):
    client.start()
    client.create("kept", word="kept")
    client.wait("kept")
    stop_emulator("vertex", project=client.project)
    write_database(client.project, "DROP TABLE contents; PRAGMA user_version = 1;")
    client.start()
    assert client.get("kept")[0]["state"] == "PIPELINE_STATE_SUCCEEDED"
    form = {"content": ("x.yaml", "pipelineInfo:\n  name: x\n")}
    headers = {"Host": "europe-west4-kfp.pkg.dev"}
    answer = requests.post(f"{client.address}/p/r", files=form, headers=headers, timeout=20)
    assert answer.text.startswith("x/sha256:")


def test_a_file_that_is_no_database_is_refused(new_project):
    folder = new_project.state / "emulators/vertex"
    folder.mkdir(parents=True)
    (folder / "vertex.sqlite").write_bytes(b"something else" * 1000)
    with pytest.raises(EmulatorFailedError, match="cannot be used: file is not a database"):
        start_emulator("vertex", project=new_project)


def test_a_full_database_refuses_a_job_and_keeps_the_others(client):
    client.start()
    client.create("kept", word="kept")
    client.wait("kept")
    stop_emulator("vertex", project=client.project)
    database = client.project.state / "emulators/vertex/vertex.sqlite"
    with sqlite3.connect(database) as opened:
        opened.execute(
            "CREATE TRIGGER full BEFORE INSERT ON resources WHEN new.name LIKE '%/refused' "
            "BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END"
        )
    opened.close()
    client.start()
    with pytest.raises(AssertionError, match="cannot store this: database or disk is full"):
        client.create("refused", word="x")
    assert client.get("kept")[0]["state"] == "PIPELINE_STATE_SUCCEEDED"


def test_a_database_that_is_only_for_reading_is_refused(client):
    client.start()
    client.create("kept", word="kept")
    client.wait("kept")
    stop_emulator("vertex", project=client.project)
    database = client.project.state / "emulators/vertex/vertex.sqlite"
    with sqlite3.connect(database) as opened:
        opened.execute("PRAGMA journal_mode = DELETE")
    opened.close()
    # SQLite reads and never writes a file whose writers are newer than itself, whoever asks it to.
    with database.open("r+b") as file:
        file.seek(18)
        file.write(b"\3")
    with pytest.raises(EmulatorFailedError, match="cannot be used: attempt to write a readonly"):
        client.start()


def test_a_port_in_use_is_named(new_project, client):
    client.start()
    port = int(client.address.rpartition(":")[2])
    stop_emulator("vertex", project=new_project)
    refused = pytest.raises(PortInUseError, match=f"cannot listen on port {port}")
    with socket.create_server(("127.0.0.1", port)), refused:
        start_emulator("vertex", project=new_project, port=port)
    client.start(port=port)
    assert client.address.endswith(f":{port}")


def test_the_key_of_the_certificate_is_in_no_file(client):
    client.start()
    folder: Path = client.project.state
    found = [file for file in folder.rglob("*") if file.is_file() and not file.is_symlink()]
    assert any(b"BEGIN CERTIFICATE" in file.read_bytes() for file in found)
    assert not [file for file in found if b"PRIVATE KEY" in file.read_bytes()]
