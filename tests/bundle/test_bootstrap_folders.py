"""The folder of a task: what happens where it cannot be written, is full, or cannot be removed."""

from __future__ import annotations

import os
import subprocess
import textwrap
from pathlib import Path

import pytest

from kfpkit.bundle import encode

FAULTY = """
import os, sys
real = os.{function}
def faulty(path, *rest, **named):
    if {condition}:
        raise OSError({number}, "refused on purpose", path)
    return real(path, *rest, **named)
os.{function} = faulty
sys.argv[:] = ["-c", *sys.argv[2:]]
exec({loader!r})
"""
EMBEDDING = (
    "from kfp import dsl\n\n"
    "def score(e: dsl.EmbeddedInput[dsl.Dataset]) -> str:\n    return e.path\n"
)


def component(body):
    body = textwrap.indent(textwrap.dedent(body).strip(), "    ")
    return {"fraud/pipeline.py": f"def score(a: int = 1) -> str:\n{body}\n"}


def faulty(command, function, condition, number="30"):
    """Return the command with an operation on files that fails for some paths."""
    script = FAULTY.format(function=function, condition=condition, number=number, loader=command[2])
    return (command[0], "-c", script, "-", *command[3:])


@pytest.fixture
def small_disk(tmp_path):
    """Mount a file system of 64 kB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a file system")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("embedded", ["assets", "assets/one.txt"])
def test_without_any_folder_an_embedded_artifact_is_refused(bundled, run, tmp_path, embedded):
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets/one.txt").write_text("1")
    bundle = bundled({"fraud/pipeline.py": EMBEDDING}, embedded_artifact=tmp_path / embedded)
    outcome = run(bundle, command=faulty(encode(bundle), "mkdir", "'kfpkit-' in str(path)"))
    assert outcome.code == 1
    assert outcome.outputs == {}
    assert outcome.stderr == (
        "kfpkit: no temporary folder can be written, and the component has an embedded artifact\n"
    )


def test_a_folder_that_fills_up_is_left_empty_and_another_one_is_used(bundled, run, small_disk):
    files = {f"rules/deep/{i}.txt": "x" * 20_000 for i in range(5)}
    body = f"import os\nreturn str([os.environ['TMPDIR'], os.listdir({str(small_disk)!r})])"
    bundle = bundled({**component(body), "rules/__init__.py": "", **files}, helpers=["rules"])
    size = sum(len(file.content) for file in bundle.files)
    outcome = run(bundle, environment={"TMPDIR": str(small_disk)})
    assert outcome.value == "['/tmp', []]"
    assert outcome.stderr == (
        f"kfpkit: the folder {small_disk} is full; the component needs {size} bytes there\n"
    )
    assert list(small_disk.iterdir()) == []


def test_a_full_folder_that_fits_the_component_is_used(bundled, run, small_disk):
    bundle = bundled(component("import os\nreturn os.environ['TMPDIR']"))
    outcome = run(bundle, environment={"TMPDIR": str(small_disk)})
    assert (outcome.value, outcome.stderr) == (str(small_disk), "")
    assert list(small_disk.iterdir()) == []


def test_whatever_the_component_puts_into_its_folder_goes_and_nothing_beyond(
    bundled, run, tmp_path
):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept/data.txt").write_text("mine")
    body = f"""
        import os, pathlib
        top = pathlib.Path(__file__).parent.parent
        (top / "made" / "deep").mkdir(parents=True)
        (top / "made" / "deep" / "file").write_text("x")
        (top / "linked").symlink_to({str(tmp_path / "kept")!r})
        (top / "dangling").symlink_to("nowhere")
        os.mkfifo(top / "fifo")
        os.chdir(top / "made")
        return str(top)
    """
    outcome = run(bundled(component(body)))
    assert (outcome.code, outcome.stderr) == (0, "")
    assert not Path(outcome.value).exists()
    assert (tmp_path / "kept/data.txt").read_text() == "mine"


def test_a_folder_that_the_component_removes_itself_is_no_failure(bundled, run):
    body = """
        import pathlib, shutil
        shutil.rmtree(pathlib.Path(__file__).parent.parent)
        return "done"
    """
    outcome = run(bundled(component(body)))
    assert (outcome.code, outcome.value, outcome.stderr) == (0, "done", "")


@pytest.mark.parametrize(
    ("function", "condition", "left"),
    [
        ("unlink", "str(path).endswith('pipeline.py')", ["fraud", "fraud/pipeline.py"]),
        ("rmdir", "str(path).endswith('fraud')", ["fraud"]),
        ("rmdir", "'kfpkit-' in str(path)", ["fraud"]),
        ("scandir", "str(path).endswith('fraud')", ["fraud", "fraud/__pycache__", "fraud/core.py"]),
    ],
)
def test_what_cannot_be_removed_stays_and_the_rest_goes(  # noqa: PLR0913, PLR0917 - fixtures
    bundled, run, tmp_path, function, condition, left
):
    files = component("from fraud import core\nreturn core.X")
    bundle = bundled({**files, "fraud/core.py": "X = 'x'\n", "team/__init__.py": ""})
    command = faulty(encode(bundle), function, condition)
    outcome = run(bundle, command=command, environment={"TMPDIR": str(tmp_path)})
    assert (outcome.code, outcome.value, outcome.stderr) == (0, "x", "")
    (folder,) = tmp_path.glob("kfpkit-*")
    found = {str(path.relative_to(folder)) for path in folder.rglob("*")}
    assert set(left) <= found
    if function != "scandir":
        assert found == set(left)
