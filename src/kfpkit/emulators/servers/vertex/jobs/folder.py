"""The folder of a job, which is all that its process and the server share."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_RECORD = "run.json"


@dataclass(frozen=True, kw_only=True)
class JobFolder:
    """The folder of a job.

    Args:
        path: Its path.
        runs: The folder with the runs of the project.
    """

    path: Path
    runs: Path

    @property
    def log(self) -> Path:
        """The output of the job's processes."""
        return self.path / "log.txt"

    def write(self, pipeline: Mapping[str, Any], job: Mapping[str, Any]) -> None:
        """Write what the job's process reads: the compiled pipeline and the job."""
        self.path.mkdir(parents=True)
        # JSON is YAML, too.
        for name, content in (("pipeline.yaml", pipeline), ("job.json", job)):
            with (self.path / name).open("w", encoding="utf-8") as file:
                json.dump(content, file)
                file.flush()
                os.fsync(file.fileno())

    def find_run(self) -> Path | None:
        """Return the folder of the last run, which continues from those before."""
        try:
            names = (self.path / "runs.txt").read_text(encoding="utf-8").split()
        except FileNotFoundError:
            return None
        return self.runs / names[-1] if names else None

    def read_record(self) -> tuple[Path, dict[str, Any]] | None:
        """Return the folder of the last run with its record, if there is one."""
        run = self.find_run()
        try:
            content = None if run is None else (run / _RECORD).read_bytes()
        except OSError:
            return None
        return None if run is None or content is None else (run, json.loads(content))

    def stamp_record(self) -> tuple[str, int]:
        """Return something that changes with the record."""
        run = self.find_run()
        try:
            return ("", 0) if run is None else (run.name, (run / _RECORD).stat().st_mtime_ns)
        except OSError:
            return ("", 0)

    def read_failure(self) -> str:
        """Return why the job's process couldn't run the pipeline. Empty if it could."""
        try:
            return (self.path / "failure.txt").read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""
