"""Statements about a component's neighbours: they ship where they may matter, and only there."""

from __future__ import annotations

import pytest

HEAD = "import kfpkit\nfrom kfp import dsl\n\n"
OTHER = "@dsl.component\ndef other(a: int) -> int:\n    return a\n\n"
SCORE = "@kfpkit.component(base_image='x')\ndef score(a: int) -> int:\n    return {}\n"


@pytest.mark.parametrize(
    "statement",
    [
        "other.description = 'changed'",
        "other.component_spec.name = 'renamed'",
        "setattr(other, 'description', 'changed')",
        "bound = other.in_environment('sklearn')",
        "pinned = [other][0]",
        "other.limits = {}\nother.limits['a'] = 1",
        "for each in (other,):\n    each.description = 'changed'",
        "if True:\n    other.description = 'changed'",
    ],
)
def test_a_statement_that_changes_another_component_stays_behind(own, statement):
    reduced = own(HEAD + OTHER + f"{statement}\n" + SCORE.format("a + 1"))
    assert "other" not in reduced
    names: dict = {}
    exec(compile(reduced, "pipeline.py", "exec", dont_inherit=True), names)
    assert names["score"](1) == 2


def test_a_statement_that_changes_the_component_itself_stays_behind(own):
    source = HEAD + SCORE.format("a") + "score.description = 'changed'\n"
    assert "description" not in own(source)


def test_the_bundle_of_a_component_is_the_same_whatever_changes_its_neighbour(own):
    source = HEAD + OTHER + "other.description = 'one'\n" + SCORE.format("a")
    assert own(source) == own(source.replace("'one'", "'two'"))


def test_what_is_kept_in_a_table_of_the_component_s_ships_though_a_neighbour_fills_it(own):
    source = (
        "LIMITS = {}\ndef other(a: int) -> int:\n    return a\n"
        "LIMITS['other'] = 1\n" + SCORE.format("LIMITS['other']").partition("\n")[2]
    )
    names: dict = {}
    exec(compile(own(source), "pipeline.py", "exec", dont_inherit=True), names)
    assert names["score"](1) == 1


@pytest.mark.parametrize(
    "statement", ["double.description = 'changed'", "double.component_spec.name = 'renamed'"]
)
def test_a_component_that_the_body_calls_ships_without_what_changes_it(own, statement):
    """In a container `double` is a plain function, which has no `component_spec`."""
    double = "@dsl.component\ndef double(a: int) -> int:\n    return 2 * a\n\n"
    names: dict = {}
    reduced = own(HEAD + double + f"{statement}\n" + SCORE.format("double(a)"))
    exec(compile(reduced, "pipeline.py", "exec", dont_inherit=True), names)
    assert names["score"](2) == 4
