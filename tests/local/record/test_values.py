"""Values as a record has them."""

from __future__ import annotations

import pytest
from kfp import dsl

from kfpkit.local.record.values import describe_output, describe_value


def test_numbers_that_json_does_not_have_are_words():
    odd = [float("nan"), float("inf"), float("-inf"), 0.5, True, None]
    assert describe_value({"a": odd}) == {"a": ["NaN", "Infinity", "-Infinity", 0.5, True, None]}


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        ("{runs}/r1/artifacts/t/out", "artifacts/t/out"),
        ("{runs}/r0/artifacts/t/out", "../r0/artifacts/t/out"),
        ("/elsewhere/out", "/elsewhere/out"),
        ("gs://bucket/out", "gs://bucket/out"),
        ("", None),
    ],
)
def test_paths_of_runs_are_relative(tmp_path, uri, shown):
    artifact = dsl.Dataset(name="out", uri=uri.format(runs=tmp_path))
    assert describe_output(artifact, tmp_path / "r1").artifact.uri == shown


def test_a_list_of_artifacts_is_told_from_a_list_of_values(tmp_path):
    artifacts = [dsl.Dataset(name="a", uri="gs://b/a"), dsl.Dataset(name="b", uri="gs://b/b")]
    assert [each.name for each in describe_output(artifacts, tmp_path).artifacts] == ["a", "b"]
    assert describe_output(["a"], tmp_path).value == ["a"]
