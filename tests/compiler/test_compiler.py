"""Compiling: what KFP writes, at once, whole or not at all."""

import warnings

import pytest
import yaml
from kfp import compiler, dsl

from kfpkit.compiler.compiler import compile_pipeline, to_yaml
from kfpkit.errors import InvalidDestinationError


@dsl.component(base_image="python:3.11")
def greet(name: str = "wörld", numbers: list = [1, 2]) -> str:  # noqa: B006
    """Greets.

    Args:
        name: Whom, with a text that is long enough to be folded by a writer of YAML documents.
        numbers: A list.

    Returns:
        The greeting: 'quoted', "doubly", # and with a sign.
    """
    return f"hello {name} {numbers}"


@dsl.pipeline(name="greeting", description="Greets: # once.")
def greeting(name: str = "a: b") -> str:
    return greet(name=name).set_cpu_limit("1").output


@dsl.pipeline(name="importing")
def importing() -> None:
    dsl.importer(
        artifact_uri="gs://bucket/data", artifact_class=dsl.Dataset, download_to_workspace=True
    )


def parsed(text: str) -> list[object]:
    comments = [line for line in text.splitlines() if line.startswith("# ")]
    return [comments, *yaml.safe_load_all(text)]


@pytest.mark.parametrize("pipeline", [greet, greeting], ids=["component", "pipeline"])
def test_the_documents_and_comments_are_what_kfp_writes(pipeline, tmp_path):
    compiler.Compiler().compile(pipeline, str(tmp_path / "kfp.yaml"))

    ours = compile_pipeline(pipeline, tmp_path / "deep" / "ours.yaml")

    assert parsed(ours.read_text()) == parsed((tmp_path / "kfp.yaml").read_text())


def test_platform_features_become_a_second_document(tmp_path):
    @dsl.pipeline(
        name="workspace",
        pipeline_config=dsl.PipelineConfig(workspace=dsl.WorkspaceConfig(size="1Gi")),
    )
    def workspace() -> None:
        greet()

    compiler.Compiler().compile(workspace, str(tmp_path / "kfp.yaml"))

    comments, *documents = parsed(to_yaml(workspace))
    assert [comments, *documents] == parsed((tmp_path / "kfp.yaml").read_text())
    assert len(documents) == 2


def test_what_kfp_refuses_when_it_writes_is_refused():
    with pytest.raises(ValueError, match="requires PipelineConfig"):
        to_yaml(importing)


def test_a_destination_that_is_no_yaml_file_is_refused(tmp_path):
    with pytest.raises(InvalidDestinationError, match="does not end in"):
        compile_pipeline(greeting, tmp_path / "pipeline.json")


def test_a_destination_that_cannot_be_written_is_refused_and_leaves_nothing(tmp_path):
    (tmp_path / "taken").touch()

    with pytest.raises(InvalidDestinationError, match=r"Not a directory|File exists"):
        compile_pipeline(greeting, tmp_path / "taken" / "pipeline.yaml")

    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_a_pipeline_that_cannot_be_replaced_stays_as_it_was(tmp_path):
    (tmp_path / "pipeline.yaml").mkdir()

    with pytest.raises(InvalidDestinationError):
        compile_pipeline(greeting, tmp_path / "pipeline.yaml")

    assert [path.name for path in tmp_path.iterdir()] == ["pipeline.yaml"]


def test_compiling_does_not_warn(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        compile_pipeline(greeting, tmp_path / "pipeline.yaml")

    assert (tmp_path / "pipeline.yaml").stat().st_mode & 0o777 == 0o644
