"""Forecasts of runs on Vertex AI, from earlier runs of the same project and location.

The key is that of Google's documentation (Configure execution caching). Its cache can't be queried,
so the earlier runs are: `successes` reads their tasks, and `key` says what identifies a task.
"""

from __future__ import annotations

from kfpkit.forecasts.vertex.forecast_job import forecast_job

__all__ = ["forecast_job"]
