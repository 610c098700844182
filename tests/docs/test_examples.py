"""The configuration files and commands that pages show are ones that kfpkit takes."""

from __future__ import annotations

import ast
import re
import subprocess
import textwrap

import pytest
import typer
import yaml

from kfpkit.cli import app
from kfpkit.configuration import Configuration
from kfpkit.environments import list_environments
from kfpkit.project.project import find_project
from kfpkit.project.settings import read_settings

try:
    import tomllib
except ModuleNotFoundError:
    import tomli as tomllib


@pytest.fixture
def shown(document):
    """Return a function that yields the blocks of a kind on all pages, also those in lists."""
    root = document("docs/index.md").file.parent
    pages = [
        root.parent / "README.md",
        root.parent / "CONTRIBUTING.md",
        *sorted(root.rglob("*.md")),
    ]

    def blocks(kind):
        fence = re.compile(rf"^( *)```{kind}\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
        for page in pages:
            for found in fence.finditer(page.read_text(encoding="utf-8")):
                yield textwrap.dedent(found[2])

    return blocks


def test_settings_and_environments_are_valid(shown, project):
    documents = [tomllib.loads(text) for text in shown("toml")]
    environments = {"environments/example/poetry.lock": ""}

    assert documents
    for text, content in zip(shown("toml"), documents, strict=True):
        if "project" not in content:
            read_settings(content["tool"]["kfpkit"])
            continue
        root = project({**environments, "environments/example/pyproject.toml": text})
        (environment,) = list_environments(find_project(root))
        assert environment.description.python
        assert environment.description.base_image
        assert environment.description.system_packages is not None


def test_run_configurations_are_valid(shown):
    configurations = list(shown("yaml"))

    assert configurations
    for text in configurations:
        Configuration.model_validate(yaml.safe_load(text))


def test_python_parses(shown):
    examples = list(shown('python(?: title="[^"]+")?'))

    assert examples
    for text in examples:
        ast.parse(text)


def test_shell_commands_parse(shown):
    examples = list(shown("sh"))

    assert examples
    for text in examples:
        subprocess.run(["/bin/sh", "-n"], input=text, text=True, check=True)


def test_commands_exist(shown):
    lines = [
        line for kind in ("sh", "console") for text in shown(kind) for line in text.splitlines()
    ]
    called = [line.removeprefix("$ ").split() for line in lines if re.match(r"(\$ )?kfpkit ", line)]

    assert called
    for _, *typed in called:
        words = typed[: typed.index("--")] if "--" in typed else typed
        command = typer.main.get_command(app)
        while hasattr(command, "commands"):
            # A program after `--` is what the verb `run` runs.
            command = command.commands[words.pop(0) if words else "run"]
        options = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options
