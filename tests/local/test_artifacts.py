from pathlib import Path

import pytest
from kfp import dsl

from kfpkit.local.artifacts import artifacts_in, is_page, local_path


def test_artifacts_stand_alone_or_in_lists():
    first, second = dsl.Model(uri="a"), dsl.Dataset(uri="b")
    assert artifacts_in(first) == [first]
    assert artifacts_in([first, second]) == [first, second]
    assert artifacts_in(["text", 1]) == artifacts_in({"k": 1}) == []


@pytest.mark.parametrize(
    ("uri", "path"),
    [("/a/b", Path("/a/b")), ("a/b", Path("a/b")), ("gs://bucket/a", None), ("", None)],
)
def test_an_artifact_is_on_this_machine_or_not(uri, path):
    assert local_path(dsl.Model(uri=uri)) == path


def test_a_page_is_an_html_file_that_is_there(tmp_path):
    file = tmp_path / "page"
    assert not is_page(dsl.HTML(uri=str(file)))
    file.touch()
    assert is_page(dsl.HTML(uri=str(file)))
    assert not is_page(dsl.Markdown(uri=str(file)))
    assert not is_page(dsl.HTML(uri=f"gs:/{file}"))
