"""A reduced module answers as the whole module does, or the author is told."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

import kfpkit
from kfpkit.bundle import LeftOutWarning

from .test_own_module import Environment
from .whole_modules import Server, WholeModule, read_cases

_SOURCES = Path(kfpkit.__file__).parent.parent
_CASES = [
    pytest.param(case, id=case.name)
    for file in sorted((Path(__file__).parent / "modules").glob("*.txt"))
    for case in read_cases(file)
]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A Python that calls `score` in whole and in reduced modules."""
    started = Server({**os.environ, "PYTHONPATH": str(_SOURCES), "_KFP_RUNTIME": "true"})
    yield started
    started.stop()


@pytest.mark.parametrize("case", _CASES)
def test_a_reduced_module_answers_as_the_whole_one_or_the_author_is_told(
    bundled, project, server, tmp_path, case: WholeModule
):
    root = project(case.files)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        bundle = bundled(case.files, environment=Environment.of(case.packages))
    told = [each for each in caught if each.category is LeftOutWarning]
    assert bool(told) == case.told, [str(each.message) for each in told]
    for file in bundle.files:
        target = tmp_path / "shipped" / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.content)
    shipped = (tmp_path / "shipped" / "fraud" / "pipeline.py").read_text()
    assert not [each for each in case.without if each in shipped]
    if not case.told:
        assert server.call(tmp_path / "shipped") == (case.answer or server.call(root))
