"""`kfpkit init` and `kfpkit env new --from`, as they are typed; the whole is in end_to_end."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.fixture
def kfpkit(tmp_path):
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "kfpkit", *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    return run


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Demo", "Use `demo`, for example."),
        ("json", "would hide the module `json` of Python's standard library"),
        (
            "taken",
            "taken is not empty: it contains `file`. Choose another name, or move its content",
        ),
        ("taken/file", "file is not a folder. Choose another name, or move the file elsewhere."),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(kfpkit, tmp_path, name, message):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "file").write_text("")

    done = kfpkit("init", name)

    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert message in done.stderr
    assert [path.name for path in tmp_path.rglob("*")] == ["taken", "file"]


def test_an_unknown_template_is_refused(kfpkit, tmp_path):
    done = kfpkit("init", "demo", "--template", "tabel")

    assert done.returncode == 1
    assert done.stderr == (
        "error: There is no template `tabel` for new projects. Did you mean `table`?\n"
    )
    assert not list(tmp_path.iterdir())


def test_the_library_of_a_template_cannot_be_its_name(kfpkit):
    done = kfpkit("init", "xgboost", "--template", "table")

    assert "would hide `xgboost` of the distribution `xgboost-cpu`" in done.stderr


def test_an_environment_of_kfpkit_is_there_at_once(kfpkit, tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.kfpkit]\n")

    made = kfpkit("env", "new", "gcp", "--from", "kfpkit:gcp")

    assert made.stdout.startswith("gcp: with the lock of kfpkit:gcp, as kfpkit/gcp:"), made.stderr
    assert "git add environments/gcp environments/kfp-runtime.txt" in made.stdout
    assert kfpkit("env", "check").stdout == "gcp: ok\n"


def test_an_origin_that_kfpkit_does_not_have_is_refused(kfpkit, tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.kfpkit]\n")

    done = kfpkit("env", "new", "gcp", "--from", "gpc")

    assert (done.returncode, done.stdout) == (1, "")
    assert "Did you mean `kfpkit:gcp`?" in done.stderr
    assert not (tmp_path / "environments").exists()


def test_two_origins_are_wrong_usage(kfpkit):
    done = kfpkit("env", "new", "more", "--from", "kfpkit:gcp", "--like", "gcp")

    assert done.returncode == 2
    assert "cannot be combined with `--like`" in done.stderr
