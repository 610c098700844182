"""Runs on Vertex AI in the form of the record: what a `PipelineJob` tells, and nothing else.

    PipelineJob ──▶ places ──▶ tasks ──▶ RunRecord
         names, nodes, iterations

- `places` finds each task's name, node and iterations in the compiled pipeline.
- `values` reads parameters and artifacts.
- `tasks` and `job_record` put all of it together. `job_line` is a run in a list.

What Vertex AI doesn't tell, such as the packages of an image, is absent.
"""

from __future__ import annotations

from kfpkit.targets.vertex.records.job_line import describe_line
from kfpkit.targets.vertex.records.job_record import STATES, describe_job, find_log_jobs

__all__ = ["STATES", "describe_job", "describe_line", "find_log_jobs"]
