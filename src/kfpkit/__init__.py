"""Kubeflow and Vertex AI pipeline components with injected helpers and lean, locked environments.

A function becomes a component with one decorator; what it reaches ships with the pipeline:

    import kfpkit
    from fraud.features import ratio

    @kfpkit.component(environment="sklearn")
    def score(amount: float, limit: float) -> float:
        return ratio(amount, limit)

This module and `kfpkit.component` are also what a container sees of kfpkit, next to the catalogue
in `kfpkit.components` and `kfpkit.helpers`. They import nothing heavy at import time.
"""

import os

from kfpkit.component import component

COMPILE_TIME: bool = os.environ.get("_KFP_RUNTIME") != "true"
"""True where pipelines are written and compiled, false in a container.

What stands under `if kfpkit.COMPILE_TIME:` at the top level of a component's module never ships.
"""

__all__ = ["COMPILE_TIME", "component"]
