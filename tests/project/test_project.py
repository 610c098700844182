"""The project that a file belongs to, and its settings."""

from __future__ import annotations

import pytest

from kfpkit.errors import InvalidConfigError, InvalidRegistryError
from kfpkit.project.project import find_project


def test_the_nearest_table_marks_the_project(project):
    root = project({"fraud/model.py": "", "fraud/pyproject.toml": "[project]\nname = 'x'\n"})

    assert find_project(root / "fraud" / "model.py").root == root


def test_a_pyproject_without_the_table_marks_the_project_where_no_table_is(project):
    root = project({"pyproject.toml": "[project]\nname = 'x'\n", "src/fraud/model.py": ""})

    found = find_project(root / "src" / "fraud" / "model.py")

    assert found.root == root
    assert found.source_roots == (root / "src", root)


def test_a_lone_file_is_a_project_with_default_settings(tmp_path):
    (tmp_path / "pipeline.py").touch()

    found = find_project(tmp_path / "pipeline.py")

    assert found.root == tmp_path
    assert found.source_roots == (tmp_path,)
    assert found.environments == found.root / "environments"
    assert found.state == found.root / ".kfpkit"


def test_settings_are_read_from_the_table(project):
    root = project(
        {
            "pyproject.toml": (
                "[tool.kfpkit]\nregistry = 'eu.pkg.dev/p/r'\n"
                "source-roots = ['lib']\nenvironments = 'images'\n"
            ),
            "lib/fraud.py": "",
        }
    )

    found = find_project(root)

    assert found.registry == "eu.pkg.dev/p/r"
    assert found.source_roots == (root / "lib",)
    assert found.environments == root / "images"


def test_what_looks_like_a_secret_is_allowed_by_path_and_kind(project):
    table = "[tool.kfpkit]\nallow-secrets = ['src/maps.py:google-api-key']\n"
    assert find_project(project({"pyproject.toml": table})).allow_secrets == (
        "src/maps.py:google-api-key",
    )
    with pytest.raises(InvalidConfigError, match=r"allow-secrets.*`src/maps\.py` is not"):
        find_project(project({"pyproject.toml": table.replace(":google-api-key", "")}))


def test_a_stage_may_have_a_registry_of_its_own(project, monkeypatch):
    monkeypatch.setenv("KFPKIT_REGISTRY", "eu.pkg.dev/stage/r")
    root = project({"pyproject.toml": "[tool.kfpkit]\nregistry = 'eu.pkg.dev/p/r'\n"})

    assert find_project(root).registry == "eu.pkg.dev/stage/r"


def test_settings_are_read_again_after_an_edit(project):
    root = project(
        {"pyproject.toml": "[tool.kfpkit]\nregistry = 'eu.pkg.dev/p/r'\n", "lib/x.py": ""}
    )
    before = find_project(root)
    (root / "pyproject.toml").write_text("[tool.kfpkit]\nsource-roots = ['lib']\n")

    after = find_project(root)

    assert (before.registry, before.source_roots) == ("eu.pkg.dev/p/r", (root,))
    assert (after.registry, after.source_roots) == ("kfpkit", (root / "lib",))


def test_a_source_root_is_found_once_it_is_there(project):
    root = project({})
    assert find_project(root).source_roots == (root,)

    (root / "src").mkdir()

    assert find_project(root).source_roots == (root / "src", root)


def test_a_project_that_is_marked_later_is_found(project):
    root = project({"fraud/model.py": ""})
    assert find_project(root / "fraud").root == root

    (root / "fraud" / "pyproject.toml").write_text("[tool.kfpkit]\n")

    assert find_project(root / "fraud").root == root / "fraud"


def test_the_registry_of_a_stage_is_read_each_time(project, monkeypatch):
    root = project({})
    for registry in ("eu.pkg.dev/test/r", "eu.pkg.dev/production/r"):
        monkeypatch.setenv("KFPKIT_REGISTRY", registry)

        assert find_project(root).registry == registry


@pytest.mark.parametrize(
    ("pyproject", "named"),
    [
        ("tool = 1\n", "`tool` is not a table"),
        ("[tool]\nkfpkit = 1\n", "`tool.kfpkit` is not a table"),
        ("[[tool.kfpkit]]\n", "`tool.kfpkit` is not a table"),
        (b"\xff", "can't decode"),
        ("[tool.kfpkit]\nregistri = 'x'\n", "registri"),
        ("[tool.kfpkit]\nsource-roots = 7\n", "source-roots"),
        ("[tool.kfpkit\n", "line 1"),
    ],
)
def test_a_wrong_table_is_refused_with_its_file_and_key(project, pyproject, named):
    root = project({"pyproject.toml": pyproject})

    with pytest.raises(InvalidConfigError) as refused:
        find_project(root)

    assert str(root / "pyproject.toml") in str(refused.value)
    assert named in str(refused.value)


def test_a_file_that_cannot_be_read_is_refused(project):
    root = project({})
    (root / "pyproject.toml").unlink()
    (root / "pyproject.toml").mkdir()

    with pytest.raises(InvalidConfigError, match="Is a directory"):
        find_project(root)


REGISTRIES = pytest.mark.parametrize(
    ("registry", "is_one"),
    [
        ("kfpkit", True),
        ("localhost:5000", True),
        ("[::1]:5000/r", True),
        ("europe-docker.pkg.dev/a-project/kfp_kit/r.2", True),
        ("https://europe-docker.pkg.dev/p/r", False),
        ("europe-docker.pkg.dev/p/r/", False),
        ("europe-docker.pkg.dev//r", False),
        ("europe-docker.pkg.dev/P/r", False),
        ("europe-docker.pkg.dev/p/r:latest", False),
        ("europe-docker.pkg.dev/p/r ", False),
        ("/r", False),
    ],
)


@REGISTRIES
def test_a_registry_is_a_host_and_a_path(project, registry, is_one):
    root = project({"pyproject.toml": f"[tool.kfpkit]\nregistry = '{registry}'\n"})
    if is_one:
        assert find_project(root).registry == registry
        return

    with pytest.raises(InvalidRegistryError) as refused:
        find_project(root)

    assert f"`{registry}` is not a valid registry" in str(refused.value)
    assert f"Correct `registry` in {root / 'pyproject.toml'}" in str(refused.value)


@REGISTRIES
def test_the_registry_of_a_stage_is_one_too(project, monkeypatch, registry, is_one):
    monkeypatch.setenv("KFPKIT_REGISTRY", registry)
    root = project({})
    if is_one:
        assert find_project(root).registry == registry
        return

    with pytest.raises(InvalidRegistryError, match="Correct the environment variable `KFPKIT_REG"):
        find_project(root)


def test_a_registry_that_a_stage_replaces_may_be_wrong_too(project, monkeypatch):
    monkeypatch.setenv("KFPKIT_REGISTRY", "eu.pkg.dev/stage/r")
    root = project({"pyproject.toml": "[tool.kfpkit]\nregistry = ''\n"})

    assert find_project(root).registry == "eu.pkg.dev/stage/r"
