"""Components of a small project, run in earnest."""

import json
import signal
import socket
import subprocess
import sys

import kfp
import pytest
from container_engine import import_python_image

from kfpkit.environments import find_environment
from kfpkit.errors import RemoteArtifactError
from kfpkit.project.project import find_project
from kfpkit.testing import Artifact

COMPONENTS = '''
from typing import NamedTuple

from kfp import dsl

import kfpkit
from words.helper import twice


@kfpkit.component(environment="one")
def repeat(
    text: dsl.Input[dsl.Dataset],
    times: int,
    repeated: dsl.Output[dsl.Dataset],
    parts: dsl.Input[list[dsl.Dataset]] = None,
    variables: dict = {},
    suffix: str = "!",
) -> NamedTuple("Outputs", [("length", int), ("shape", list)]):
    """Repeat a text."""
    import os
    from pathlib import Path

    content = Path(text.path).read_text() * times + twice(suffix)
    content += "".join(Path(part.path).read_text() for part in parts or ())
    Path(repeated.path).write_text(content)
    repeated.metadata["language"] = text.metadata.get("language", "none")
    repeated.metadata["level"] = os.environ.get("LEVEL")
    Outputs = NamedTuple("Outputs", [("length", int), ("shape", list)])
    return Outputs(len(content), [1, *variables])


@kfpkit.component(environment="one")
def fail(report: dsl.Output[dsl.HTML]):
    """Fail."""
    with open(report.path, "w") as file:
        file.write("half")
    raise ValueError("not this word")


@kfpkit.component(environment="one")
def leave(number: int) -> int:
    """Leave without a result."""
    import sys

    sys.exit(0)


@kfpkit.component(environment="one")
def look(address: str) -> dict:
    """Look where it runs."""
    import os
    import socket
    import sys

    def may(what, *arguments):
        try:
            what(*arguments).close()
        except OSError:
            return False
        return True

    host, port = address.split(":")
    return {
        "root": os.getuid() == 0,
        "writes": [may(open, folder + "/x", "w") for folder in ("/", os.path.dirname(os.__file__))],
        "scratch": may(open, "x", "w") and may(open, "/tmp/kfpkit-test", "w"),
        "network": may(socket.create_connection, (host, int(port)), 3),
        "python": sys.executable,
    }
'''
PROJECT = {
    "conftest.py": "import sys\nsys.path.insert(0, __file__.replace('conftest.py', 'src'))\n",
    "src/words/__init__.py": "",
    "src/words/helper.py": "def twice(word):\n    return word * 2\n",
    "src/words/components.py": COMPONENTS,
}
RUNNING = """
import json
import pytest
from kfp import dsl
from kfpkit.testing import Artifact, RunComponent
from words.components import repeat


@pytest.mark.environments("one", "two")
def test_repeat(run_component: RunComponent, tmp_path, component_environment):
    text, part = tmp_path / "text.txt", tmp_path / "part.txt"
    text.write_text("ab")
    part.write_text("-part")
    language = dsl.Dataset(uri=str(text), metadata={"language": "b"})

    first = run_component(repeat, text=text, times=2, parts=[part, part])
    again = run_component(
        repeat, text=first["repeated"], times=1, suffix="", inputs={"variables": {"a": 1}}
    )
    last = run_component(repeat, text=language, times=1, variables={"LEVEL": "debug"})

    assert first["repeated"].path.read_text() == "abab!!-part-part"
    assert first["repeated"].metadata == {"language": "none", "level": None}
    assert first.parameters == {"length": 16, "shape": [1]}
    assert type(first.parameters["length"]) is int
    assert again["repeated"].path.read_text() == "abab!!-part-part"
    assert again.parameters["shape"] == [1, "a"]
    assert last["repeated"].metadata == {"language": "b", "level": "debug"}
    assert first.environment == component_environment
"""
FAILING = """
from words.components import fail, leave, repeat


def test_missing_output(run_component):
    done = run_component(leave, number=1, fails=True)
    assert done.exit_code == 0
    assert done.parameters == {}
    run_component(leave, number=2**53 + 1)


def test_failure(run_component):
    run_component(fail)


def test_expected_failure(run_component):
    done = run_component(fail, fails=True)
    assert done.exit_code == 1
    assert done.failure == "it exited with code 1"
    assert "not this word" in done.log
    assert done["report"].path.read_text() == "half"


def test_unexpected_success(run_component, tmp_path):
    (tmp_path / "text").write_text("a")
    run_component(repeat, text=tmp_path / "text", times=1, fails=True)


def test_wrong_inputs(run_component, tmp_path):
    run_component(repeat, text="text", time=1, suffix=tmp_path)
"""
LOOKING = """
import json
import pytest
from words.components import look


@pytest.mark.environments("one")
@pytest.mark.parametrize("network", [False, True])
def test_look(run_component, network):
    done = run_component(look, address="{address}", network=network)
    print("SEEN", json.dumps(done.parameters["Output"]))
"""

NAMED_PLAIN = """
from words.components import repeat


def test_repeat(run_component, tmp_path):
    (tmp_path / "text").write_text("a")
    done = run_component(repeat.in_environment("plain"), text=tmp_path / "text", times=1)
    assert done.environment == "plain"
"""
INSTALLING = """
from kfp import dsl
from words.components import repeat

import kfpkit


@kfpkit.component(base_image="elsewhere/python:3")
def foreign() -> None:
    pass


def test_one(run_component, tmp_path):
    (tmp_path / "text").write_text("a")
    run_component(repeat, text=tmp_path / "text", times=1)


def test_foreign(run_component):
    run_component(foreign)
"""


def run(pytester, *options):
    return pytester.runpytest_subprocess("-p", "kfpkit.testing.plugin", *options)


@pytest.fixture
def silent_index(monkeypatch):
    """Listen as a package index that never answers, which installers are told to ask."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/simple"
        for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL"):
            monkeypatch.setenv(name, address)
        monkeypatch.setenv("UV_NO_CACHE", "1")
        yield server


@pytest.fixture
def images(engine, laboratory):
    """Put images of the environments into the engine: a Python, and kfp's package."""

    def make(root, *names):
        package = type(root)(kfp.__file__).parent
        for name in names:
            image = find_environment(find_project(root), name).image
            import_python_image(engine, image, packages=[package])

    return make


@pytest.mark.slow
def test_a_component_runs_in_each_environment(laboratory, pytester):
    laboratory({**PROJECT, "test_it.py": RUNNING})
    run(pytester).assert_outcomes(passed=2)


@pytest.mark.parametrize("uri", ["gs://bucket/model", "minio://bucket/model"])
def test_an_artifact_that_is_elsewhere_has_no_path(uri):
    with pytest.raises(RemoteArtifactError, match=f"`{uri}`, which is not a path on this machine"):
        _ = Artifact(uri=uri).path


@pytest.mark.slow
def test_an_environment_may_be_named_plain(laboratory, pytester):
    root = laboratory({**PROJECT, "test_it.py": NAMED_PLAIN})
    (root / "environments" / "one").rename(root / "environments" / "plain")
    run(pytester).assert_outcomes(passed=1)


@pytest.mark.slow
@pytest.mark.parametrize("test", ["test_one", "test_foreign"])
def test_ctrl_c_ends_an_installation(laboratory, tmp_path, monkeypatch, silent_index, test):
    root = laboratory({**PROJECT, "test_it.py": INSTALLING})
    monkeypatch.setenv("KFPKIT_CACHE_DIR", str(tmp_path))
    command = [sys.executable, "-m", "pytest", "-p", "kfpkit.testing.plugin", "-k", test]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE) as process:
        try:
            connection, _ = silent_index.accept()
            process.send_signal(signal.SIGINT)
            said, _ = process.communicate(timeout=20)
        finally:
            process.kill()

    assert process.returncode == pytest.ExitCode.INTERRUPTED, said
    with connection:
        connection.settimeout(20)
        while connection.recv(4096):
            pass  # what the installer asked for, up to the end of the installer


@pytest.mark.slow
def test_failures_and_wrong_inputs_say_what_is_wrong(laboratory, pytester):
    root = laboratory({**PROJECT, "test_it.py": FAILING})

    done = run(pytester)

    done.assert_outcomes(passed=1, failed=4)
    done.stdout.fnmatch_lines(
        [
            "E *The inputs do not match the component `leave`:",
            "E *`number` cannot be passed on: KFP's messages round integers past 2*",
            "E *ComponentFailedError: `fail` failed in `one`, because it exited with code 1:",
            f'E *File "{root}/src/words/components.py", line *, in fail',
            "E *ValueError: not this word",
            "E *`repeat` succeeded in `one`, but the test expects a failure*",
            "E *The inputs do not match the component `repeat`:",
            "E *`time` is not an input of the component; did you mean `times`?",
            "E *`suffix` is a parameter, but the test passes an artifact or a path",
            "E *the parameter `times` is missing",
            "E *`text` is an artifact: pass an `Artifact` or a `Path`, not 'text'",
        ]
    )


@pytest.mark.slow
@pytest.mark.containers
def test_a_component_runs_in_images(laboratory, pytester, images):
    images(laboratory({**PROJECT, "test_it.py": RUNNING}), "one", "two")
    run(pytester, "--containers").assert_outcomes(passed=2)


@pytest.mark.slow
@pytest.mark.containers
def test_a_container_may_do_little_and_has_a_network_only_if_asked(
    laboratory, pytester, images, loopback
):
    looking = LOOKING.replace("{address}", loopback)
    images(laboratory({**PROJECT, "test_it.py": looking}), "one")

    done = run(pytester, "--containers", "-s")

    done.assert_outcomes(passed=2)
    seen = [json.loads(line.partition("SEEN ")[2]) for line in done.outlines if "SEEN" in line]
    assert [each["network"] for each in seen] == [False, True]
    for each in seen:
        assert each["root"] is False
        assert each["writes"] == [False, False]
        assert each["scratch"] is True


def test_a_machine_without_an_engine_is_told_at_the_test_s_line(laboratory, pytester, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "unix:///no-such-socket")
    laboratory({**PROJECT, "test_it.py": FAILING})

    done = run(pytester, "--containers", "-k", "test_failure")

    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(
        [">       run_component(fail)", "E *The container engine cannot be used: *"]
    )
    done.stdout.no_fnmatch_line("*/kfpkit/*.py:*")


@pytest.mark.containers
def test_an_image_that_is_not_built_names_the_command(laboratory, pytester, engine):
    project = {**PROJECT, "pyproject.toml": '[tool.kfpkit]\nregistry = "localhost:9/nowhere"\n'}
    laboratory({**project, "test_it.py": FAILING})

    done = run(pytester, "--containers", "-k", "test_failure")

    done.stdout.fnmatch_lines(["E *Run `kfpkit env build one`."])
