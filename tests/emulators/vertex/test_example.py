"""`examples/official_client.py`, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest

# Other tests send each of its requests over REST, too.
EXAMPLE = Path(__file__).parents[3] / "examples/official_client.py"

pytestmark = pytest.mark.slow


def test_the_example_runs_as_it_stands(run_client, compiled):
    arguments = [str(compiled), "--parameter", "word=example", "--transport", "grpc"]
    done = run_client(EXAMPLE.read_text(encoding="utf-8"), *arguments)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    lines = done.stdout.splitlines()
    states = [line for line in lines if line.startswith("state: ")]
    assert states == ["state: PIPELINE_STATE_SUCCEEDED", "state: PIPELINE_STATE_CANCELLED"]
    assert "task: count: SUCCEEDED" in lines
    assert "metrics: {'letters': 14.0}" in lines
    assert "succeeded: ['first']" in lines
    assert "version: 2: ['challenger', 'champion', 'default']" in lines
    assert "version: 1: []" in lines
    assert "default: 2" in lines
    assert any(line.startswith("experiment: {'depth': 3.0} {'auc': 0.9}") for line in lines)
    assert "runs: ['first-run']" in lines
