"""Compile time of 20 pipelines with 10 tasks each, against the same pipelines with plain KFP.

Both compile in one process each, from `import kfp` to the last file, and what counts is the
processor time, since other work on the machine stretches the rest; the components of kfpkit are
checked against a locked environment and carry the helpers that they reach; those of KFP carry only
their own text.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.figures import Figure, ratio
from benchmarks.project import write_helpers
from benchmarks.timing import in_turn, processor_time

ROUNDS = 15
PIPELINES = 20
TASKS = 10
ENVIRONMENTS = Path(__file__).parent.parent / "environments"
DECORATORS = {
    "kfp": 'dsl.component(base_image="python:3.11", install_kfp_package=False)',
    "kfpkit": 'kfpkit.component(environment="gcp")',
}
COMPONENT = """\
import kfpkit
from kfp import dsl
from {module} import {function}


@{decorator}
def step_{index}(number: float) -> float:
    return {function}(number, 2.0)
"""
KFP_COMPILE = "compiler.Compiler().compile(pipeline, f'{folder}/{pipeline.name}.yaml')"
OUR_COMPILE = "compile_pipeline(pipeline, pathlib.Path(f'{folder}/{pipeline.name}.yaml'))"
COMPILING = """\
import importlib, pathlib, sys
from kfp import compiler
{imports}
folder = pathlib.Path("{name}")
folder.mkdir(exist_ok=True)
for index in range({pipelines}):
    pipeline = importlib.import_module(f"{name}_pipeline_{{index}}").work
    {compile}
"""


def measure() -> list[Figure]:
    """Compile the pipelines both ways."""
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        (root / "pyproject.toml").write_text("[tool.kfpkit]\nsource-roots = ['.']\n")
        shutil.copytree(ENVIRONMENTS / "gcp", root / "environments" / "gcp")
        modules = write_helpers(root)
        commands = {
            name: [sys.executable, "-W", "ignore", str(_write(root, name, modules))]
            for name in ("kfp", "kfpkit")
        }
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(root)}
        seconds = in_turn(
            commands, rounds=ROUNDS, environment=environment, folder=root, clock=processor_time
        )
    return [
        *(
            Figure(
                name=f"compile {PIPELINES} x {TASKS}, {name}",
                value=statistics.median(runs),
                unit="s",
            )
            for name, runs in seconds.items()
        ),
        Figure(
            name=f"compile {PIPELINES} x {TASKS}, kfpkit / kfp",
            value=ratio(seconds["kfpkit"], seconds["kfp"]),
            unit="x",
            bar=1.15,
        ),
    ]


def _write(root: Path, name: str, modules: list[str]) -> Path:
    """Write the components, the pipelines and the program that compiles them."""
    decorator = DECORATORS[name]
    for index in range(TASKS):
        module = modules[index % len(modules)]
        text = (root / module.replace(".", "/")).with_suffix(".py").read_text()
        function = text.split("def ")[1].partition("(")[0]
        (root / f"{name}_step_{index}.py").write_text(
            COMPONENT.format(module=module, function=function, decorator=decorator, index=index)
        )
    for index in range(PIPELINES):
        (root / f"{name}_pipeline_{index}.py").write_text(_pipeline(name, index))
    program = root / f"compile_{name}.py"
    ours = name == "kfpkit"
    program.write_text(
        COMPILING.format(
            name=name,
            pipelines=PIPELINES,
            imports="from kfpkit.compiler.compiler import compile_pipeline" if ours else "",
            compile=OUR_COMPILE if ours else KFP_COMPILE,
        )
    )
    return program


def _pipeline(name: str, index: int) -> str:
    steps = range(TASKS)
    imports = "".join(f"from {name}_step_{step} import step_{step}\n" for step in steps)
    tasks = "".join(
        f"    task_{step} = step_{step}("
        f"number={'number' if step == 0 else f'task_{step - 1}.output'})\n"
        for step in steps
    )
    return (
        f"from kfp import dsl\n{imports}\n\n@dsl.pipeline(name='pipeline-{index}')\n"
        f"def work(number: float = {index}.5) -> float:\n"
        f"{tasks}    return task_{TASKS - 1}.output\n"
    )
