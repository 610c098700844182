"""Where a new project gets kfpkit from."""

from __future__ import annotations

import json

import pytest

from kfpkit.errors import WheelNotMadeError
from kfpkit.scaffold.wheel import keep_own_wheel, read_installed_version


@pytest.fixture
def installed(tmp_path_factory, monkeypatch):
    """Return a function that says where an installer has taken kfpkit from."""
    folder = tmp_path_factory.mktemp("installed")
    information = folder / "kfpkit-1.2.3.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: kfpkit\nVersion: 1.2.3\n")
    monkeypatch.syspath_prepend(folder)

    def record(origin):
        (information / "direct_url.json").write_text(json.dumps(origin))

    return record


def test_from_an_index_nothing_is_kept(installed, tmp_path):
    assert not keep_own_wheel(tmp_path / "wheels")
    assert read_installed_version() == "1.2.3"
    assert not (tmp_path / "wheels").exists()


def test_a_wheel_of_this_machine_is_copied(installed, tmp_path):
    wheel = tmp_path / "some folder" / "kfpkit-1.2.3-py3-none-any.whl"
    wheel.parent.mkdir()
    wheel.write_bytes(b"wheel")
    installed({"url": wheel.as_uri(), "archive_info": {}})

    assert keep_own_wheel(tmp_path / "wheels")
    assert (tmp_path / "wheels" / wheel.name).read_bytes() == b"wheel"
    assert "make lock" in (tmp_path / "wheels" / "README.md").read_text()


BACKEND = """\
import pathlib, zipfile


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name, info = "kfpkit-1.2.3-py3-none-any.whl", "kfpkit-1.2.3.dist-info"
    with zipfile.ZipFile(pathlib.Path(wheel_directory, name), "w") as wheel:
        metadata = "Metadata-Version: 2.1\\nName: kfpkit\\nVersion: 1.2.3\\n"
        wheel.writestr(f"{info}/METADATA", metadata)
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/RECORD", "")
    return name
"""


@pytest.mark.slow
def test_a_folder_is_made_into_a_wheel(installed, tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    (source / "backend.py").write_text(BACKEND)
    (source / "pyproject.toml").write_text(
        "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n"
    )
    installed({"url": source.as_uri(), "dir_info": {"editable": True}})

    assert keep_own_wheel(tmp_path / "wheels")
    found = sorted(path.name for path in (tmp_path / "wheels").iterdir())
    assert found == ["README.md", "kfpkit-1.2.3-py3-none-any.whl"]


@pytest.mark.parametrize(
    ("origin", "named"),
    [
        ({"url": "file:///nowhere/kfpkit-1.2.3-py3-none-any.whl", "archive_info": {}}, "1.2.3-py3"),
        ({"url": "file:///nowhere/kfpkit", "dir_info": {}}, "file:///nowhere/kfpkit"),
        (
            {
                "url": "file:///nowhere/kfpkit.git",
                "vcs_info": {"vcs": "git", "commit_id": "0" * 40},
                "subdirectory": "python",
            },
            f"git+file:///nowhere/kfpkit.git@{'0' * 40}#subdirectory=python",
        ),
    ],
)
def test_an_origin_that_is_gone_is_named(installed, tmp_path, origin, named):
    installed(origin)

    with pytest.raises(WheelNotMadeError, match="Install kfpkit from a wheel or an index") as error:
        keep_own_wheel(tmp_path / "wheels")

    assert named in error.value.origin
    assert error.value.said
