"""What is known of environments: each row by itself."""

from __future__ import annotations

import pytest
from images.small_environments import environment_files

from kfpkit.environments import find_environment
from kfpkit.images import records
from kfpkit.images.listing import survey_environments
from kfpkit.images.records import Record


@pytest.fixture
def several(tiny):
    """Return a function that writes a project with two environments."""

    def write(registry: str = "127.0.0.1:9/tests"):
        return tiny(registry, files=environment_files("one") | environment_files("two"))

    return write


def states(rows):
    return {row.name: row.state for row in rows}


def test_without_a_record_nothing_is_known_of_an_image(tiny):
    (row,) = survey_environments(tiny())

    assert (row.state, row.exists, row.size, row.compressed) == ("unknown", None, None, None)
    assert (row.packages, row.problem) == (1, None)


def test_a_record_tells_the_sizes_and_whether_the_image_was_pushed(tiny):
    project = tiny()
    environment = find_environment(project, "tiny")
    built = Record(image=environment.image, size=5)
    records.write(project, environment, built)
    assert [(row.state, row.exists, row.size) for row in survey_environments(project)] == [
        ("built here", None, 5)
    ]

    pushed = Record(image=environment.image, size=5, compressed=2, digest="sha256:0")
    records.write(project, environment, pushed)
    assert [(row.state, row.exists, row.compressed) for row in survey_environments(project)] == [
        ("exists", True, 2)
    ]


def test_a_stale_lock_spoils_its_own_row_only(several, serve):
    project = several(f"{serve(lambda request: request.send(404))}/tests")
    lock = project.environments / "one" / "poetry.lock"
    lock.write_text(lock.read_text().replace("utilities", "tools"))

    one, two = survey_environments(project, ask=True)

    assert (one.state, two.state, two.problem) == ("stale lock", "missing", None)
    assert one.packages == 1
    assert "Run `kfpkit env lock one`" in (one.problem or "")


@pytest.mark.parametrize("content", [b"<<<<<<< HEAD\n", b"package = 3\n", b"\xff\xfe"])
def test_a_broken_lock_spoils_its_own_row_only(several, content):
    project = several()
    (project.environments / "one" / "poetry.lock").write_bytes(content)

    one, two = survey_environments(project)

    assert (one.state, one.packages, two.state) == ("broken lock", None, "unknown")
    assert "cannot be read" in (one.problem or "")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("one/pyproject.toml", "[project\n"),
        ("one/pyproject.toml", "[project]\nrequires-python = '>=3.7'\n"),
        ("My Env/pyproject.toml", ""),
    ],
)
def test_what_is_no_environment_spoils_its_own_row_only(several, file, text):
    project = several()
    (project.environments / file).parent.mkdir(exist_ok=True)
    (project.environments / file).write_text(text)

    rows = survey_environments(project)

    assert states(rows)[file.partition("/")[0]] == "invalid"
    assert states(rows)["two"] == "unknown"
    assert sum(row.problem is not None for row in rows) == 1


def test_a_registry_that_is_down_is_named_once(several, refused_address):
    rows = survey_environments(several(f"{refused_address}/tests"), ask=True)

    assert states(rows) == {"one": "not asked", "two": "not asked"}
    (problem,) = {row.problem for row in rows}
    assert f"`{refused_address}` cannot be reached" in (problem or "")


def test_each_row_has_the_problem_of_its_own_repository(several, serve):
    rows = survey_environments(
        several(f"{serve(lambda request: request.send(403))}/tests"), ask=True
    )

    assert states(rows) == {"one": "not asked", "two": "not asked"}
    assert all(f"denied access to `tests/{row.name}`" in (row.problem or "") for row in rows)


def test_a_project_without_a_registry_asks_none(tiny):
    (row,) = survey_environments(tiny("kfpkit"), ask=True)

    assert row.state == "not asked"
    assert "has no host" in (row.problem or "")


def test_layers_are_shared_with_the_images_of_the_same_python(several):
    one, two = survey_environments(several())

    assert one.shared == {"base": ("two",), "kfp": ("two",)}
    assert two.shared == {"base": ("one",), "kfp": ("one",)}


def test_an_environment_that_has_no_image_shares_nothing(tiny):
    files = environment_files("one") | environment_files("two", settings="image = false")

    assert [row.shared for row in survey_environments(tiny(files=files))] == [{}, {}]
