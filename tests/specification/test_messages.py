import pytest
import yaml
from kfp import dsl
from local.steps import say

from kfpkit.compiler.compiler import compile_pipeline
from kfpkit.errors import InvalidPipelineFileError, UnsupportedTaskError
from kfpkit.specification.messages import read_executors, read_specification


@dsl.pipeline(name="two-words")
def words():
    say(text="a").after(dsl.importer(artifact_uri="gs://b/o", artifact_class=dsl.Model))


def test_a_compiled_pipeline_is_read_with_its_executors(tmp_path):
    file = compile_pipeline(words, tmp_path / "words.yaml")
    specification = read_specification(file)
    assert specification.name == "two-words"
    assert specification.text == file.read_bytes()
    assert sorted(specification.executors) == ["exec-importer", "exec-say"]
    assert specification.images == ("python:3.11",)


def test_each_use_of_a_component_has_its_own_executor(tmp_path):
    @dsl.pipeline(name="several")
    def several():
        say(text="a")
        say(text="b")
        say(text="c").set_env_variable("LOUD", "1")

    found = read_specification(compile_pipeline(several, tmp_path / "several.yaml")).executors

    assert list(found) == ["exec-say", "exec-say-2", "exec-say-3"]
    assert found["exec-say"].container == found["exec-say-2"].container
    assert [each.name for each in found["exec-say-3"].container.env] == ["LOUD"]
    assert not found["exec-say"].container.env


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"- a\n",
        b"a: [\n",
        b"root: {}\n",
        b"unknown: 1\n",
        b"root: {dag: {tasks: {}}}\n",
        b"\xff",
    ],
)
def test_another_file_is_refused(tmp_path, text):
    file = tmp_path / "other.yaml"
    file.write_bytes(text)
    with pytest.raises(InvalidPipelineFileError, match=r"other\.yaml is not a compiled pipeline"):
        read_specification(file)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InvalidPipelineFileError, match="No such file"):
        read_specification(tmp_path / "none.yaml")


def executor(pipeline):
    return pipeline["deploymentSpec"]["executors"]["exec-say"]


def tasks(pipeline):
    return pipeline["root"]["dag"]["tasks"]


@pytest.mark.parametrize(
    ("damage", "cause"),
    [
        (lambda it: it.pop("deploymentSpec"), "`comp-importer` has the executor `exec-importer`"),
        (lambda it: it["deploymentSpec"].update(executors=5), "executors"),
        (lambda it: executor(it)["container"].update(command="ls"), "command"),
        (lambda it: executor(it).clear(), "`exec-say` is neither a container nor an importer"),
        (lambda it: it["components"].pop("comp-say"), "task `say` uses the component `comp-say`"),
        (lambda it: tasks(it)["say"].pop("componentRef"), "task `say` uses the component ``"),
        (lambda it: it["components"]["comp-say"].pop("executorLabel"), "`comp-say` has the exec"),
        (lambda it: tasks(it)["importer"].update(dependentTasks=["say"]), "in a circle: `"),
        (
            lambda it: it["components"]["comp-say"].update(it["root"], executorLabel=None),
            "in a circle: `comp-say`, `comp-say`",
        ),
    ],
)
def test_a_pipeline_whose_parts_do_not_fit_together_is_refused(tmp_path, damage, cause):
    file = compile_pipeline(words, tmp_path / "words.yaml")
    pipeline = yaml.safe_load(file.read_text())
    damage(pipeline)
    file.write_text(yaml.safe_dump(pipeline))
    with pytest.raises(InvalidPipelineFileError) as caught:
        read_specification(file)
    assert cause in str(caught.value)


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
