"""Vertex AI's emulator: its start, its memory, a page of many jobs, and many jobs at once."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import requests  # type: ignore[import-untyped]
import yaml

from benchmarks.figures import Figure
from kfpkit.emulators import emulators, find_emulators, read_status, stop_emulator
from kfpkit.environments.venvs import ensure_virtual_environment
from kfpkit.project import Project, find_project

ROOT = Path(__file__).parent.parent
KFPKIT = str(Path(sys.executable).with_name("kfpkit"))
READY_BAR = 1.5  # s
MEMORY_BAR = 80.0  # MB
PAGE_BAR = 200.0  # ms
STARTS = 5
JOBS = 10_000
PAGES = 60
AT_ONCE = 40
CLIENTS = 20
PLACE = "v1/projects/bench/locations/europe-west4/pipelineJobs"
BEGIN = dt.datetime(2026, 1, 1, tzinfo=dt.timezone.utc)
ENDED = {4, 5, 7}
PIPELINE = """
import functools

from kfp import dsl

component = functools.partial(dsl.component, base_image="python:3.11", install_kfp_package=False)


@component
def step(number: int) -> int:
    return number + 1


@dsl.pipeline(name="steps")
def steps(number: int = 0) -> int:
    task = step(number=number)
    for _ in range(4):
        task = step(number=task.output)
    return task.output
"""


def measure() -> list[Figure]:
    """Measure the emulator in a project of its own."""
    with tempfile.TemporaryDirectory(prefix="kfpkit-bench-") as temporary:
        project = _make_project(Path(temporary).resolve())
        ensure_virtual_environment(find_emulators(project))
        try:
            return list(_measure(project))
        finally:
            stop_emulator("vertex", project=project)


def _measure(project: Project) -> Iterator[Figure]:
    starts = []
    for _ in range(STARTS):
        begin = time.perf_counter()
        with _serving(project):
            starts.append(time.perf_counter() - begin)
            memory = _measure_memory(project)
    ready = statistics.median(starts)
    yield Figure(name="emulator of Vertex AI, ready", value=ready, unit="s", bar=READY_BAR)
    yield Figure(name="emulator of Vertex AI, idle", value=memory, unit="MB", bar=MEMORY_BAR)
    yield from _measure_jobs(project)
    yield from _measure_pages(project)


def _serving(project: Project) -> Any:
    return emulators(["vertex"], project=project, log_folder=project.root / "logs")


def _make_project(root: Path) -> Project:
    (root / "pyproject.toml").write_text("[tool.kfpkit]\n", encoding="utf-8")
    (root / "steps.py").write_text(PIPELINE, encoding="utf-8")
    shutil.copytree(ROOT / "environments/emulators", root / "environments/emulators")
    shutil.copy(ROOT / "environments/kfp-runtime.txt", root / "environments")
    command = [KFPKIT, "compile", "steps.py"]
    subprocess.run(command, cwd=root, check=True, stdout=subprocess.DEVNULL)
    return find_project(root)


def _measure_memory(project: Project) -> float:
    """Return the resident memory in MB."""
    process = read_status("vertex", project=project).process
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    line = next(each for each in status.splitlines() if each.startswith("VmRSS"))
    return int(line.split()[1]) * 1024 / 1e6


def _measure_jobs(project: Project) -> Iterator[Figure]:
    """Run jobs from many clients at once, and the same with `kfpkit run`."""
    spec = yaml.safe_load((project.root / "build/steps.yaml").read_text(encoding="utf-8"))
    with _serving(project) as variables, ThreadPoolExecutor(CLIENTS) as clients:
        address = f"{variables['KFPKIT_VERTEX_EMULATOR_HOST']}/{PLACE}"
        begin = time.perf_counter()
        codes = list(clients.map(lambda n: _create(address, spec, n), range(AT_ONCE)))
        states = list(clients.map(lambda n: _await_end(address, n), range(AT_ONCE)))
        seconds = time.perf_counter() - begin
    lost = AT_ONCE - sum(code == requests.codes.ok for code in codes)
    lost += sum(state != 4 for state in states)  # noqa: PLR2004 - succeeded
    yield Figure(name=f"{AT_ONCE} jobs of 5 tasks from {CLIENTS} clients", value=seconds, unit="s")
    yield Figure(name="of these, lost or failed", value=lost, unit="jobs", bar=0)
    begin = time.perf_counter()
    with ThreadPoolExecutor(4) as runs:
        list(runs.map(lambda number: _run(project, number), range(AT_ONCE)))
    own = time.perf_counter() - begin
    yield Figure(name="the same with kfpkit run, four at a time", value=own, unit="s")


def _create(address: str, spec: dict[str, Any], number: int) -> int:
    config = {"gcsOutputDirectory": "gs://b/r", "parameterValues": {"number": number * 10}}
    job = {"displayName": "bench", "pipelineSpec": spec, "runtimeConfig": config}
    url = f"{address}?pipelineJobId=job-{number}"
    return int(requests.post(url, json=job, timeout=60).status_code)


def _await_end(address: str, number: int) -> int:
    url = f"{address}/job-{number}?$alt=json;enum-encoding=int"
    while (state := int(requests.get(url, timeout=60).json()["state"])) not in ENDED:
        time.sleep(1)
    return state


def _run(project: Project, number: int) -> None:
    options = ["--param", f"number={number * 10 + 5000}"]
    command = [KFPKIT, "run", "build/steps.yaml", *options]
    subprocess.run(command, cwd=project.root, check=True, stdout=subprocess.DEVNULL)


def _measure_pages(project: Project) -> Iterator[Figure]:
    """List pages of 100 of many jobs, which are copies of one that ran."""
    _copy_jobs(project.state / "emulators/vertex/vertex.sqlite")
    with _serving(project) as variables:
        address = f"{variables['KFPKIT_VERTEX_EMULATOR_HOST']}/{PLACE}"
        for name, mask in (("", ""), (" with a mask", "&readMask=name,state,displayName")):
            title = f"page of 100 of {JOBS:,} jobs{name}, 95th percentile"
            worst = _time_pages(f"{address}?$alt=json;enum-encoding=int&pageSize=100{mask}")
            yield Figure(name=title, value=worst, unit="ms", bar=PAGE_BAR)


def _time_pages(url: str) -> float:
    times, token = [], ""
    with requests.Session() as session:
        for _ in range(PAGES):
            begin = time.perf_counter()
            answer = session.get(f"{url}&pageToken={token}", timeout=60)
            times.append((time.perf_counter() - begin) * 1000)
            content = answer.json()
            token = content["nextPageToken"]
    return statistics.quantiles(times, n=20)[-1]


def _copy_jobs(database: Path) -> None:
    with sqlite3.connect(database) as opened:
        select = "SELECT kind, parent, fields, body, text FROM resources WHERE kind='PipelineJob'"
        kind, parent, fields, body, text = opened.execute(select).fetchone()
        rows = []
        for number in range(JOBS):
            moment = (BEGIN + dt.timedelta(seconds=number)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            changed = json.dumps({**json.loads(fields), "create_time": moment})
            rows.append((f"{parent}/pipelineJobs/copy-{number}", kind, parent, changed, body, text))
        opened.executemany("INSERT INTO resources VALUES (?, ?, ?, ?, ?, ?)", rows)
    opened.close()
