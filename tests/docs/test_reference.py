"""The reference pages are complete and say what the code says."""

from __future__ import annotations

import importlib
import inspect
import os
import re

import pytest
import typer
from typer.testing import CliRunner

from docs import (
    catalogue_reference,
    configuration_reference,
    record_reference,
    target_reference,
)
from kfpkit import errors
from kfpkit.cli import app
from kfpkit.project.settings import READERS

GENERATED = re.compile(r"(?<=<!-- commands -->\n).*(?=<!-- /commands -->)", re.DOTALL)
PACKAGES = (
    "kfpkit",
    "kfpkit.bundle",
    "kfpkit.configuration",
    "kfpkit.environments",
    "kfpkit.images",
    "kfpkit.local",
    "kfpkit.targets",
    "kfpkit.testing",
)
ERRORS = [
    error
    for _, error in inspect.getmembers(errors, inspect.isclass)
    if issubclass(error, errors.KfpkitError)
]


def test_the_command_line_reference_is_what_help_prints(document):
    page = document("docs/reference/command-line.md")
    sections = "\n".join(_section(command) for command in ((), *_commands()))

    if os.environ.get("UPDATE_GOLDEN"):
        page.file.write_text(GENERATED.sub(lambda _: sections, page.text), encoding="utf-8")

    assert GENERATED.search(page.text)[0] == sections


def test_the_reference_of_the_record_is_what_its_model_says(document):
    page = document("docs/reference/run-record.md")
    generated = re.compile(r"(?<=<!-- record -->\n).*(?=\n<!-- /record -->)", re.DOTALL)
    sections = record_reference.write_reference()

    if os.environ.get("UPDATE_GOLDEN"):
        page.file.write_text(generated.sub(lambda _: sections, page.text), encoding="utf-8")

    assert generated.search(page.text)[0] == sections


def test_the_reference_of_the_configuration_is_what_its_model_says(document):
    page = document("docs/reference/run-configuration.md")
    generated = re.compile(r"(?<=<!-- keys -->\n\n).*(?=\n\n<!-- /keys -->)", re.DOTALL)
    table = configuration_reference.write_reference()

    if os.environ.get("UPDATE_GOLDEN"):
        page.file.write_text(generated.sub(lambda _: table, page.text), encoding="utf-8")

    assert generated.search(page.text)[0] == table


def test_the_page_of_the_catalogue_is_what_the_code_says(document):
    page = document("docs/reference/catalogue.md")
    generated = re.compile(r"(?<=<!-- catalogue -->\n).*(?=\n<!-- /catalogue -->)", re.DOTALL)
    table = f"\n{catalogue_reference.write_reference()}\n"

    if os.environ.get("UPDATE_GOLDEN"):
        page.file.write_text(generated.sub(lambda _: table, page.text), encoding="utf-8")

    assert generated.search(page.text)[0] == table


def test_the_reference_of_targets_is_what_their_model_says(document):
    page = document("docs/reference/targets.md")
    generated = re.compile(r"(?<=<!-- keys -->\n\n).*(?=\n\n<!-- /keys -->)", re.DOTALL)
    table = target_reference.write_reference()

    if os.environ.get("UPDATE_GOLDEN"):
        page.file.write_text(generated.sub(lambda _: table, page.text), encoding="utf-8")

    assert generated.search(page.text)[0] == table


@pytest.mark.parametrize("package", PACKAGES)
def test_public_names_are_in_the_reference(package, document):
    page = document("docs/reference/python.md").text
    names = importlib.import_module(package).__all__

    assert f"::: {package}\n" in page or all(f".{name}\n" in page for name in names)


def test_references_lead_to_something(document):
    text = document("docs/reference/python.md").text
    names = re.findall(r"^::: ([\w.]+)", text, re.MULTILINE)

    assert names
    for name in names:
        module, _, attribute = name.rpartition(".")

        assert hasattr(importlib.import_module(module), attribute), name


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_errors_are_explained(error, document):
    explained = f"`{error.__name__}`" in document("docs/how-to/refusals.md").text

    # A class that only groups others is explained by those.
    assert explained or any(issubclass(other, error) for other in ERRORS if other is not error)


def test_explained_errors_exist(document):
    named = set(
        re.findall(r"^\| `(\w+Error)`", document("docs/how-to/refusals.md").text, re.MULTILINE)
    )

    assert named
    assert named <= {error.__name__ for error in ERRORS}


def test_the_keys_of_the_settings_are_listed(document):
    listed = re.findall(
        r"^\| `([\w-]+)` \|", document("docs/reference/settings.md").text, re.MULTILINE
    )

    assert [key for key in listed if key.islower()] == list(READERS)


def test_decisions_are_numbered_and_listed(document):
    index = document("docs/decisions/index.md")
    records = sorted(index.file.parent.glob("[0-9]*.md"))

    assert [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))
    assert all(f"({record.name})" in index.text for record in records)


def _commands(group=None, above=()):
    group = group or typer.main.get_command(app)
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            yield from _commands(command, (*above, name))
        else:
            yield (*above, name)


def _section(command):
    done = CliRunner(env={"COLUMNS": "100"}).invoke(
        app, [*command, "--help"], prog_name="kfpkit", terminal_width=100
    )
    return f"\n## `{' '.join(('kfpkit', *command))}`\n\n```text\n{done.output.strip()}\n```\n"
