from pathlib import Path

import pytest
from kfp import dsl

from kfpkit.specification.artifacts import artifacts_in, local_path, report_suffix


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


@pytest.mark.parametrize(("kind", "suffix"), [(dsl.HTML, ".html"), (dsl.Markdown, ".md")])
def test_a_report_is_an_html_or_markdown_file_with_content(tmp_path, kind, suffix):
    file = tmp_path / "page"
    assert report_suffix(kind(uri=str(file))) == ""
    file.touch()
    assert report_suffix(kind(uri=str(file))) == ""
    file.write_text("content")
    assert report_suffix(kind(uri=str(file))) == suffix
    assert report_suffix(kind(uri=f"gs:/{file}")) == ""
    assert report_suffix(dsl.Dataset(uri=str(file))) == ""
