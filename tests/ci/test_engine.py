"""What `.ci/engine` starts beside an engine."""

from __future__ import annotations

import json
import subprocess
import urllib.request
from pathlib import Path

import pytest
from registry_server import answers

PROGRAM = Path(__file__).parents[2] / ".ci" / "engine"

pytestmark = pytest.mark.containers


@pytest.fixture
def engine(tmp_path):
    """Return a function that runs `.ci/engine`, and stop what it starts."""

    def run(command: str) -> str:
        # What it starts goes on, and would hold a pipe open.
        with (tmp_path / "said").open("w+") as said:
            subprocess.run([PROGRAM, command, tmp_path / "state"], stdout=said, check=True)
            said.seek(0)
            return said.read()

    yield run
    run("stop")


def test_one_command_starts_a_registry_and_one_stops_it(engine):
    said = engine("registry")

    assert said.startswith("export KFPKIT_REGISTRY=127.0.0.1:")
    host = said.strip().removeprefix("export KFPKIT_REGISTRY=").removesuffix("/kfpkit")
    with urllib.request.urlopen(f"http://{host}/v2/_catalog") as answer:
        assert json.load(answer) == {"repositories": []}

    engine("stop")
    assert not answers(f"http://{host}/v2/")
