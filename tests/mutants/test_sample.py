"""A seed names a sample, here and on any other machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from mutants.faults import possible_faults
from mutants.packages import bar_of, package_of, source_files
from mutants.sample import draw

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def possible():
    files = ("src/kfpkit/project/project.py", "src/kfpkit/toml.py", "src/kfpkit/files.py")
    return [each for file in files for each in possible_faults(ROOT, file)]


def places(faults):
    return [(fault.file, fault.line, fault.kind, fault.after) for fault in faults]


def test_the_same_seed_draws_the_same_faults(possible):
    again = list(reversed(possible))
    assert places(draw(possible, seed=3, count=9)) == places(draw(possible, seed=3, count=9))
    drawn = {place[:2] for place in places(draw(again, seed=3, count=9))}
    assert drawn == {place[:2] for place in places(draw(possible, seed=3, count=9))}


def test_another_seed_draws_others(possible):
    assert places(draw(possible, seed=3, count=9)) != places(draw(possible, seed=4, count=9))


def test_a_larger_sample_holds_the_smaller_one(possible):
    larger = places(draw(possible, seed=3, count=20))
    assert larger[:9] == places(draw(possible, seed=3, count=9))


def test_a_line_is_drawn_once(possible):
    lines = {(each.file, each.line) for each in possible}
    drawn = draw(possible, seed=1, count=10_000)
    assert sorted((fault.file, fault.line) for fault in drawn) == sorted(lines)


def test_every_file_belongs_to_a_package():
    files = source_files(ROOT)
    assert {"bundle", "authoring", "local", "cli", "top"} <= {package_of(file) for file in files}
    assert package_of("src/kfpkit/loading/pipelines.py") == package_of("src/kfpkit/component.py")
    assert package_of("src/kfpkit/local/run.py") == "local"


def test_what_ships_and_decorates_has_the_higher_bar():
    assert (bar_of("bundle"), bar_of("authoring"), bar_of("local")) == (0.9, 0.9, 0.85)
