"""`kfpkit env plan`, `kfpkit env list --images`, `kfpkit compile --pin` and what it wrote."""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from images.small_environments import environment_files
from misbehaving import serve

from kfpkit.cli.env import list_ as env_list
from kfpkit.environments import find_environment
from kfpkit.images.listing import survey_environments
from kfpkit.project.project import find_project

__all__ = ["serve"]  # a fixture

PIPELINE = """\
import kfpkit
from kfp import dsl


@kfpkit.component(environment="tiny")
def shout(text: str) -> str:
    return text.upper()


@kfpkit.component(base_image="python:3.11")
def whisper(text: str) -> str:
    return text.lower()


@dsl.pipeline(name="speak")
def speak(text: str = "x"):
    whisper(text=shout(text=text).output)
"""


DIGEST = "sha256:" + "1" * 64


class Registry(BaseHTTPRequestHandler):
    """Answers as a registry with the images that `images` names by `NAME:TAG`."""

    images: dict[str, str]

    def do_GET(self) -> None:
        parts = self.path.split("/")
        labels = {"dev.kfpkit.content-hash": self.images.get("tiny", "")}
        config = json.dumps({"config": {"Labels": labels}}).encode()
        digest = f"sha256:{hashlib.sha256(config).hexdigest()}"
        layers = [{"size": 3_000_000}]
        manifest = json.dumps({"config": {"digest": digest, "size": 1}, "layers": layers}).encode()
        body = config if parts[-2] == "blobs" else manifest
        has_it = parts[-1] in {self.images.get(parts[-3]), DIGEST} and parts[-3] in self.images
        self.send_response(200 if parts[-2] == "blobs" or has_it else 404)
        self.send_header("Docker-Content-Digest", DIGEST)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815 - the name that http.server asks for

    def log_message(self, *_) -> None:
        """Keep quiet."""


@pytest.fixture
def registry():
    """Serve a registry; yields its address and the images that it has."""
    images: dict[str, str] = {}
    handler = type("Handler", (Registry,), {"images": images})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}/tests", images
        server.shutdown()


@pytest.fixture
def root(project, registry):
    settings = f'[tool.kfpkit]\nregistry = "{registry[0]}"\n'
    pipeline = {"speak.py": PIPELINE}
    return project({"pyproject.toml": settings} | environment_files() | pipeline)


@pytest.fixture
def kfpkit(root):
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "kfpkit", *arguments]
        return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)

    return run


def environment(root):
    return find_environment(find_project(root), "tiny")


def test_plan_shows_what_is_to_be_built_and_why(kfpkit, root):
    done = kfpkit("env", "plan")

    assert done.returncode == 0
    assert environment(root).content.hash in done.stdout
    assert "to build" in done.stdout
    assert "never pushed" in done.stdout
    assert done.stdout.endswith("/tests)\n")


def test_plan_writes_json(kfpkit, root, registry):
    registry[1]["tiny"] = environment(root).content.hash

    (found,) = json.loads(kfpkit("env", "plan", "--json").stdout)["environments"]

    assert found["image"] == environment(root).image
    assert found["exists"] is True
    assert found["reasons"] == []


def test_plan_asks_no_registry_when_offline(kfpkit, root, registry):
    registry[1]["tiny"] = environment(root).content.hash

    assert "never built here" in kfpkit("env", "plan", "--offline").stdout


def test_list_shows_the_components_and_the_size_of_the_image(kfpkit, root, registry):
    registry[1]["tiny"] = environment(root).content.hash

    (found,) = json.loads(kfpkit("env", "list", "--images", "--json").stdout)

    assert found["components"] == ["speak.py:shout"]
    assert found["exists"] is True
    assert found["compressed"] == 3_000_001
    assert "3 MB" in kfpkit("env", "list", "--images").stdout


def test_list_shows_no_reference_for_an_environment_without_an_image(kfpkit, root):
    with (root / "environments" / "tiny" / "pyproject.toml").open("a") as file:
        file.write("image = false\n")

    (found,) = json.loads(kfpkit("env", "list", "--json").stdout)

    assert (found["locked"], found["image"]) == (True, None)


def test_list_shows_which_images_are_missing(kfpkit):
    assert "missing" in kfpkit("env", "list", "--images").stdout


def test_list_shows_the_whole_content_hash_on_a_narrow_terminal(root, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "100")
    env_list._print_table(survey_environments(find_project(root)))

    assert environment(root).content.hash in capsys.readouterr().out


def test_plan_and_list_write_the_content_hash_for_programs(kfpkit, root):
    (planned,) = json.loads(kfpkit("env", "plan", "--json").stdout)["environments"]
    (listed,) = json.loads(kfpkit("env", "list", "--json").stdout)

    assert planned["content_hash"] == listed["content_hash"] == environment(root).content.hash
    assert listed["image"].endswith(environment(root).content.hash)


def test_compile_pins_the_images_of_environments_and_no_others(kfpkit, root, registry):
    registry[1]["tiny"] = environment(root).content.hash

    done = kfpkit("compile", "--pin", "speak.py", "--output", "speak.yaml")

    assert done.returncode == 0, done.stderr
    images = {line for line in (root / "speak.yaml").read_text().split() if "/tests/tiny" in line}
    assert images == {f"{registry[0]}/tiny@{DIGEST}"}
    assert "image: python:3.11" in (root / "speak.yaml").read_text()


def test_compile_refuses_to_pin_a_missing_image_and_writes_nothing(kfpkit, root):
    done = kfpkit("compile", "--pin", "speak.py", "--output", "speak.yaml")

    assert done.returncode == 1
    assert "Run `kfpkit env build tiny --push`" in done.stderr
    assert not (root / "speak.yaml").exists()


def test_compile_names_all_missing_images_of_all_pipelines_and_writes_none(
    kfpkit, root, project, registry
):
    registry[1]["tiny"] = environment(root).content.hash
    project(environment_files("loud") | environment_files("quiet"))
    for name in ("loud", "quiet"):
        (root / f"{name}.py").write_text(PIPELINE.replace('"tiny"', f'"{name}"'))
    settings = f'[tool.kfpkit]\nregistry = "{registry[0]}"\n'
    (root / "pyproject.toml").write_text(settings)

    done = kfpkit("compile", "--pin", "speak.py", "loud.py", "quiet.py")

    assert done.returncode == 1
    said = " ".join(done.stderr.split())
    assert f"The images `{registry[0]}/loud:" in said
    assert f", `{registry[0]}/quiet:" in said
    assert "Run `kfpkit env build loud quiet --push` to build and push them." in said
    assert not (root / "build").exists()


def test_compile_pins_nothing_without_a_registry(kfpkit, root):
    (root / "pyproject.toml").write_text("[tool.kfpkit]\n")

    done = kfpkit("compile", "--pin", "speak.py")

    assert done.returncode == 1
    assert "has no host" in done.stderr


@pytest.fixture
def pinned(kfpkit, root, registry):
    """Return a pipeline that is compiled with images by digest."""
    registry[1]["tiny"] = environment(root).content.hash
    done = kfpkit("compile", "--pin", "speak.py", "--output", "speak.yaml")
    assert done.returncode == 0, done.stderr
    return "speak.yaml"


@pytest.mark.slow
def test_a_pinned_pipeline_runs_in_the_environment_that_its_image_was_built_from(kfpkit, pinned):
    done = kfpkit("run", pinned)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "shout [tiny]: succeeded" in done.stdout


def test_a_pinned_pipeline_of_an_older_lock_is_refused(kfpkit, root, pinned):
    lock = root / "environments" / "tiny" / "poetry.lock"
    lock.write_text(f"{lock.read_text()}\n[changed]\n")

    done = kfpkit("run", pinned)

    assert done.returncode == 1
    assert f"whose image is now `{environment(root).image}`" in " ".join(done.stderr.split())


def test_a_pinned_pipeline_whose_image_the_registry_has_lost_is_refused(kfpkit, pinned, registry):
    registry[1].clear()

    done = kfpkit("run", pinned)

    assert done.returncode == 1
    assert "Compile the pipeline without `--pin`" in " ".join(done.stderr.split())


def test_a_pinned_pipeline_whose_registry_is_down_is_refused(kfpkit, root, pinned, registry):
    nowhere = registry[0].replace(registry[0].partition("/")[0], "127.0.0.1:9")
    for file in ("speak.yaml", "pyproject.toml"):
        (root / file).write_text((root / file).read_text().replace(registry[0], nowhere))

    done = kfpkit("run", pinned)

    assert done.returncode == 1
    assert "the registry `127.0.0.1:9` cannot be reached" in " ".join(done.stderr.split())


@pytest.mark.parametrize(
    "arguments",
    [("env", "plan"), ("env", "list", "--images"), ("compile", "--pin", "speak.py")],
    ids=["plan", "list", "compile"],
)
def test_a_question_that_is_interrupted_ends_at_once(root, serve, arguments):
    is_asked, is_over = threading.Event(), threading.Event()

    def answer(request) -> None:
        is_asked.set()
        is_over.wait(60)
        request.drop()

    settings = f'[tool.kfpkit]\nregistry = "{serve(answer)}/tests"\n'
    (root / "pyproject.toml").write_text(settings)
    command = [sys.executable, "-m", "kfpkit", *arguments]
    with subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as it:
        assert is_asked.wait(60)
        started = time.monotonic()
        it.send_signal(signal.SIGINT)
        it.wait(60)

    took = time.monotonic() - started
    is_over.set()
    assert it.returncode
    assert took < 15  # one answer would be waited for twice, twenty seconds each
