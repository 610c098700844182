"""A project with two pipelines, one of them with a model of its parameters."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PIPELINE = """\
from typing import Optional

from kfp import dsl

@dsl.component(base_image="python:3.11")
def say(text: str) -> str:
    return text

@dsl.pipeline(name="NAME")
def NAME(day: str, rows: int = 10, note: Optional[str] = None):
    \"\"\"Count rows.

    Args:
        day: The day to count.
        rows: How many.
    \"\"\"
    print("loaded")
    say(text=day)
"""
MODEL = """\
from datetime import date

from pydantic import BaseModel, Field


class Parameters(BaseModel):
    day: date
    rows: int = Field(gt=0, description="Not shown: the pipeline describes it.")
    note: str | None = Field(pattern="^[a-z]+$")
"""
FILES = {
    "pipelines/one/pipeline.py": PIPELINE.replace("NAME", "one"),
    "pipelines/one/parameters.py": MODEL,
    "pipelines/one/config/dev.yaml": "caching: false\nparameters:\n  rows: 5\n",
    "pipelines/one/config/prod.yaml": "parameters: {day: '2024-01-31'}\n",
    "pipelines/two/pipeline.py": PIPELINE.replace("NAME", "two"),
    "pipelines/two/local.yaml": "parameters: {day: today}\n",
    "pipelines/two/schema.yaml": "columns: {}\n",
    "pipelines/three/pipeline.py": PIPELINE.replace("NAME", "three"),
}


@pytest.fixture
def kfpkit(project):
    """Return a function that runs `kfpkit config` in the project, with further files."""

    def run(*arguments, files=None, **variables):
        root = project({**FILES, **(files or {})})
        command = [sys.executable, "-m", "kfpkit", "config", *arguments]
        environment = {**os.environ, **variables}
        return subprocess.run(
            command, cwd=root, capture_output=True, text=True, check=False, env=environment
        )

    return run
