"""What the command line does before and around each verb."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

KFPKIT = str(Path(sys.executable).with_name("kfpkit"))
ENVIRONMENTS = {
    "environments/gcp/pyproject.toml": "[project]\n",
    "environments/gpu/pyproject.toml": "[project]\n",
    "environments/sklearn/pyproject.toml": "[project]\n",
}


@pytest.fixture
def kfpkit(project):
    """Return a function that runs the command in a project with environments."""
    root = project(ENVIRONMENTS)

    def run(*arguments, command=(KFPKIT,), **variables):
        return subprocess.run(
            [*command, *arguments],
            cwd=root,
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_the_version_is_printed(kfpkit):
    assert kfpkit("--version").stdout == f"kfpkit {version('kfpkit')}\n"


@pytest.mark.parametrize("verb", [[], ["compile"], ["env"], ["env", "list"], ["bundle", "show"]])
def test_help_has_a_short_option(kfpkit, verb):
    done = kfpkit(*verb, "-h")

    assert done.returncode == 0
    assert done.stdout == kfpkit(*verb, "--help").stdout
    assert done.stdout.startswith(f"Usage: {' '.join(['kfpkit', *verb])} [OPTIONS]")


def test_the_module_is_the_same_command(kfpkit):
    by_module = kfpkit("env", "--help", command=(sys.executable, "-m", "kfpkit"))

    assert by_module.stdout == kfpkit("env", "--help").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["compile"], "Missing argument 'PIPELINE'. For usage, run `kfpkit compile --help`."),
        (
            ["env", "lsit"],
            "No such command 'lsit'. Did you mean 'list'? For usage, run `kfpkit env --help`",
        ),
        (["run", "p", "--param", "rows"], "Invalid value for --param: `rows` must have the form"),
        (["env", "build", "-j", "0"], "Invalid value for '--jobs' / '-j': Input"),
        (["compile", "--jsn"], "No such option: --jsn "),
    ],
)
def test_wrong_usage_has_the_form_of_all_errors_and_exits_with_2(kfpkit, arguments, message):
    done = kfpkit(*arguments)

    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {message}")
    assert done.stderr.count("\n") == 1
    assert not done.stdout


@pytest.mark.parametrize("arguments", [[], ["env"], ["bundle"]])
def test_without_a_verb_the_help_is_shown(kfpkit, arguments):
    done = kfpkit(*arguments)

    assert done.returncode == 2
    assert done.stderr == kfpkit(*arguments, "--help").stdout


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("kfpkit env pl", ["plan"]),
        ("kfpkit env check g", ["gcp", "gpu"]),
        ("kfpkit env lock s", ["sklearn"]),
        ("kfpkit env new more --like gp", ["gpu"]),
        ("kfpkit run --con", ["--config", "--containers"]),
    ],
)
def test_a_shell_completes_verbs_options_and_environments(kfpkit, words, completed):
    done = kfpkit(
        _KFPKIT_COMPLETE="complete_bash",
        COMP_WORDS=words,
        COMP_CWORD=str(len(words.split()) - 1),
    )

    assert sorted(done.stdout.split()) == completed


def test_completion_is_quiet_in_a_broken_project(kfpkit, project):
    project({"pyproject.toml": "[tool.kfpkit]\nno = 1\n"})
    done = kfpkit(_KFPKIT_COMPLETE="complete_bash", COMP_WORDS="kfpkit env check g", COMP_CWORD="3")

    assert (done.stdout.strip(), done.stderr) == ("", "")


def test_completion_is_installed_for_the_shell_that_runs(kfpkit, tmp_path):
    script = f"{KFPKIT} --install-completion && true"  # a lone command would replace the shell
    done = kfpkit("-c", script, command=("bash",), HOME=str(tmp_path))

    assert done.returncode == 0, done.stderr
    assert "bash completion installed" in done.stdout
    assert "_KFPKIT_COMPLETE=complete_bash" in (
        tmp_path / ".bash_completions" / "kfpkit.sh"
    ).read_text(encoding="utf-8")


def test_completing_and_help_import_neither_kfp_nor_pydantic():
    script = (
        "import sys\nfrom kfpkit.cli import app\n"
        "try:\n    app(['--help'], prog_name='kfpkit')\nexcept SystemExit:\n    pass\n"
        "print(sorted({'kfp', 'pydantic', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[-1] == "[]"
