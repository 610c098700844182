"""Small components for the runs of these tests; they need nothing but kfp's runtime."""

# ruff: noqa: PLC0415 - a component imports in its body; a pipeline's parameters are positional

import functools

from kfp import dsl

component = functools.partial(dsl.component, base_image="python:3.11", install_kfp_package=False)


@component
def say(text: str, times: int = 1) -> str:
    return text * times


@component
def join(texts: list) -> str:
    return " ".join(str(text) for text in texts)


@component
def number(value: float) -> float:
    return value


@component
def write(text: str, out: dsl.Output[dsl.Dataset]):
    from pathlib import Path

    Path(out.path).write_text(text)
    out.metadata["letters"] = len(text)


@component
def read(data: dsl.Input[dsl.Dataset]) -> str:
    from pathlib import Path

    return Path(data.path).read_text()


@component
def read_all(data: dsl.Input[list[dsl.Dataset]]) -> str:
    from pathlib import Path

    return " ".join(Path(one.path).read_text() for one in data)


@component
def fill(address: str, text: str, table: dsl.Output[dsl.Artifact]):
    from pathlib import Path

    Path(address.removeprefix("table://")).write_text(text)
    table.uri = address


@component
def query(table: dsl.Input[dsl.Artifact]) -> str:
    from pathlib import Path

    return Path(table.uri.removeprefix("table://")).read_text()


@component
def fail(message: str = "broken on purpose") -> str:
    raise ValueError(message)


@component
def measure(metrics: dsl.Output[dsl.Metrics]):
    metrics.log_metric("accuracy", 0.25)


@component
def meet(mine: str, other: str) -> bool:
    import pathlib
    import time

    pathlib.Path(mine).touch()
    end = time.monotonic() + 60
    while not pathlib.Path(other).exists() and time.monotonic() < end:
        time.sleep(0.02)
    return pathlib.Path(other).exists()


@component
def stamp(seconds: float = 0.0) -> list:
    import time

    start = time.time()
    time.sleep(seconds)
    return [start, time.time()]
