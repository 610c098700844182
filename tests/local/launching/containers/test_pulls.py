import contextlib
import secrets
import threading
import time

import pytest
from container_engine import import_python_image

from kfpkit.errors import UnavailableImageError
from kfpkit.local.launching.execution import Execution
from kfpkit.local.launching.launchers import launcher_for
from kfpkit.project.project import find_project

pytestmark = pytest.mark.containers


@pytest.fixture
def launcher(project):
    with launcher_for(find_project(project({})), containers=True) as made:
        yield made


@pytest.fixture
def pushed(engine, registry_server, tmp_path):
    """Push an image that no other has a layer of, and remove it; yields its name."""
    package = tmp_path / "package"
    package.mkdir()
    (package / "content").write_bytes(secrets.token_bytes(64))
    name = f"kfpkit-tests-{secrets.token_hex(4)}:1"
    image = f"{registry_server}/{name}"
    import_python_image(engine, image, packages=[package])
    engine.images.push(image)
    engine.images.remove(image)
    yield name
    with contextlib.suppress(Exception):
        engine.images.remove(image)


def exit_code(launcher, image, folder):
    with launcher.ready(image, scratch=folder) as launch:
        command = ["python3", "-c", "raise SystemExit(7)"]
        return launch(Execution(command=command, folder=folder, log=folder / "log")).code


def test_an_image_is_pulled_when_all_are_known_to_be_there(
    engine, launcher, registry_server, pushed, tmp_path
):
    image = f"{registry_server}/{pushed}"
    launcher.check([image])
    assert not engine.images.list(image)

    launcher.prepare([image], logs=tmp_path)
    assert exit_code(launcher, image, tmp_path) == 7


def test_a_pull_that_breaks_off_fails_the_tasks_of_the_image(
    serve, launcher, registry_server, pushed, tmp_path
):
    pulling = threading.Event()

    def answer(request):
        if pulling.is_set() and "/blobs/" in request.path:
            request.send(200, b"not what was asked for")
        else:
            request.forward(registry_server)

    image = f"{serve(answer)}/{pushed}"
    launcher.check([image])
    pulling.set()
    launcher.prepare([image], logs=tmp_path)
    with pytest.raises(UnavailableImageError, match=r"cannot be pulled: .*verif"):
        exit_code(launcher, image, tmp_path)


def test_a_stopped_run_does_not_wait_for_a_pull(serve, launcher, registry_server, pushed, tmp_path):
    pulling, asked, over = threading.Event(), threading.Event(), threading.Event()

    def answer(request):
        if pulling.is_set() and "/blobs/" in request.path:
            asked.set()
            over.wait(60)
            request.drop()
        else:
            request.forward(registry_server)

    image = f"{serve(answer)}/{pushed}"
    launcher.check([image])
    pulling.set()
    launcher.prepare([image], logs=tmp_path)
    try:
        assert asked.wait(30)
        started = time.monotonic()
        launcher.processes.stop()
        with pytest.raises(UnavailableImageError):
            exit_code(launcher, image, tmp_path)
        assert time.monotonic() - started < 5
    finally:
        over.set()
