"""Kubeflow and Vertex AI pipeline components with injected helpers and lean, locked environments.

A function becomes a component with one decorator; what it reaches ships with the pipeline:

    import kfpkit
    from fraud.features import ratio

    @kfpkit.component(environment="sklearn")
    def score(amount: float, limit: float) -> float:
        return ratio(amount, limit)

This module and `kfpkit.component` are also what a container sees of kfpkit, next to the catalogue
in `kfpkit.components` and `kfpkit.helpers`. They import nothing at import time.
"""

from kfpkit.component import component

__all__ = ["component"]
