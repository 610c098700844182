"""A new project is there whole, or not at all."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest
from misbehaving import serve

from kfpkit.errors import (
    FolderInUseError,
    InvalidProjectNameError,
    KfpkitError,
    ToolError,
    UnwritableFolderError,
)
from kfpkit.scaffold import create_project, creation

__all__ = ["serve"]  # a fixture


def paths(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@pytest.fixture
def refused(tmp_path):
    """Return a function that makes a project in vain, and looks for what is left."""

    def create(name, error: type[KfpkitError], match: str):
        before = paths(tmp_path)
        with pytest.raises(error, match=match):
            create_project(tmp_path / name)
        assert paths(tmp_path) == before

    return create


@pytest.fixture
def no_index(tmp_path_factory, monkeypatch):
    """Let kfpkit be installed from an index that cannot be reached."""
    installed = tmp_path_factory.mktemp("installed")
    (installed / "kfpkit-0.1.0.dist-info").mkdir()
    metadata = "Metadata-Version: 2.1\nName: kfpkit\nVersion: 0.1.0\n"
    (installed / "kfpkit-0.1.0.dist-info" / "METADATA").write_text(metadata)
    monkeypatch.syspath_prepend(installed)
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:1/simple")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")


@pytest.fixture
def small_index(no_index, serve, monkeypatch):
    """Have an index of the project's tools, as wheels without content."""
    wheels = {
        f"{name}-{version}-py3-none-any.whl": make_wheel(name, version)
        for name, version in (("kfpkit", "0.1.0"), ("mypy", "9"), ("pytest", "9"), ("ruff", "9"))
    }

    def answer(request) -> None:
        wanted = request.path.rstrip("/").rpartition("/")[2]
        found = [file for file in wheels if file.startswith(f"{wanted}-")]
        if wanted in wheels:
            request.send(200, wheels[wanted])
        elif found:
            digest = hashlib.sha256(wheels[found[0]]).hexdigest()
            page = f'<a href="/files/{found[0]}#sha256={digest}">{found[0]}</a>'
            request.send(200, page.encode(), Content_Type="text/html")
        else:
            request.send(404)

    monkeypatch.setenv("UV_DEFAULT_INDEX", f"http://{serve(answer)}/simple")


def make_wheel(name, version) -> bytes:
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    if name == "kfpkit":
        metadata += "Provides-Extra: images\nProvides-Extra: local\n"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as wheel:
        wheel.writestr(f"{name}-{version}.dist-info/METADATA", metadata)
        wheel.writestr(f"{name}-{version}.dist-info/WHEEL", "Wheel-Version: 1.0\n")
        wheel.writestr(f"{name}-{version}.dist-info/RECORD", "")
    return content.getvalue()


@pytest.mark.slow
@pytest.mark.usefixtures("small_index")
@pytest.mark.parametrize("there", [[], ["card-fraud", "card-fraud/.git"]])
def test_a_project_is_complete(tmp_path, there):
    for folder in there:
        (tmp_path / folder).mkdir()
    said = []

    project = create_project(tmp_path / "card-fraud", report=said.append)

    assert project.root == tmp_path / "card-fraud"
    assert said == ["card-fraud: locking its tools"]
    assert {"Makefile", "src/card_fraud/components.py", "environments/sklearn/poetry.lock"} <= set(
        paths(project.root)
    )
    requirements = (project.root / "requirements.txt").read_text()
    assert "kfpkit==0.1.0 \\\n    --hash=sha256:" in requirements
    assert {"mypy==9", "pytest==9", "ruff==9"} <= set(requirements.split())


def test_a_folder_with_files_is_left_as_it_is(refused, tmp_path):
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "notes.txt").write_text("mine")

    refused("demo", FolderInUseError, "demo is not empty: it contains `notes.txt`")


def test_a_file_of_that_name_is_left_as_it_is(refused, tmp_path):
    (tmp_path / "demo").write_text("mine")

    refused("demo", FolderInUseError, "demo is not a folder")


def test_a_link_to_nothing_is_left_as_it_is(refused, tmp_path):
    (tmp_path / "demo").symlink_to(tmp_path / "nowhere")

    refused("demo", FolderInUseError, "demo is not a folder")


def test_a_bad_name_makes_no_folder(refused):
    refused("Demo", InvalidProjectNameError, "Use `demo`")


@pytest.mark.parametrize("there", [[], ["demo"], ["demo", "demo/.git", "demo/.git/objects"]])
def test_a_lock_that_cannot_be_made_leaves_nothing(refused, no_index, tmp_path, there):
    for folder in there:
        (tmp_path / folder).mkdir()

    refused("demo", ToolError, "lock the tools of demo")


def test_a_place_that_cannot_be_written_is_refused_at_once(refused, tmp_path):
    (tmp_path / "file").write_text("")

    refused("file/demo", UnwritableFolderError, "file is a file. Free up disk space, or choose")


def test_a_folder_that_cannot_be_made_in_the_end_is_refused_too(tmp_path):
    (tmp_path / "staged").mkdir()
    (tmp_path / "file").write_text("mine")

    with pytest.raises(UnwritableFolderError, match="Not a directory"):
        creation._publish(tmp_path / "staged", tmp_path / "file" / "demo")
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("there", [[], ["demo"], ["demo", "demo/.git"]])
def test_a_copy_that_cannot_be_finished_goes_again(tmp_path, monkeypatch, there):
    staged, folder = tmp_path / "staged", tmp_path / "demo"
    (staged / "src").mkdir(parents=True)
    (staged / "src" / "code.py").write_text("")
    (staged / "README.md").write_text("")
    for name in there:
        (tmp_path / name).mkdir()
    before = [path for path in paths(tmp_path) if not path.startswith("staged")]
    copy = creation.shutil.copytree

    def copy_until_the_disk_is_full(*arguments, **options):
        copy(*arguments, **options)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(creation.shutil, "copytree", copy_until_the_disk_is_full)
    with pytest.raises(UnwritableFolderError, match="No space left on device"):
        creation._publish(staged, folder)
    assert [path for path in paths(tmp_path) if not path.startswith("staged")] == before
