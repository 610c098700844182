"""What a task's container gets: its variables, and the files that they name."""

import pytest

from kfpkit.local.launching.containers.sandbox import make_sandbox_options
from kfpkit.local.launching.execution import Execution
from kfpkit.local.launching.variables import TaskVariables

pytest.importorskip("docker")


@pytest.fixture
def options(tmp_path):
    def options(network="host", security=(), **variables):
        folder = tmp_path / "task"
        folder.mkdir()
        execution = Execution(
            command=["true"],
            variables=TaskVariables(run=variables),
            folder=folder,
            log=tmp_path / "log.txt",
        )
        return make_sandbox_options(execution, security=security, network=network)

    return options


def test_the_emulators_files_are_mounted_in_place_of_the_users(options, tmp_path, monkeypatch):
    files = {name: tmp_path / name for name in ("own.json", "emulator.json", "roots.pem", "other")}
    for file in files.values():
        file.touch()
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(files["own.json"]))
    found = options(
        GOOGLE_APPLICATION_CREDENTIALS=str(files["emulator.json"]),
        GRPC_DEFAULT_SSL_ROOTS_FILE_PATH=str(files["roots.pem"]),
        PARAMETER=str(files["other"]),
    )
    mounts = {mount["Target"] for mount in found["mounts"] if mount["ReadOnly"]}
    read_only = {mount for mount in mounts if mount.startswith(str(tmp_path))}
    assert read_only == {str(files["emulator.json"]), str(files["roots.pem"])}
    variable = found["environment"]["GOOGLE_APPLICATION_CREDENTIALS"]
    assert variable == str(files["emulator.json"])


def test_in_a_machine_of_its_own_loopback_has_another_name(options):
    variables = options("bridge", grpc_proxy="http://127.0.0.1:5")["environment"]
    assert variables["grpc_proxy"] == "http://host.docker.internal:5"


@pytest.mark.parametrize(
    ("who", "security", "user"),
    [
        ((1000, 1001), [], "1000:1001"),
        ((0, 0), [], "65532:65532"),
        ((1000, 1001), ["name=seccomp", "name=rootless"], "0:0"),
    ],
)
def test_a_container_runs_as_the_user_but_never_as_root(options, monkeypatch, who, security, user):
    monkeypatch.setattr("os.getuid", lambda: who[0])
    monkeypatch.setattr("os.getgid", lambda: who[1])
    monkeypatch.setattr("os.chown", lambda *_, **__: None)  # only root may
    assert options(security=security)["user"] == user


def test_a_container_is_sealed(options):
    found = options("none", security=["name=selinux"])
    assert found["network_mode"] == "none"
    assert found["read_only"] is True
    assert found["cap_drop"] == ["ALL"]
    assert found["security_opt"] == ["no-new-privileges:true", "label=disable"]
    assert found["tmpfs"] == {"/tmp": "rw,exec,nosuid,nodev,mode=1777"}
