import io
import json
import signal
import subprocess
import sys
import tarfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from container_engine import import_python_image
from kfp import dsl

from kfpkit.compiler.compiler import compile_pipeline
from kfpkit.environments import find_environment
from kfpkit.errors import ContainerEngineError, TaskStartError, UnavailableImageError
from kfpkit.local import Configuration, run_pipeline
from kfpkit.local.launching.containers import network
from kfpkit.local.launching.containers.network import choose_network_mode
from kfpkit.local.launching.execution import Execution
from kfpkit.local.launching.launchers import launcher_for
from kfpkit.local.launching.variables import TaskVariables
from kfpkit.processes import Ending
from kfpkit.project.project import find_project
from kfpkit.runs.record import Miss, Preparation, read_record

IMAGE = "kfpkit-tests/python:1"
PIPELINE = f"""
from kfp import dsl

import kfpkit

IMAGE = "{IMAGE}"
"""


@pytest.fixture(scope="module", autouse=True)
def _image(request):
    """Put a small image into the engine, for those tests that have one."""
    if any(item.get_closest_marker("containers") for item in request.node.collect()):
        import_python_image(request.getfixturevalue("engine"), IMAGE)


def launcher_of(root, *, network=False):
    return launcher_for(find_project(root), containers=True, network=network, say=print)


@pytest.fixture
def launcher(project):
    """Have a launcher of containers without a network."""
    with launcher_of(project({})) as made:
        yield made


@pytest.fixture
def launch(project, tmp_path):
    """Return a function that runs Python code in a container; gives its exit code and its log."""

    def run(code, *, launcher=None, image=IMAGE, network=False, variables=None, **options):
        if launcher is None:
            with launcher_of(project({}), network=network) as own:
                return run(code, launcher=own, image=image, variables=variables, **options)
        folder = tmp_path / f"work-{time.monotonic_ns()}"
        folder.mkdir()
        log = folder.with_suffix(".txt")
        command = ["python3", "-c", code]
        own_variables = TaskVariables(task=variables or {})
        execution = Execution(
            command=command, variables=own_variables, folder=folder, log=log, **options
        )
        with launcher.ready(image, scratch=tmp_path) as start:
            ending = start(execution)
        return ending and ending.code, log.read_text()

    return run


@pytest.fixture
def run(project, request):
    """Return a function that runs a pipeline's text in containers."""
    name = f"{request.node.name}.py"  # of its own: modules stay imported

    def start(text, **settings):
        root = project({name: PIPELINE + text})
        configuration = Configuration(containers=True, **settings)
        return run_pipeline(root / name, configuration=configuration)

    return start


def ours(engine, project):
    label = f"kfpkit.project={project({})}"
    return engine.containers.list(all=True, filters={"label": label}, ignore_removed=True)


@pytest.mark.containers
def test_failing_commands_side_by_side_fail_every_time(launch, launcher, engine, project, caplog):
    code = "print('no'); raise SystemExit(3)"
    with ThreadPoolExecutor(16) as threads:
        ends = list(threads.map(lambda _: launch(code, launcher=launcher), range(50)))

    assert ends == [(3, "no\n")] * 50
    assert caplog.messages == []
    assert ours(engine, project) == []


KILLED = """
import sys
from pathlib import Path
from kfpkit.project.project import find_project
from kfpkit.local.launching.execution import Execution
from kfpkit.local.launching.launchers import launcher_for

root = Path(sys.argv[1])
command = ["python3", "-c", "import time; print('ready', flush=True); time.sleep(120)"]
execution = Execution(command=command, folder=root, log=root / "log.txt")
with launcher_for(find_project(root), containers=True, network=False) as launcher:
    with launcher.ready(sys.argv[2], scratch=root) as launch:
        launch(execution)
"""


@pytest.mark.containers
def test_no_container_outlives_a_run_that_is_killed(engine, project):
    root = project({})
    runner = subprocess.Popen([sys.executable, "-c", KILLED, root, IMAGE])
    log = root / "log.txt"
    deadline = time.monotonic() + 60
    while not (log.exists() and log.read_text()):
        assert runner.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    [container] = ours(engine, project)
    assert container.status == "running"
    runner.kill()
    runner.wait()
    while ours(engine, project):
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.containers
def test_a_task_that_takes_too_long_is_ended(launch, launcher):
    code = "import time; time.sleep(60)"
    started = time.monotonic()
    launch(code, launcher=launcher, timeout=1.0)
    assert time.monotonic() - started < 40


@pytest.mark.containers
def test_a_container_gets_its_share_of_the_processors(launch, launcher, monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    code = "import os; print(os.environ['OMP_NUM_THREADS'])"
    assert launcher.processors >= 1
    assert launch(code, launcher=launcher, threads=3) == (0, "3\n")


MEASURED = """
@kfpkit.component(base_image=IMAGE)
def hold(megabytes: int) -> int:
    import time

    held = b"x" * (megabytes << 20)
    while time.process_time() < 0.6:
        pass
    return len(held)


@kfpkit.component(base_image=IMAGE)
def end(code: int):
    import os

    os.kill(os.getpid(), code)


@dsl.pipeline(name="measured")
def measured():
    hold(megabytes=200)
    end(code=9).set_retry(1)
"""


@pytest.mark.containers
def test_the_record_has_what_tasks_used(run):
    record = read_record(run(MEASURED).folder.path)

    tasks = {task.name: task for task in record.tasks}
    assert 200 * 2**20 < tasks["hold"].peak_memory < 300 * 2**20
    assert 0.6 <= tasks["hold"].cpu_seconds < 5
    killed = tasks["end"].attempts
    assert [attempt.signal for attempt in killed] == ["SIGKILL", "SIGKILL"]
    assert all(attempt.peak_memory > 2**20 and attempt.cpu_seconds > 0 for attempt in killed)
    assert record.environments[IMAGE].prepared == Preparation(hit=True)


@pytest.mark.containers
def test_what_a_command_without_python_used_is_not_known(launcher, tmp_path):
    loader = next(Path("/lib64").glob("ld-linux*"))
    python = Path(sys.base_prefix) / "bin" / "python3"
    execution = Execution(
        command=[str(loader), str(python), "-c", "raise SystemExit(3)"],
        folder=tmp_path,
        log=tmp_path / "log.txt",
    )
    with launcher.ready(IMAGE, scratch=tmp_path) as start:
        assert start(execution) == Ending(code=3)


def make_greeting(word):
    @dsl.container_component
    def greet():
        return dsl.ContainerSpec(image=IMAGE, command=["python3", "-c"], args=[f"print('{word}')"])

    @dsl.pipeline(name="greeting")
    def greeting():
        greet()

    return greeting


@pytest.mark.containers
def test_a_changed_command_of_a_container_component_names_the_component(project):
    root = project({})

    def use(word):
        compiled = compile_pipeline(make_greeting(word), root / "build" / "pipeline.yaml")
        result = run_pipeline(compiled, configuration=Configuration(containers=True))
        (task,) = read_record(result.folder.path).tasks
        return task.cache.hit, task.cache.miss

    assert use("hello") == (False, (Miss(kind="never"),))
    assert use("hello") == (True, None)
    assert use("bye") == (False, (Miss(kind="code", name="greet"),))


@pytest.mark.containers
def test_a_failing_task_fails_the_run(run):
    result = run(
        """
@kfpkit.component(base_image=IMAGE)
def fail():
    raise ValueError("not today")

@dsl.pipeline(name="failing")
def failing():
    fail()
"""
    )

    assert not result.succeeded
    assert result.failures[0].failure == "it exited with code 1"
    assert "ValueError: not today" in result.failures[0].log.read_text()


@pytest.mark.containers
def test_only_tmp_and_the_tasks_folders_can_be_written(launch):
    code = (
        "import os\n"
        "for folder in ('/', '/tmp/..', os.path.dirname(os.__file__), '/tmp', '.'):\n"
        "    try:\n        open(folder + '/file', 'w'); print('written')\n"
        "    except OSError as error:\n        print(error.strerror)\n"
        "print(os.getuid() == 0, os.path.expanduser('~'))\n"
    )
    exit_code, log = launch(code)

    assert exit_code == 0
    assert log.splitlines() == ["Read-only file system"] * 3 + ["written"] * 2 + ["False /tmp"]


@pytest.mark.containers
def test_variables_of_the_task_win_over_all_others(launch, monkeypatch, run):
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "mine")
    monkeypatch.setenv("MY_SECRET", "mine")
    code = "import os; print([os.environ.get(n) for n in ('GOOGLE_CLOUD_PROJECT', 'MY_SECRET')])"

    assert launch(code) == (0, "['mine', None]\n")
    assert launch(code, variables={"GOOGLE_CLOUD_PROJECT": "its"}) == (0, "['its', None]\n")


@pytest.mark.containers
def test_outputs_come_back_and_go_on_also_from_the_cache(run, project, tmp_path):
    text = f"""
@kfpkit.component(base_image=IMAGE)
def write(source: dsl.Input[dsl.Dataset], data: dsl.Output[dsl.Dataset]) -> int:
    text = open(source.path).read()
    open(data.path, "w").write(text * 2)
    data.metadata["level"] = __import__("os").environ["LEVEL"]
    return len(text)

@kfpkit.component(base_image=IMAGE)
def read(data: dsl.Input[dsl.Dataset], times: int, word: str) -> str:
    return open(data.path).read() * times + data.metadata["level"] + word

@dsl.pipeline(name="words")
def words(word: str) -> str:
    source = dsl.importer("{tmp_path}/source.txt", dsl.Dataset, reimport=False)
    written = write(source=source.output).set_env_variable("LEVEL", "task's")
    return read(data=written.outputs["data"], times=written.outputs["Output"], word=word).output
"""
    (tmp_path / "source.txt").write_text("ab")
    level = {"LEVEL": "configuration's"}

    first = run(text, environment_variables=level, parameters={"word": "."})
    second = run(text, environment_variables=level, parameters={"word": "!"})

    assert first.outputs == {"Output": "ababababtask's."}
    assert second.outputs == {"Output": "ababababtask's!"}
    states = {task.name: task.state.value for task in second.tasks}
    assert (states["write"], states["read"]) == ("cached", "succeeded")


@pytest.mark.containers
def test_the_first_task_that_asks_for_the_workspace_has_it(run):
    result = run(
        """
@dsl.container_component
def leave(note: dsl.OutputPath(str), folder: str):
    code = "import sys; open(sys.argv[2] + '/note', 'w').write('a'); open(sys.argv[1], 'w')"
    return dsl.ContainerSpec(image=IMAGE, command=["python3", "-c"], args=[code, note, folder])

@dsl.pipeline(
    name="leaving", pipeline_config=dsl.PipelineConfig(dsl.WorkspaceConfig(size="1Gi"))
)
def leaving():
    leave(folder=dsl.WORKSPACE_PATH_PLACEHOLDER)
"""
    )

    assert result.succeeded, result.failures
    assert (result.folder.workspace / "note").read_text() == "a"


@pytest.mark.containers
def test_a_component_whose_program_lies_in_its_image_runs(run):
    result = run(
        """
@dsl.container_component
def shout(word: str, said: dsl.OutputPath(str)):
    code = "import sys; open(sys.argv[2], 'w').write(sys.argv[1].upper())"
    return dsl.ContainerSpec(image=IMAGE, command=["python3", "-c"], args=[code, word, said])

@dsl.pipeline(name="shouting")
def shouting() -> str:
    return shout(word="a").outputs["said"]
"""
    )

    assert result.outputs == {"Output": "A"}


@pytest.mark.containers
def test_an_artifact_that_a_program_wrote_reaches_the_next_container(run):
    result = run(
        """
@dsl.container_component
def write(word: str, data: dsl.Output[dsl.Dataset]):
    code = "import sys; open(sys.argv[2], 'w').write(sys.argv[1] * 2)"
    return dsl.ContainerSpec(
        image=IMAGE, command=["python3", "-c"], args=[code, word, data.path]
    )

@dsl.container_component
def read(data: dsl.Input[dsl.Dataset], said: dsl.OutputPath(str)):
    code = "import shutil, sys; shutil.copy(sys.argv[1], sys.argv[2])"
    return dsl.ContainerSpec(
        image=IMAGE, command=["python3", "-c"], args=[code, data.path, said]
    )

@dsl.pipeline(name="handing")
def handing() -> str:
    return read(data=write(word="ab").outputs["data"]).outputs["said"]
"""
    )

    assert result.outputs == {"Output": "abab"}, result.failures


class Hello(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.mark.containers
def test_servers_on_loopback_are_reached_only_with_a_network(launch):
    server = HTTPServer(("127.0.0.1", 0), Hello)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    code = f"import urllib.request as u; print(u.urlopen('{address}', timeout=9).status)"

    try:
        assert launch(code, network=True, variables={"no_proxy": "*"}) == (0, "204\n")
        exit_code, log = launch(code, variables={"no_proxy": "*"})
    finally:
        server.shutdown()
        server.server_close()
    assert exit_code == 1
    assert "Connection refused" in log


@pytest.mark.containers
def test_inside_a_container_servers_on_its_loopback_are_reached(
    launch, engine, tmp_path, monkeypatch
):
    code = (
        "from http.server import HTTPServer, SimpleHTTPRequestHandler\n"
        "server = HTTPServer(('127.0.0.1', 8000), SimpleHTTPRequestHandler)\n"
        "print(open('/proc/self/mountinfo').read(), flush=True)\n"
        "server.serve_forever()\n"
    )
    options = {"entrypoint": ["python3", "-c", code], "hostname": "any", "network_mode": "none"}
    around = engine.containers.run(IMAGE, **options, detach=True)
    mounts = tmp_path / "mountinfo"
    try:
        while b"/etc/hostname" not in around.logs():
            time.sleep(0.05)
        mounts.write_bytes(around.logs())
        monkeypatch.setattr(network, "_MOUNTS", mounts)
        code = "import urllib.request as u; print(u.urlopen('http://127.0.0.1:8000').status)"
        assert launch(code, network=True, variables={"no_proxy": "*"}) == (0, "200\n")
    finally:
        around.remove(force=True)


@pytest.mark.containers
def test_in_a_container_of_another_engine_the_network_is_the_machine_s(
    engine, tmp_path, monkeypatch
):
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        f"94 76 254:0 /data/containers/{'0f' * 32}/hostname /etc/hostname rw - ext4\n"
    )
    monkeypatch.setattr(network, "_MOUNTS", mounts)

    assert choose_network_mode(engine, on=True) in {"host", "bridge"}


@pytest.mark.containers
def test_a_stopped_container_may_clean_up_and_is_removed(
    launch, launcher, engine, project, tmp_path
):
    code = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))\n"
        "try:\n    open('ready', 'w').close()\n"
        # A signal that comes just before a sleep doesn't shorten it, so no sleep may be long.
        "    for _ in range(600): time.sleep(0.1)\n"
        "finally:\n    open('cleaned', 'w').close()\n"
    )
    with ThreadPoolExecutor(1) as threads:
        end = threads.submit(launch, code, launcher=launcher)
        while not list(tmp_path.glob("work-*/ready")):
            assert not end.done(), end.result()
            time.sleep(0.05)
        launcher.processes.stop()
        assert end.result(20)[0] is None

    assert list(tmp_path.glob("work-*/cleaned"))
    assert ours(engine, project) == []


@pytest.mark.containers
def test_ctrl_c_ends_a_container_that_does_not_listen(engine, project):
    root = project(
        {
            "pipeline.py": PIPELINE
            + """
@kfpkit.component(base_image=IMAGE)
def sleep():
    import signal, time
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("asleep")
    time.sleep(100)

@dsl.pipeline(name="sleeping")
def sleeping():
    sleep()
"""
        }
    )
    command = [sys.executable, "-m", "kfpkit", "run", ".", "--containers"]
    process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    log = root / ".kfpkit/runs/latest/tasks/sleep/log.txt"
    while not log.exists() or "asleep" not in log.read_text():
        assert process.poll() is None
        time.sleep(0.1)

    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=30)

    assert process.returncode == 130, said
    assert ours(engine, project) == []


@pytest.mark.containers
def test_a_program_that_the_image_lacks_is_named(launch, engine, project):
    with pytest.raises(TaskStartError, match="executable file not found"):
        launch("", variables={"PATH": "/nowhere"})
    assert ours(engine, project) == []


@pytest.mark.containers
@pytest.mark.parametrize("image", ["localhost:9/kfpkit/nowhere:1", "localhost:9/nowhere"])
def test_an_image_that_is_nowhere_is_refused(launcher, image):
    with pytest.raises(UnavailableImageError, match="is not in the container engine"):
        launcher.check([IMAGE, image])


@pytest.mark.containers
def test_an_image_of_an_environment_is_wanted_for_the_platform_of_all_of_them(
    launch, launcher, engine
):
    image = "kfpkit/foreign:1"
    files = io.BytesIO(b"".join(engine.images.get(IMAGE).save()))
    engine.images.load(for_another_platform(files, image))
    try:
        with pytest.raises(TaskStartError, match="does not match the specified platform"):
            launch("", launcher=launcher, image=image)
    finally:
        engine.images.remove(image)


def for_another_platform(saved, name):
    """Change what an image, as an engine saves it, says of its platform, and its name."""
    with tarfile.open(fileobj=saved) as archive:
        files = {each.name: archive.extractfile(each) for each in archive if each.isfile()}
        content = {path: file.read() for path, file in files.items()}
    (manifest,) = json.loads(content["manifest.json"])
    config = json.loads(content[manifest["Config"]])
    content[manifest["Config"]] = json.dumps({**config, "architecture": "arm64"}).encode()
    content["manifest.json"] = json.dumps([{**manifest, "RepoTags": [name]}]).encode()
    content.pop("repositories", None)
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        for path, data in content.items():
            member = tarfile.TarInfo(path)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return written.getvalue()


@pytest.mark.containers
def test_a_pinned_image_goes_by_the_name_of_its_environment(launcher):
    assert launcher.name(f"kfpkit/sklearn@sha256:{'0' * 64}") == "sklearn"
    assert launcher.name(f"elsewhere/sklearn@sha256:{'0' * 64}").startswith("elsewhere/")


@pytest.mark.containers
def test_the_image_of_an_environment_that_is_not_built_names_the_command(engine, project):
    description = '[project]\nname = "text"\nversion = "0"\nrequires-python = ">=3.11,<3.12"\n'
    root = project(
        {
            "pyproject.toml": '[tool.kfpkit]\nregistry = "localhost:9/kfpkit"\n',
            "environments/text/pyproject.toml": description,
            "environments/text/poetry.lock": "",
        }
    )
    image = find_environment(find_project(root), "text").image

    with (
        launcher_of(root) as launcher,
        pytest.raises(UnavailableImageError, match=r"Run `kfpkit env build text`\.$"),
    ):
        launcher.check([image])


def test_podman_is_not_asked_what_registries_have(project, serve, monkeypatch):
    version = {"ApiVersion": "1.41", "Components": [{"Name": "Podman Engine"}]}
    answers = {"version": json.dumps(version), "_ping": "OK", "info": "{}"}

    def answer(request):
        said = answers.get(request.path.rpartition("/")[2])
        missing = "no such image" if "/images/" in request.path else "Not Found"
        request.send(404 if said is None else 200, (said or missing).encode())

    monkeypatch.setenv("DOCKER_HOST", f"tcp://{serve(answer)}")
    with launcher_of(project({})) as launcher:
        launcher.check(["elsewhere/python:3"])


def test_without_an_engine_the_run_does_not_start(project, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    with (
        pytest.raises(
            ContainerEngineError,
            match=r"no engine responds at .* \(No such file or directory\)\. Start Docker",
        ),
        launcher_of(project({})),
    ):
        pass


def test_without_the_docker_package_the_extra_is_named(project, monkeypatch):
    monkeypatch.setitem(sys.modules, "docker", None)
    with (
        pytest.raises(ContainerEngineError, match=r"`pip install 'kfpkit\[images\]'`"),
        launcher_of(project({})),
    ):
        pass
