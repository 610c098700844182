"""Cases of what tasks take in and produce."""

# ruff: noqa: FBT001, B006 - KFP's own spelling, and its own defaults

from kfp import dsl
from local.kfp_cases.case import Case, Six, Two
from local.kfp_cases.containers import concatenate, echo_to, print_words, say_hello
from local.kfp_cases.steps import (
    add_whole,
    do_nothing,
    identity,
    is_none,
    list_folder,
    load,
    make_folder,
    mixed,
    read_from,
    read_variable,
    return_artifact,
    return_content,
    return_two,
    save,
    save_two,
    six,
    task_name,
    uri_of,
    write_in,
    write_no_path,
    write_path,
)


@dsl.pipeline(name="no-inputs-no-outputs")
def no_io():
    do_nothing()
    do_nothing()


@dsl.pipeline(name="single-return")
def single_return(string: str = "foo") -> str:
    return identity(string=string).output


@dsl.pipeline(name="numbers")
def numbers(a: int, b: int) -> int:
    return add_whole(x=a, y=b).output


@dsl.pipeline(name="all-types")
def all_types(flt: float, boolean: bool, dictionary: dict = {"foo": "bar"}) -> Six:
    first = six(decimal=flt, boolean=True, a_dict={"baz": "bat"}, integer=10)
    second = six(decimal=first.outputs["decimal"], a_dict=dictionary, boolean=boolean)
    return Six(
        first.outputs["string"],
        first.outputs["integer"],
        first.outputs["decimal"],
        second.outputs["boolean"],
        second.outputs["a_list"],
        first.outputs["a_dict"],
    )


@dsl.pipeline(name="artifacts")
def artifacts() -> str:
    saved = save_two(first="hello", second="goodbye")
    returned = return_two(first="one", second="two")
    load(data=saved.outputs["b"])
    load(data=returned.outputs["two"])
    load(data=return_artifact(content="pythonic").output)
    load(data=return_content(content="ab").output)
    return load(data=save(content="single").outputs["out"]).output


@dsl.pipeline(name="importing")
def importing(greeting: str) -> dsl.Dataset:
    key = identity(string="message")
    world = identity(string="world")
    imported = dsl.importer(
        artifact_uri="/local/path/to/dataset",
        artifact_class=dsl.Dataset,
        metadata={key.output: [greeting, world.output]},
    )
    uri_of(data=imported.output)
    return imported.output


@dsl.pipeline(name="importing-from-upstream")
def importing_upstream() -> str:
    uri = identity(string="/fake/uri")
    imported = dsl.importer(artifact_uri=uri.output, artifact_class=dsl.Model)
    return uri_of(data=imported.output).output


@dsl.pipeline(name="strings")
def strings(string: str = "baz") -> str:
    return identity(string=f"foo-{identity(string=f'bar-{string}').output}").output


@dsl.pipeline(name="strings-in-containers")
def strings_in_containers(string: str = "baz") -> str:
    return echo_to(text=f"foo-{echo_to(text=f'bar-{string}').output}").output


@dsl.pipeline(
    name="workspace",
    pipeline_config=dsl.PipelineConfig(workspace=dsl.WorkspaceConfig(size="1Gi")),
)
def workspace(text: str) -> str:
    written = write_in(text=text, folder=dsl.WORKSPACE_PATH_PLACEHOLDER)
    return read_from(path=written.output).output


@dsl.pipeline(name="import-stage")
def import_stage(file: str, folder: str) -> Two:
    first = dsl.importer(artifact_uri=file, artifact_class=dsl.Artifact, download_to_workspace=True)
    second = dsl.importer(
        artifact_uri=folder, artifact_class=dsl.Dataset, download_to_workspace=True, reimport=True
    )
    return Two(load(data=first.output).output, list_folder(data=second.output).output)


@dsl.pipeline(
    name="importing-to-the-workspace",
    pipeline_config=dsl.PipelineConfig(workspace=dsl.WorkspaceConfig(size="1Gi")),
)
def importing_to_workspace() -> Two:
    file = uri_of(data=save(content="from a file").outputs["out"])
    folder = uri_of(data=make_folder().outputs["out"])
    return import_stage(file=file.output, folder=folder.output).outputs


@dsl.pipeline(name="functions-with-outputs")
def functions_with_outputs(first: str, second: str) -> str:
    message = identity(string=f"{first}{second}")
    task = mixed(data=return_content(content=message.output).output)
    load(data=task.outputs["model"])
    return task.outputs["scalar"]


@dsl.pipeline(name="defaults")
def defaults() -> str:
    write_path()
    is_none()
    is_none(string="x")
    six(decimal=3.0, boolean=False, a_dict={})
    return task_name().output


@dsl.pipeline(name="output-path-not-written")
def output_path_not_written():
    write_no_path()


@dsl.pipeline(name="variables")
def variables() -> str:
    read_variable(name="SECOND").set_env_variable("FIRST", "1").set_env_variable("SECOND", "2")
    return read_variable(name="ONE").set_env_variable("ONE", "value").output


@dsl.pipeline(name="for-clusters-only")
def for_clusters_only(message: str) -> str:
    task = identity(string=message).set_cpu_limit("1").set_memory_limit("512Mi")
    return task.set_display_name("my task").output


@dsl.pipeline(name="words")
def words(x: str = "foo"):
    print_words()
    print_words(x=x)
    concatenate(x=x)
    say_hello()


@dsl.pipeline(name="concatenated-none")
def concatenated_none():
    concatenate()


CASES = (
    Case(pipeline=no_io),
    Case(pipeline=single_return, outputs={"Output": "foo"}),
    Case(pipeline=single_return, parameters={"string": "bar"}, outputs={"Output": "bar"}),
    Case(pipeline=numbers, parameters={"a": "5", "b": "5"}, outputs={"Output": 10}),
    Case(
        pipeline=all_types,
        parameters={"flt": "2.718", "boolean": "false"},
        outputs={
            "string": "default",
            "integer": 10,
            "decimal": 2.718,
            "boolean": False,
            "a_list": ["item1", "item2"],
            "a_dict": {"baz": "bat"},
        },
    ),
    Case(
        pipeline=artifacts,
        outputs={"Output": "single"},
        tasks={
            "load": {"Output": "goodbye"},
            "load-2": {"Output": "two"},
            "load-3": {"Output": "pythonic"},
            "load-4": {"Output": "abab"},
        },
    ),
    Case(pipeline=importing_upstream, outputs={"Output": "/fake/uri"}),
    Case(pipeline=strings, outputs={"Output": "foo-bar-baz"}),
    Case(pipeline=strings_in_containers, outputs={"Output": "foo-bar-baz"}, containers=True),
    Case(pipeline=workspace, parameters={"text": "shared"}, outputs={"Output": "shared"}),
    Case(
        pipeline=importing_to_workspace,
        outputs={"first": "from a file", "second": "part-0.txt,part-1.txt"},
    ),
    Case(
        pipeline=functions_with_outputs,
        parameters={"first": "Hello", "second": " World"},
        outputs={"Output": "123"},
        tasks={"load": {"Output": "contents: Hello WorldHello World"}},
    ),
    Case(
        pipeline=defaults,
        outputs={"Output": "task-name"},
        tasks={
            "write-path": {"out": "HelloHello", "Output": 1},
            "is-none": {"Output": "is none"},
            "is-none-2": {"Output": "not none"},
        },
    ),
    # `kfp.local` lets this task succeed without its output.
    Case(pipeline=output_path_not_written, failure="it ended without writing `out`"),
    Case(pipeline=variables, outputs={"Output": "value"}, tasks={"read-variable": {"Output": "2"}}),
    Case(pipeline=for_clusters_only, parameters={"message": "hi"}, outputs={"Output": "hi"}),
    Case(
        pipeline=words,
        containers=True,
        tasks={
            "print-words": {
                "words": "[omitted][no input][nothing][there is another][another thing]"
            },
            "print-words-2": {"words": "[given][foo][foo][there is one][--x=foo]"},
            "concatenate": {"out": "abfood"},
            "say-hello": {},
        },
    ),
    # `kfp.local` writes `abnulld`.
    Case(pipeline=concatenated_none, containers=True, failure="`{{$.inputs.parameters['x']}}`"),
)
