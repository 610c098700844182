"""The components of the cases."""

# ruff: noqa: PLC0415 - a component imports in its body
# ruff: noqa: FBT001, B006, UP006, UP045 - KFP's own spelling, and its own defaults
# ruff: noqa: PLR0913, PLR0917 - an input of each type

from typing import Dict, List, NamedTuple, Optional  # noqa: UP035 - KFP's own spelling

from kfp import dsl
from local.steps import component


@component
def identity(string: str) -> str:
    return string


@component
def do_nothing(): ...


@component
def add(x: float, y: float) -> float:
    return x + y


@component
def add_whole(x: int, y: int) -> int:
    return x + y


@component
def power(x: float, exponent: float) -> float:
    return x**exponent


@component
def six(
    decimal: float,
    boolean: bool,
    a_dict: dict,
    string: str = "default",
    integer: int = 12,
    a_list: list = ["item1", "item2"],
) -> NamedTuple(
    "Six", string=str, integer=int, decimal=float, boolean=bool, a_list=list, a_dict=dict
):
    return string, integer, decimal, boolean, a_list, a_dict


@component
def twice(x: str) -> NamedTuple("Two", first=str, second=str):
    return x, x


@component
def save(content: str, out: dsl.Output[dsl.Artifact]):
    with open(out.path, "w") as file:  # noqa: PTH123 - short is clear
        file.write(content)
    out.metadata["foo"] = "bar"


@component
def save_two(first: str, second: str, a: dsl.Output[dsl.Artifact], b: dsl.Output[dsl.Dataset]):
    for artifact, content in ((a, first), (b, second)):
        with open(artifact.path, "w") as file:  # noqa: PTH123 - short is clear
            file.write(content)
    b.metadata["baz"] = "bat"


@component
def return_artifact(content: str) -> dsl.Dataset:
    dataset = dsl.Dataset(uri=dsl.get_uri("set"), metadata={"length": len(content)})
    with open(dataset.path, "w") as file:  # noqa: PTH123 - short is clear
        file.write(content)
    return dataset


@component
def return_two(first: str, second: str) -> NamedTuple(
    "Artifacts", one=dsl.Artifact, two=dsl.Dataset
):
    artifacts = (
        dsl.Artifact(name="a", uri=dsl.get_uri("a"), metadata={"of": first}),
        dsl.Dataset(name="b", uri=dsl.get_uri("b"), metadata={"of": second}),
    )
    for artifact, content in zip(artifacts, (first, second)):  # noqa: B905 - for Python 3.9
        with open(artifact.path, "w") as file:  # noqa: PTH123 - short is clear
            file.write(content)
    return artifacts


@component
def return_content(content: str) -> dsl.Dataset:
    return content * 2


@component
def load(data: dsl.Input[dsl.Artifact]) -> str:
    with open(data.path) as file:  # noqa: PTH123 - short is clear
        return file.read()


@component
def load_number(data: dsl.Dataset) -> float:
    with open(data.path) as file:  # noqa: PTH123 - short is clear
        return float(file.read())


@component
def save_number(number: float, out: dsl.Output[dsl.Dataset]):
    with open(out.path, "w") as file:  # noqa: PTH123 - short is clear
        file.write(str(number))


@component
def join_files(parts: List[dsl.Artifact]) -> str:
    contents = []
    for part in parts:
        with open(part.path) as file:  # noqa: PTH123 - short is clear
            contents.append(file.read())
    return ",".join(contents)


@component
def mixed(data: dsl.Input[dsl.Dataset]) -> NamedTuple(
    "Mixed", scalar=str, metrics=dsl.Metrics, model=dsl.Model
):
    with open(data.path) as file:  # noqa: PTH123 - short is clear
        return "123", '{"metrics": []}', "contents: " + file.read()


@component
def fail() -> str:
    raise RuntimeError("on purpose")


@component
def read_variable(name: str) -> str:
    import os

    return os.environ.get(name, "UNSET")


@component
def is_none(string: Optional[str] = None) -> str:
    return "is none" if string is None else "not none"


@component
def task_name(name: str = dsl.PIPELINE_TASK_NAME_PLACEHOLDER) -> str:
    return name


@component
def write_path(out: dsl.OutputPath(str)) -> int:
    with open(out, "w") as file:  # noqa: PTH123 - short is clear
        file.write("HelloHello")
    return 1


@component
def write_no_path(out: dsl.OutputPath(int)): ...


@component
def describe(value: dict) -> str:
    return repr(value)


@component
def pairs() -> List[Dict[str, str]]:
    return [{"A_a": "1", "B_b": "2"}, {"A_a": "10", "B_b": "20"}]


@component
def split(ids: str) -> list:
    return ids.split(",")


@component
def join_all(ids: List[str]) -> str:
    return "+".join(ids)


@component
def append(path: str, line: str) -> str:
    with open(path, "a") as file:  # noqa: PTH123 - short is clear
        file.write(line)
    return line


@component
def append_state(path: str, status: dsl.PipelineTaskFinalStatus):
    with open(path, "a") as file:  # noqa: PTH123 - short is clear
        file.write(status.state)


@component
def try_until(path: str, enough: int) -> str:
    import pathlib

    file = pathlib.Path(path)
    count = 1 + (len(file.read_text()) if file.exists() else 0)
    file.write_text("x" * count)
    if count < enough:
        raise RuntimeError("not yet")
    return f"attempt {count}"


@component
def write_in(folder: str, text: str) -> str:
    import pathlib

    file = pathlib.Path(folder, "output.txt")
    file.write_text(text)
    return str(file)


@component
def read_from(path: str) -> str:
    import pathlib

    return pathlib.Path(path).read_text()


@component
def make_folder(out: dsl.Output[dsl.Dataset]):
    import pathlib

    pathlib.Path(out.path).mkdir()
    for number in range(2):
        pathlib.Path(out.path, f"part-{number}.txt").touch()


@component
def uri_of(data: dsl.Input[dsl.Artifact]) -> str:
    return data.uri


@component
def list_folder(data: dsl.Input[dsl.Dataset]) -> str:
    import os

    return ",".join(sorted(os.listdir(data.path)))  # noqa: PTH208 - short is clear
