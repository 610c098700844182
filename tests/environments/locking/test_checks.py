"""What `kfpkit env check` looks for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kfpkit.environments.locking.checks import check_environment

RUNTIME = {"environments/kfp-runtime.txt": "kfp==2.17.0 --hash=sha256:0\n"}
SOURCE = '\n[package.source]\ntype = "directory"\nurl = "../six"\n'


def test_a_fresh_environment_has_no_problem(tiny):
    assert check_environment(tiny(files=RUNTIME)) == ()


def test_each_problem_comes_with_the_command_that_mends_it(tiny):
    environment = tiny()
    environment.imports_file.unlink()

    problems = check_environment(environment)

    assert len(problems) == 2
    assert all("`kfpkit env lock tiny`" in problem for problem in problems)


@pytest.mark.parametrize("content", ["", "kfp==2.17.0\n", "kfp==2 --hash=sha256:0\nsix==1\n"])
def test_a_runtime_without_version_or_hash_is_a_problem(tiny, content):
    problems = check_environment(tiny(files={"environments/kfp-runtime.txt": content}))

    assert "must pin only kfp" in problems[-1]


def test_a_wheel_for_another_python_is_a_problem(tiny):
    environment = tiny(wheel="six-1.17.0-cp27-cp27m-win32.whl", files=RUNTIME)

    (problem,) = check_environment(environment)

    assert "`six` 1.17.0 has no wheel" in problem


def test_a_local_path_in_the_lock_is_a_problem(tiny):
    environment = tiny(files=RUNTIME)
    text = environment.lock.path.read_text()
    environment.lock.path.write_text(text.replace("\n[metadata]", SOURCE + "\n[metadata]"))

    problems = check_environment(replace(environment))

    assert any("locked from a separate directory" in problem for problem in problems)


def test_the_address_of_a_source_is_not_shown(tiny):
    environment = tiny(files=RUNTIME)
    source = SOURCE.replace("directory", "legacy").replace("../six", "https://user:secret@index")
    text = environment.lock.path.read_text()
    environment.lock.path.write_text(text.replace("\n[metadata]", source + "\n[metadata]"))

    problems = check_environment(replace(environment))

    assert any("`six` is locked from a separate legacy" in problem for problem in problems)
    assert "secret" not in "".join(problems)


def test_kfp_in_the_lock_is_a_problem(tiny):
    environment = tiny(files=RUNTIME)
    environment.lock.path.write_text(environment.lock.path.read_text().replace('"six"', '"kfp"'))

    problems = check_environment(replace(environment))

    assert any("Remove it from the dependencies" in problem for problem in problems)


def test_a_lock_with_conflict_marks_is_a_problem(tiny):
    environment = tiny(files=RUNTIME)
    environment.lock.path.write_text("<<<<<<< ours\n" + environment.lock.path.read_text())

    assert any("poetry.lock" in problem for problem in check_environment(replace(environment)))
