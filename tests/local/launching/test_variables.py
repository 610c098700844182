"""Who sets a task's environment variables, and who wins."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kfpkit.helpers import secrets, sources
from kfpkit.local.launching import variables as module
from kfpkit.local.launching.variables import (
    TaskVariables,
    find_secrets_folder,
    list_named_files,
    merge_variables,
    select_for_containers,
    select_inherited,
    set_for_container,
    set_for_virtual_environment,
)

ORDER = ["defaults", "threads", "machine", "configuration", "task", "run"]
NAME = "OMP_NUM_THREADS"


def merge(sources):
    """Merge sources, each of which sets one variable to the source's own name."""
    values = {source: {NAME: source} for source in sources if source != "threads"}
    own = {name: values.pop(name) for name in ("configuration", "task", "run") if name in values}
    threads = 7 if "threads" in sources else None
    return merge_variables(TaskVariables(**own), threads=threads, **values)[NAME]


@pytest.mark.parametrize("strongest", range(1, len(ORDER) + 1))
def test_the_later_source_wins(strongest):
    sources = ORDER[:strongest]
    expected = "7" if sources[-1] == "threads" else sources[-1]
    assert merge(sources) == expected


def test_every_source_reaches_the_task():
    own = TaskVariables(configuration={"A": "1"}, task={"B": "2"}, run={"C": "3"})
    merged = merge_variables(own, machine={"D": "4"}, defaults={"E": "5"})
    assert merged == {"A": "1", "B": "2", "C": "3", "D": "4", "E": "5"}


@pytest.mark.parametrize("select", [select_inherited, select_for_containers])
@pytest.mark.parametrize(
    "name",
    [
        "BLIS_NUM_THREADS",
        "GOTO_NUM_THREADS",
        "LOKY_MAX_CPU_COUNT",
        "MKL_NUM_THREADS",
        "NUMBA_NUM_THREADS",
        "NUMEXPR_MAX_THREADS",
        "NUMEXPR_NUM_THREADS",
        "OMP_NUM_THREADS",
        "OMP_THREAD_LIMIT",
        "OPENBLAS_NUM_THREADS",
        "POLARS_MAX_THREADS",
        "RAYON_NUM_THREADS",
        "TF_NUM_INTEROP_THREADS",
        "TF_NUM_INTRAOP_THREADS",
        "VECLIB_MAXIMUM_THREADS",
    ],
)
def test_the_users_shell_reaches_the_task(select, name):
    assert select({name: "3"})[name] == "3"


@pytest.mark.parametrize("select", [select_inherited, select_for_containers])
@pytest.mark.parametrize("name", ["PYTHONPATH", "PYTHONHOME", "EDITOR"])
def test_other_variables_of_the_user_do_not(select, name):
    assert select({name: "/here"}) == {}


def test_the_environments_programs_come_first_whatever_the_task_sets():
    own = TaskVariables(task={"PATH": "/its", "VIRTUAL_ENV": "/its"})
    variables = set_for_virtual_environment(
        own, Path("/venv"), Path("/project"), machine={"PATH": "/users"}
    )
    assert variables["PATH"].split(os.pathsep) == ["/venv/bin", "/its"]
    assert variables["VIRTUAL_ENV"] == "/venv"


def test_a_task_can_buffer_its_output():
    own = TaskVariables(task={"PYTHONUNBUFFERED": ""})
    assert (
        set_for_virtual_environment(own, Path("/venv"), Path("/project"))["PYTHONUNBUFFERED"] == ""
    )
    assert set_for_container(own, network="host")["PYTHONUNBUFFERED"] == ""
    assert set_for_container(TaskVariables(), network="host")["PYTHONUNBUFFERED"] == "1"


def test_a_container_has_a_home_of_its_own_unless_the_task_sets_one():
    machine = {"HOME": "/home/user", "USER": "user"}
    variables = set_for_container(TaskVariables(), network="host", machine=machine)
    assert (variables["HOME"], variables["USER"]) == ("/tmp", "kfpkit")
    own = TaskVariables(task={"HOME": "/data"})
    assert set_for_container(own, network="host", machine=machine)["HOME"] == "/data"


def test_files_that_a_task_names_itself_are_of_its_image(tmp_path):
    names = ("SSL_CERT_FILE", "GOOGLE_APPLICATION_CREDENTIALS", "ANY")
    files = {name: tmp_path / name for name in names}
    for file in files.values():
        file.touch()
    own = TaskVariables(task={name: str(file) for name, file in files.items()})
    assert list_named_files(own, machine={}) == [files["GOOGLE_APPLICATION_CREDENTIALS"]]
    machine = {"SSL_CERT_FILE": str(files["SSL_CERT_FILE"])}
    assert list_named_files(TaskVariables(), machine=machine) == [files["SSL_CERT_FILE"]]


def test_a_task_gets_the_users_secrets_and_the_folder_of_the_others(tmp_path):
    machine = {"KFPKIT_SECRET_KEY": "s", "KFPKIT_SECRETS": str(tmp_path), "OTHER": "o"}
    for variables in (
        set_for_virtual_environment(TaskVariables(), tmp_path, tmp_path, machine=machine),
        set_for_container(TaskVariables(), network="host", machine=machine),
    ):
        assert variables["KFPKIT_SECRET_KEY"] == "s"
        assert variables["KFPKIT_SECRETS"] == str(tmp_path)
        assert "OTHER" not in variables
    assert list_named_files(TaskVariables(), machine=machine) == [tmp_path]


def test_the_variables_of_secrets_are_those_that_the_helper_reads():
    assert (module.PREFIX, module.FOLDER) == (secrets.PREFIX, secrets.FOLDER)


def test_relative_paths_of_inputs_start_at_the_project_in_a_virtual_environment_only(tmp_path):
    own = TaskVariables()
    variables = set_for_virtual_environment(own, Path("/venv"), tmp_path, machine={})
    assert variables[module.PROJECT] == str(tmp_path)
    assert module.PROJECT not in set_for_container(own, network="host", machine={})
    assert module.PROJECT in Path(sources.__file__).read_text(encoding="utf-8")


def test_the_folder_of_secrets_is_the_users_where_no_variable_names_one(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert find_secrets_folder({}) == tmp_path / ".config" / "kfpkit" / "secrets"
    assert list_named_files(TaskVariables(), machine={}) == []
