"""Whether an image does what it is for; sent into a container of it as text.

The contract: standard library and kfp's runtime only, on every Python that an environment may have.
Arguments are the modules to import. A line `importing MODULE` on standard output comes before each.
The last line on standard output is JSON: `imports`, a mapping
of modules that fail to their errors; `lacking`, a mapping of those that fail since a module outside
the standard library is not found, to that module; `executor`, an error or null; `root`, whether it
is root who runs it. The exit code is 0 when all is well. It needs one folder that can be written,
and no network.

Annotations are no texts here (no `from __future__ import annotations`): KFP reads those of the
component below.
"""

import importlib
import json
import os
import sys
import tempfile
from pathlib import Path


def failing_imports(modules: list[str]) -> "dict[str, BaseException]":
    """Import every module; return those that fail, each with its error."""
    failing = {}
    for module in modules:
        sys.stdout.write(f"importing {module}\n")
        sys.stdout.flush()  # who waits for too long wants to know where
        try:
            importlib.import_module(module)
        except BaseException as error:  # noqa: BLE001 - a module may raise anything
            failing[module] = error
    return failing


def lacking(failing: "dict[str, BaseException]") -> dict[str, str]:
    """Return the modules that lack another one, and which; Python's own ones do not count."""
    return {
        module: error.name
        for module, error in failing.items()
        if isinstance(error, ModuleNotFoundError)
        and error.name
        and error.name.partition(".")[0] not in sys.stdlib_module_names
    }


def executor_error() -> "str | None":
    """Run a component through KFP's executor; return the error, or None."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            found = _doubled(21, Path(folder))
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is the finding
        return f"{type(error).__name__}: {error}"
    return None if found == 2 * 21 else f"the component returned {found!r}"


def _doubled(number: int, folder: Path) -> object:
    from kfp.dsl.executor import Executor  # noqa: PLC0415 - its absence is a finding

    def double(number: int) -> int:
        return 2 * number

    written = folder / "metadata.json"
    executor_input = {
        "inputs": {"parameterValues": {"number": number}},
        "outputs": {
            "parameters": {"Output": {"outputFile": str(folder / "Output")}},
            "outputFile": str(written),
        },
    }
    Executor(executor_input=executor_input, function_to_execute=double).execute()
    return json.loads(written.read_text())["parameterValues"]["Output"]


def main(modules: list[str]) -> int:
    """Check everything and say what was found."""
    failing = failing_imports(modules)
    found = {
        "imports": {name: f"{type(error).__name__}: {error}" for name, error in failing.items()},
        "lacking": lacking(failing),
        "executor": executor_error(),
        "root": os.getuid() == 0,
    }
    sys.stdout.write(f"\n{json.dumps(found)}\n")
    return 1 if any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
