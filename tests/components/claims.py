"""The tests of components, and the environments that they claim."""

import importlib
from collections.abc import Iterator
from pathlib import Path

# What trains, measures and predicts ships for both libraries, and needs scikit-learn at least.
WITH_SKLEARN = ("catboost-*", "lightgbm", "sklearn", "tensorflow", "xgboost-*")


def find_smoke_tests(component: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the tests that run a component for what it is there for, with their environments."""
    for file in sorted(Path(__file__).parent.glob("test_*.py")):
        module = importlib.import_module(f"components.{file.stem}")
        for name, test in vars(module).items():
            marks = getattr(test, "pytestmark", [])
            if any(mark.name == "smoke" and component in mark.args for mark in marks):
                nearest, *_ = (
                    mark for mark in [*marks, *module.pytestmark] if mark.name == "environments"
                )
                yield name, nearest.args
