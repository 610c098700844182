"""The real command fails, what it names is mended, and the same command finishes the job."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from images.small_environments import BASE, HERE, environment_files

from kfpkit.environments import find_environment

pytestmark = [pytest.mark.containers, pytest.mark.usefixtures("base")]
OTHER = "3.12" if HERE == "3.11" else "3.11"


def command(project, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kfpkit", "env", *arguments],
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
    )


def push(project) -> subprocess.CompletedProcess[str]:
    return command(project, "build", "--push", "--network", "host")


@pytest.fixture
def require_done(make):
    """Return a function that lets the command do its work, and sees that it is done."""

    def run(project) -> None:
        done = push(project)
        assert done.returncode == 0, done.stderr
        said = r"tiny: \S+ \(built in \d+ s, \d+ MB, \d+ MB compressed, sha256:[0-9a-f]{64}\)\n"
        assert re.fullmatch(said, done.stdout)
        assert "nothing to build" in command(project, "plan").stdout
        make(project)  # cleans up

    return run


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"digest": "0" * 64}, "serves a file that differs from the locked one"),
        ({"settings": 'base-image = "127.0.0.1:9/no/such:1"'}, "does not exist or cannot be"),
        (
            {"python": OTHER, "settings": f'base-image = "{BASE}"'},
            f"the base image has Python {HERE}",
        ),
        ({"imports": ("sixty",)}, "import sixty: ModuleNotFoundError"),
    ],
    ids=["hash", "base image", "Python", "import"],
)
def test_what_is_wrong_is_mended_and_built(tiny, registry, require_done, wrong, said):
    project = tiny(registry, **wrong)
    failed = push(project)
    assert failed.returncode == 1
    assert said in failed.stderr
    assert "1 to build" in command(project, "plan").stdout

    for path, text in environment_files().items():
        (project.root / path).write_text(text)

    require_done(project)


def test_a_tag_of_something_else_is_removed_and_built(tiny, registry, engine, require_done):
    project = tiny(registry)
    image = find_environment(project, "tiny").image
    engine.images.get(BASE).tag(image)
    failed = push(project)
    assert failed.returncode == 1
    assert f"Remove it (`docker rmi {image}`)" in failed.stderr

    engine.api.remove_image(image)

    require_done(project)
