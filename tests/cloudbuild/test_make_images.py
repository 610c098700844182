"""The logs of builds are shown by the step that builds, since they are gone with the machine."""

import subprocess
from pathlib import Path

import pytest

MAKEFILE = Path(__file__).parents[2] / "Makefile"
BUILDS = """\
#!/bin/sh
mkdir -p .kfpkit/images
for name in one two; do echo "#1 of $name" >.kfpkit/images/$name.log; done
exit {code}
"""


@pytest.fixture
def make_images(tmp_path, monkeypatch):
    """Return a function that runs `make images` with a stand-in for kfpkit."""
    monkeypatch.delenv("BUILD_NETWORK", raising=False)

    def run(script, *settings):
        program = tmp_path / "bin" / "kfpkit"
        program.parent.mkdir()
        program.write_text(script)
        program.chmod(0o755)
        command = ["make", "-s", "-f", MAKEFILE, "-o", ".venv/installed", "images", "BIN=bin"]
        return subprocess.run(
            [*command, *settings], cwd=tmp_path, capture_output=True, text=True, check=False
        )

    return run


@pytest.mark.parametrize("code", [0, 1])
def test_logs_are_shown_and_a_failure_stays_one(make_images, code):
    done = make_images(BUILDS.format(code=code))

    assert bool(done.returncode) is bool(code)
    shown = ["== .kfpkit/images/one.log", "#1 of one", "== .kfpkit/images/two.log", "#1 of two"]
    assert done.stdout.splitlines() == shown


def test_nothing_is_shown_where_nothing_was_built(make_images):
    done = make_images("#!/bin/sh\necho none\n")

    assert (done.returncode, done.stdout) == (0, "none\n")


@pytest.mark.parametrize(
    ("settings", "words"), [((), ""), (("BUILD_NETWORK=host",), " --network host")]
)
def test_a_network_for_builds_is_passed_on(make_images, settings, words):
    done = make_images('#!/bin/sh\necho "$*"\n', *settings)

    assert done.stdout == f"env build --missing --jobs 4{words}\n"
