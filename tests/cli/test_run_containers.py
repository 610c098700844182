from __future__ import annotations

import json
import subprocess
import sys

import pytest
from container_engine import import_python_image

IMAGE = "kfpkit-tests/python:1"
PIPELINE = f"""
from kfp import dsl


@dsl.container_component
def fail(number: int):
    code = "import sys; sys.exit(int(sys.argv[1]) + 1)"
    return dsl.ContainerSpec(image="{IMAGE}", command=["python3", "-c"], args=[code, number])


@dsl.pipeline(name="failing")
def failing():
    with dsl.ParallelFor(list(range(50))) as number:
        fail(number=number)
"""


@pytest.mark.containers
def test_each_of_fifty_failing_tasks_is_told_as_failed(engine, project):
    import_python_image(engine, IMAGE)
    root = project({"p/pipeline.py": PIPELINE, "p/wide.yaml": "{max_parallel: 8}\n"})

    command = [sys.executable, "-m", "kfpkit", "run", "p", "--containers", "--config", "wide.yaml"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    *failures, last = [line for line in done.stderr.splitlines() if line]
    told = [line.partition("/")[2].partition(". Full log: ")[0] for line in failures]
    assert told == [
        f"{number}/fail` (environment `{IMAGE}`) failed: it exited with code {number + 1}"
        for number in range(50)
    ]
    assert ": 50 failed. See" in last
    summary = json.loads((root / ".kfpkit/runs/latest/run.json").read_text())
    assert [task["state"] for task in summary["tasks"]] == ["failed"] * 50
