"""What kfpkit leans on in KFP and KFP does not document: one test for each, which says what breaks.

`make test KFP=2.17.3` runs all tests with another version of KFP.
"""

import inspect
from typing import NamedTuple, Optional

import pytest
from google.protobuf import struct_pb2
from kfp import dsl
from kfp.compiler import Compiler, pipeline_spec_builder
from kfp.dsl import component_factory, constants, pipeline_channel
from kfp.dsl.executor import Executor, create_artifact_instance
from kfp.dsl.graph_component import GraphComponent
from kfp.dsl.pipeline_context import Pipeline
from kfp.dsl.python_component import PythonComponent
from kfp.dsl.types import type_annotations, type_utils
from kfp.local.cache import LocalCache
from kfp.local.executor_output_utils import pb2_value_to_python
from kfp.local.placeholder_utils import flatten_list, resolve_struct_placeholders
from kfp.pipeline_spec import pipeline_spec_pb2


def square(a: int) -> int:
    return a * a


@pytest.fixture
def component() -> PythonComponent:
    return dsl.component(square, base_image="python:3.12")


@pytest.fixture
def pipeline(component) -> GraphComponent:
    @dsl.pipeline(name="squares")
    def squares(a: int = 2) -> None:
        component(a=a)

    return squares


def test_interfaces_of_components_and_pipelines_are_read_by_one_function(monkeypatch):
    """`prepare_interfaces` replaces it, so that string annotations are resolved first."""
    original, seen = component_factory.extract_component_interface, []

    def extract(func, *arguments, **options):
        seen.append(func.__name__)
        return original(func, *arguments, **options)

    monkeypatch.setattr(component_factory, "extract_component_interface", extract)
    task = dsl.component(square, base_image="python:3.12")

    @dsl.pipeline(name="one")
    def one() -> None:
        task(a=1)

    assert seen == ["square", "one"], "annotations would reach KFP as strings"


def test_a_component_is_made_again_from_its_parts(component):
    """`Component` hands them to the constructor of KFP's class."""
    again = PythonComponent(component_spec=component.component_spec, python_func=square)

    assert again.python_func is square
    assert again.pipeline_spec == component.pipeline_spec, "a component of kfpkit would differ"


def test_the_command_of_a_component_ends_with_a_script_for_sh(component):
    """`read_install_step` keeps what stands in front of it, and the bundle takes its place."""
    made = dsl.component(square, base_image="x", packages_to_install=["six"])
    command = made.component_spec.implementation.container.command
    scripts = [i for i, part in enumerate(command) if component_factory.EXECUTOR_MODULE in part]

    assert scripts, "the place of the bundle in the command would not be found"
    assert command[scripts[0] - 2 : scripts[0]] == ["sh", "-ec"]
    assert "six" in " ".join(command[: scripts[0] - 2]), "packages would not be installed"


def test_the_arguments_of_a_component_name_its_function(component):
    """`read_specification` tells Python components from other containers by them."""
    arguments = component.component_spec.implementation.container.args

    assert "--function_to_execute" in arguments, "Python components would be refused in local runs"


def test_a_pipelines_tasks_are_added_to_its_context():
    """`TaskRecorder` notes the line that makes a task there."""
    parameters = inspect.signature(Pipeline.add_task).parameters

    assert [*parameters] == ["self", "task", "add_to_group"], "refusals would name no line"


def test_a_pipelines_context_is_known_while_its_function_runs(component):
    """`is_pipeline_being_made` asks for it: a placeholder's call makes tasks or not."""
    seen = []

    @dsl.pipeline(name="one")
    def one() -> None:
        seen.append(Pipeline.get_default_pipeline() is not None)
        component(a=1)

    assert seen == [True]
    assert Pipeline.get_default_pipeline() is None


def test_a_pipelines_function_takes_channels(pipeline):
    """`call_pipeline_function` calls it once more, to find the author's lines."""
    described = pipeline.component_spec.inputs["a"]
    channel = pipeline_channel.create_pipeline_channel(
        name="a", channel_type=described.type, is_artifact_list=described.is_artifact_list
    )

    with Pipeline("again") as again:
        pipeline.pipeline_func(channel)

    assert [*again.tasks] == ["square"], "refusals would name no line"


class Loose(NamedTuple):
    rows: int


@pytest.mark.parametrize(
    ("annotation", "stripped"),
    [
        (Optional[int], int),  # noqa: UP045 - another form than `int | None`
        (int, int),
    ],
)
def test_optional_is_stripped(annotation, stripped):
    """`strip_markers` leans on it."""
    found = type_annotations.maybe_strip_optional_from_annotation(annotation)

    assert found is stripped, "optional inputs would be refused as foreign types"


def test_types_that_kfp_knows_can_be_told_from_others():
    """`is_known` refuses the others before KFP does, with the parameter's name."""
    assert type_utils.get_parameter_type(int) is not None
    assert type_utils.get_parameter_type(Loose) is None
    assert type_annotations.is_artifact_class(dsl.Dataset)
    assert not type_annotations.is_artifact_class(Loose)
    assert type_annotations.is_Input_Output_artifact_annotation(dsl.Input[dsl.Dataset])
    assert type_annotations.is_artifact_wrapped_in_Output(dsl.Output[dsl.Dataset])
    assert not type_annotations.is_artifact_wrapped_in_Output(dsl.Input[dsl.Dataset])
    assert type_utils.is_task_final_status_type("PipelineTaskFinalStatus")
    assert type_utils.is_task_config_type("TaskConfig")


def test_the_comments_of_a_compiled_pipeline_come_from_one_function(pipeline, tmp_path):
    """`comments_of` writes them as KFP does."""
    Compiler().compile(pipeline, str(tmp_path / "p.yaml"))
    written = (tmp_path / "p.yaml").read_text(encoding="utf-8")
    spec = {"pipelineInfo": {"name": "squares"}, "root": {}}
    comments = pipeline_spec_builder.extract_comments_from_pipeline_spec(spec, None)

    assert comments.splitlines()[:2] == written.splitlines()[:2], "compiled files would differ"


def test_kfp_alone_refuses_a_download_without_a_workspace(tmp_path):
    """`check_by_kfp` compiles once more for that."""

    @dsl.pipeline(name="one")
    def one() -> None:
        dsl.importer(
            artifact_uri="gs://b/o", artifact_class=dsl.Dataset, download_to_workspace=True
        )

    with pytest.raises(ValueError, match="workspace"):
        Compiler().compile(one, str(tmp_path / "p.yaml"))


def test_artifacts_are_made_from_runtime_artifacts():
    """`make_artifact` makes those that tasks are given and produce."""
    described = {"name": "n", "uri": "gs://b/o", "metadata": {"a": 1}}
    model = create_artifact_instance({**described, "type": {"schemaTitle": "system.Model"}})
    other = create_artifact_instance({**described, "type": {"schemaTitle": "own.Thing"}})

    assert type(model) is dsl.Model, "artifacts of local runs would have another class"
    assert isinstance(other, dsl.Artifact)
    assert (model.name, model.uri, model.metadata) == ("n", "gs://b/o", {"a": 1})


def test_a_tasks_key_uses_nothing_of_the_cache():
    """`compute_task_key` asks for it without making a cache, which would make a folder."""
    key = LocalCache.compute_key(
        LocalCache.__new__(LocalCache),
        component_name="c",
        image="i",
        full_command=["python"],
        arguments={"a": 1},
        env_vars={},
        custom_cache_key=None,
    )

    assert key, "nothing would be found in the local cache"


def test_outputs_are_serialized_as_the_local_cache_does():
    """`serialize_outputs` writes this form, and `restore_output` reads it."""
    artifact = dsl.Dataset(name="n", uri="/data", metadata={})
    written = LocalCache._serialize_outputs({"rows": 3, "data": artifact, "all": [artifact]})

    assert written["rows"] == 3
    assert written["data"]["__kfp_artifact__"]
    assert {"name", "uri", "metadata", "schema_title"} <= {*written["data"]}
    assert written["all"]["__kfp_artifact_list__"], "cached outputs would not be read"


def test_structured_placeholders_of_commands_are_resolved():
    """`resolve_parts` takes them as they are compiled."""
    concat = '{"Concat": ["--a=", "b"]}'
    given = '{"IfPresent": {"InputName": "x", "Then": ["--x", "1"], "Else": []}}'

    def resolved(*names):
        parts = [resolve_struct_placeholders(each, [*names]) for each in (concat, given)]
        return flatten_list(parts)

    assert resolved("x") == ["--a=b", "--x", "1"], "container components would get other arguments"
    assert resolved() == ["--a=b"]


def test_constants_are_read_as_python_values():
    """Defaults and constants of tasks are."""
    value = struct_pb2.Value()
    value.struct_value.update({"a": [1, "b", None]})

    assert pb2_value_to_python(value) == {"a": [1, "b", None]}


def test_a_cluster_mounts_the_workspace_at_one_place():
    """`Job.place` puts this machine's folder there."""
    assert constants.WORKSPACE_MOUNT_PATH == "/kfp-workspace", "tasks would write to the root"


def test_messages_have_the_fields_that_local_runs_read():
    """`Specification` and the scheduler do."""
    policy = pipeline_spec_pb2.PipelineTaskSpec.TriggerPolicy
    assert policy.ALL_UPSTREAM_TASKS_COMPLETED, "exit handlers would not run"
    fields = {field.name for field in pipeline_spec_pb2.PipelineTaskSpec.DESCRIPTOR.fields}
    assert {
        "component_ref",
        "dependent_tasks",
        "inputs",
        "iterator_policy",
        "parameter_iterator",
        "artifact_iterator",
        "retry_policy",
        "trigger_policy",
        "caching_options",
    } <= fields
    executors = pipeline_spec_pb2.PipelineDeploymentConfig.ExecutorSpec.DESCRIPTOR.fields
    assert {"container", "importer"} <= {field.name for field in executors}


def test_the_executor_takes_its_input_and_the_function():
    """The start-up code of containers calls it so."""
    parameters = inspect.signature(Executor.__init__).parameters

    assert {"executor_input", "function_to_execute"} <= {*parameters}, "no task would run"
    assert callable(Executor.execute)
