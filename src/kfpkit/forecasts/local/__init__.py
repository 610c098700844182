"""Forecasts of runs on this machine, from the local execution cache."""

from __future__ import annotations

from kfpkit.forecasts.local.forecast_run import forecast_run

__all__ = ["forecast_run"]
