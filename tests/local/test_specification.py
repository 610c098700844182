import pytest
from kfp import dsl
from local.steps import say

from kfpkit.compiler import compile_pipeline
from kfpkit.errors import InvalidPipelineFileError, UnsupportedTaskError
from kfpkit.local.specification import images, read_executors, read_specification


def test_a_compiled_pipeline_is_read_with_its_executors(tmp_path):
    @dsl.pipeline(name="two-words")
    def words():
        say(text="a")
        dsl.importer(artifact_uri="gs://b/o", artifact_class=dsl.Model)

    spec = read_specification(compile_pipeline(words, tmp_path / "words.yaml"))
    executors = read_executors(spec)
    assert spec.pipeline_info.name == "two-words"
    assert sorted(executors) == ["exec-importer", "exec-say"]
    assert list(images(executors)) == ["python:3.11"]


@pytest.mark.parametrize(
    "text", ["", "- a\n", "a: [\n", "root: {}\n", "unknown: 1\n", "root: {dag: {tasks: {}}}\n"]
)
def test_another_file_is_refused(tmp_path, text):
    file = tmp_path / "other.yaml"
    file.write_text(text)
    with pytest.raises(InvalidPipelineFileError, match=r"other\.yaml is no compiled pipeline"):
        read_specification(file)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InvalidPipelineFileError, match="No such file"):
        read_specification(tmp_path / "none.yaml")


def test_a_container_component_is_refused():
    @dsl.container_component
    def listing():
        return dsl.ContainerSpec(image="alpine", command=["ls"])

    @dsl.pipeline(name="listings")
    def listings():
        listing()

    with pytest.raises(UnsupportedTaskError, match="`listing` is a container component"):
        read_executors(listings.pipeline_spec)


def test_a_component_whose_code_is_in_its_image_is_refused():
    @dsl.component(base_image="python:3.11", target_image="registry/built:1")
    def built(): ...

    @dsl.pipeline(name="builds")
    def builds():
        built()

    with pytest.raises(UnsupportedTaskError, match="`built` has its code in its image"):
        read_executors(builds.pipeline_spec)
