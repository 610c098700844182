"""Images, with a real engine and a real registry."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import urllib.request

import docker
import pytest
from images.small_environments import BASE, HERE, SIX_1_16, environment_files

from kfpkit.engine import Engine
from kfpkit.environments import find_environment
from kfpkit.errors import (
    BaseImageError,
    BasePythonError,
    BuildMemoryError,
    BuildNetworkError,
    EmulationMissingError,
    ForeignImageError,
    ImageCheckError,
    PackageHashError,
    PackageInstallError,
    SystemPackageError,
    UnpushedImageError,
)
from kfpkit.images import Step, attest, fetch_pins, plan
from kfpkit.images.base import BaseImage, find_base_image
from kfpkit.images.building import context
from kfpkit.images.building.command import find_build_command
from kfpkit.images.building.docker_build import build_image
from kfpkit.images.checking import checking
from kfpkit.images.registry.references import parse
from kfpkit.images.registry.registry import Registry
from kfpkit.processes import Processes

pytestmark = [pytest.mark.containers, pytest.mark.usefixtures("base")]


@pytest.fixture
def revision():
    """Return a function that makes a folder a repository of git, and returns its commit."""

    def commit(folder) -> str:
        git = ["git", "-C", folder, "-c", "user.name=tests", "-c", "user.email=tests@localhost"]
        for arguments in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-mTests"]):
            subprocess.run([*git, *arguments], check=True)
        asked = [*git, "rev-parse", "HEAD"]
        return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()

    return commit


@pytest.fixture
def attachments():
    """Return a function that reads what is attached to an image, each one's only file."""

    def read(registry: str, digest: str) -> list[dict[str, object]]:
        host, _, folder = registry.partition("/")
        address = f"http://{host}/v2/{folder}/tiny"

        def get(path: str) -> dict[str, object]:
            kinds = "application/vnd.oci.image.manifest.v1+json"
            kinds += ", application/vnd.oci.image.index.v1+json"
            asked = urllib.request.Request(f"{address}/{path}", headers={"Accept": kinds})
            with urllib.request.urlopen(asked) as answer:
                return json.load(answer)

        index = get(f"manifests/{digest.replace(':', '-')}")
        found = [get(f"manifests/{entry['digest']}") for entry in index["manifests"]]
        return [get(f"blobs/{one['layers'][0]['digest']}") for one in found]

    return read


def test_an_image_is_built_checked_pushed_and_then_planned_no_more(tiny, make, registry, tags):
    project = tiny(registry)
    environment = find_environment(project, "tiny")

    (image,) = make(project, push=True)

    assert image.built
    assert image.reference == environment.image
    assert image.size > image.compressed > 0
    assert plan(project).to_build == ()
    assert plan(project, offline=True).to_build == ()
    assert tags(registry) == sorted([environment.content.hash, "newest"])
    pins = fetch_pins(project, [environment.image])
    assert pins == {environment.image: f"{registry}/tiny@{image.digest}"}
    assert not make(project, push=True)[0].built


@pytest.mark.usefixtures("index")
def test_a_pushed_image_has_a_bill_of_materials_and_its_provenance(  # noqa: PLR0913, PLR0917
    tiny, make, registry, revision, attachments, monkeypatch
):
    project = tiny(registry)
    commit = revision(project.root)
    monkeypatch.setenv("KFPKIT_BUILD", "https://builds.invalid/1")
    images = make(project, push=True)
    (image,) = images

    attest(project, images)

    bill, provenance = attachments(registry, image.digest)
    assert {one["name"] for one in bill["components"]} == {"kfp", "six"}
    assert bill["metadata"]["component"]["bom-ref"] == image.reference
    (subject,) = provenance["subject"]
    assert subject == {"name": f"{registry}/tiny", "digest": {"sha256": image.digest[7:]}}
    predicate = provenance["predicate"]
    assert {"name": "commit", "digest": {"gitCommit": commit}} in predicate["buildDefinition"][
        "resolvedDependencies"
    ]
    assert predicate["buildDefinition"]["externalParameters"] == {
        "environment": "tiny",
        "contentHash": image.reference.rpartition(":")[2],
        "platform": "linux/amd64",
    }
    assert predicate["runDetails"]["metadata"] == {"invocationId": "https://builds.invalid/1"}

    attest(project, make(project, push=True))
    assert attachments(registry, image.digest) == [bill, provenance]


def test_a_changed_lock_builds_one_image(tiny, make, registry):
    files = environment_files("one") | environment_files("two")
    project = tiny(registry, files=files)
    make(project, push=True)
    for path, text in environment_files("two", settings='system-packages = ["tzdata"]').items():
        (project.root / path).write_text(text)

    assert [entry.environment.name for entry in plan(project).to_build] == ["two"]
    assert [image.built for image in make(project, push=True)] == [False, True]


def test_the_container_is_sealed_lean_and_labelled(tiny, make, registry, engine, revision):
    project = tiny(registry)
    commit = revision(project.root)
    (image,) = make(project)
    environment = find_environment(project, "tiny")
    look = (
        "import importlib.util as u, os, shutil, six, sys; from kfp import dsl\n"
        "assert not any(map(shutil.which, ('pip', 'uv', 'apt', 'dpkg', 'perl', 'gcc')))\n"
        "assert not u.find_spec('pip') and not u.find_spec('ensurepip')\n"
        "assert os.getuid() == 65532 and sys.prefix == '/opt/venv'\n"
        "assert u.find_spec('six').cached and os.path.exists(u.find_spec('six').cached)\n"
        "assert not os.path.exists('/context') and not os.path.exists('/layers')\n"
    )
    options = {"read_only": True, "network_mode": "none", "remove": True, "cap_drop": ["ALL"]}
    engine.containers.run(image.reference, ["python3", "-c", look], **options)

    labels = engine.images.get(image.reference).labels
    assert labels["dev.kfpkit.environment"] == "tiny"
    assert labels["dev.kfpkit.content-hash"] == environment.content.hash
    assert labels["dev.kfpkit.kfp-version"] == environment.content.runtime.version
    assert labels["org.opencontainers.image.base.name"] == BASE
    assert labels["org.opencontainers.image.revision"] == commit


def test_an_image_has_no_installer_and_nothing_that_one_keeps(uncached, make, engine, layer_files):
    (image,) = make(uncached)
    left_out = {".cache", "ensurepip", "pip", "requirements.txt", "secrets", "uv"}

    names = [name for name, _ in layer_files(engine.images.get(image.reference))]

    assert "opt/venv/pyvenv.cfg" in names
    assert [name for name in names if left_out & set(name.split("/"))] == []


def test_layers_follow_from_their_content_alone(tiny, make, engine, registry, again):
    project = tiny(registry)
    first = engine.images.get(make(project)[0].reference)
    engine.api.remove_image(find_environment(project, "tiny").image, force=True)

    second = engine.images.get(make(project, base_image=again())[0].reference)

    assert first.id != second.id
    assert first.attrs["RootFS"]["Layers"] == second.attrs["RootFS"]["Layers"]


def test_environments_share_every_layer_but_that_of_their_own_packages(
    tiny, make, engine, registry
):
    files = environment_files("one") | environment_files("two", six="1.16.0", digest=SIX_1_16)
    project = tiny(registry, files=files)

    one, two = (
        engine.images.get(image.reference).attrs["RootFS"]["Layers"] for image in make(project)
    )

    assert one[:-1] == two[:-1]
    assert one[-1] != two[-1]


def test_python_and_packages_are_compiled_for_good(tiny, make, engine, registry):
    (image,) = make(tiny(registry))
    look = (
        "import importlib.util, pathlib, sysconfig\n"
        "folders = [sysconfig.get_path(name) for name in ('stdlib', 'purelib')]\n"
        "sources = [file for folder in folders for file in pathlib.Path(folder).rglob('*.py')]\n"
        "compiled = [pathlib.Path(importlib.util.cache_from_source(file)) for file in sources]\n"
        "unchecked = (0b01).to_bytes(4, 'little')\n"
        "assert len(sources) > 400\n"
        "assert all(file.read_bytes()[4:8] == unchecked for file in compiled)\n"
    )

    engine.containers.run(image.reference, ["python3", "-c", look], remove=True)


def test_settings_of_the_index_reach_no_layer_and_no_label(
    uncached, make, engine, layer_files, monkeypatch
):
    monkeypatch.setenv("UV_INDEX_TESTS_PASSWORD", "hunter2-of-tests")
    monkeypatch.setenv("NO_PROXY", "hunter2-of-tests,127.0.0.1," + os.environ.get("NO_PROXY", ""))
    (image,) = make(uncached)

    found = engine.images.get(image.reference)
    assert "hunter2-of-tests" not in json.dumps([found.attrs, found.history()])
    files = dict(layer_files(found))
    assert any(name.endswith("site-packages/six.py") for name in files)
    assert [name for name, content in files.items() if b"hunter2-of-tests" in content] == []


def test_system_packages_are_there(tiny, make, engine, registry):
    (image,) = make(tiny(registry, settings='system-packages = ["libgomp1"]'))

    look = ["python3", "-c", "import ctypes; ctypes.CDLL('libgomp.so.1')"]
    engine.containers.run(image.reference, look, network_mode="none", remove=True)


def test_a_base_image_that_does_not_exist_is_named(tiny, make, registry, tags):
    project = tiny(registry, settings='base-image = "127.0.0.1:9/no/such:1"')

    with pytest.raises(
        BaseImageError, match=r"base image `127\.0\.0\.1:9/no/such:1` does not exist"
    ):
        make(project, push=True)
    assert tags(registry) == []


def test_a_base_image_can_be_had_from_another_place(tiny, make, registry):
    project = tiny(registry, settings='base-image = "127.0.0.1:9/no/such:1"')

    assert make(project, base_image=BASE)[0].built


@pytest.fixture
def pushed_base(engine, registry):
    """Push the base image into a registry; return its name there and its digest."""
    name = f"{registry}/python"
    engine.images.get(BASE).tag(name, "3")
    engine.images.push(name, "3")
    yield f"{name}:3", Registry().image(parse(f"{name}:3")).digest
    with contextlib.suppress(docker.errors.ImageNotFound):
        engine.api.remove_image(f"{name}:3")


@pytest.mark.parametrize("named", ["by digest", "by tag"])
@pytest.mark.parametrize("where", ["engine", "registry"])
def test_the_digest_of_the_base_image_is_a_label(  # noqa: PLR0913, PLR0917 - fixtures
    tiny, make, registry, engine, pushed_base, named, where
):
    base, digest = pushed_base
    if where == "registry":
        engine.api.remove_image(base)
    name = f"{base}@{digest}" if named == "by digest" else base
    project = tiny(registry, settings=f'base-image = "{name}"')

    (image,) = make(project)

    labels = engine.images.get(image.reference).labels
    assert labels["org.opencontainers.image.base.name"] == name
    assert labels["org.opencontainers.image.base.digest"] == digest


def test_a_base_image_of_this_machine_alone_has_no_digest(engine):
    with contextlib.closing(Engine()) as own, contextlib.closing(Registry()) as registry:
        found = find_base_image(own, registry, BASE)

    assert (found.source, found.digest) == (BASE, "")


def test_a_base_image_with_another_python_is_refused(tiny, make, registry):
    other = "3.12" if HERE == "3.11" else "3.11"
    project = tiny(registry, python=other, settings=f'base-image = "{BASE}"')

    with pytest.raises(BasePythonError, match=rf"(?s)Python {other}, .*has Python {HERE}"):
        make(project)


def test_a_hash_that_does_not_match_is_refused(tiny, make, registry, tags, engine):
    project = tiny(registry, digest="0" * 64)

    with pytest.raises(PackageHashError, match="a file that differs from the locked one"):
        make(project, push=True)
    assert tags(registry) == []
    assert not engine.images.list(find_environment(project, "tiny").image)


def test_a_debian_package_that_does_not_exist_is_refused(tiny, make, registry):
    with pytest.raises(SystemPackageError, match=r"(?s)no-such-package"):
        make(tiny(registry, settings='system-packages = ["no-such-package"]'))


def test_a_build_without_a_network_says_so(tiny, make, registry, again):
    project = tiny(registry, settings=f'base-image = "{again()}"')

    with pytest.raises(SystemPackageError, match="cannot reach Debian's packages") as refused:
        make(project, network="none")

    assert "`--network host`" in str(refused.value)


def test_a_network_that_the_engine_does_not_know_is_told(tiny, make, registry):
    with pytest.raises(BuildNetworkError, match='network mode "backbone" not supported'):
        make(tiny(registry), network="backbone")


def test_a_step_that_is_killed_is_told_as_a_lack_of_memory(tiny, make, registry, variant):
    program = b"#!/bin/sh\nkill -KILL $$\n"
    base = variant("COPY python3 /usr/local/bin/python3", python3=program)

    with pytest.raises(BuildMemoryError, match=r"(?s)memory.*exit code: 137.*`--jobs 1`"):
        make(tiny(registry, settings=f'base-image = "{base}"'))


def test_a_check_that_is_killed_is_told_as_a_lack_of_memory(tiny, make, registry, variant):
    folder = "import sysconfig; print(sysconfig.get_path('stdlib'))"
    base = variant(f'RUN echo "import os; os._exit(137)" > "$(python3 -c "{folder}")/large.py"')
    project = tiny(registry, settings=f'base-image = "{base}"', imports=("large", "six"))

    with pytest.raises(BuildMemoryError, match=r"(?s)importing large.*exit code: 137"):
        make(project)


def test_an_image_that_does_not_import_what_it_should_gets_no_name(
    tiny, make, registry, engine, unchecked
):
    project = tiny(registry, imports=("sixty",))

    with pytest.raises(ImageCheckError, match=r"import sixty: ModuleNotFoundError"):
        make(project, push=True)
    assert len(plan(project).to_build) == 1
    assert not engine.images.list(find_environment(project, "tiny").image)
    assert unchecked() == []


def test_a_check_that_takes_too_long_names_the_module(endless, make, unchecked, monkeypatch):
    monkeypatch.setattr(checking, "_SECONDS", 5.0)

    with pytest.raises(
        ImageCheckError, match=r"did not finish within 5 seconds:\n  importing endless"
    ):
        make(endless)

    assert unchecked() == []


def test_an_image_that_the_machine_cannot_run_needs_emulation(tiny, make, registry, variant):
    arm = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00\xb7\x00\x01" + bytes(200)
    base = variant("COPY arm /usr/bin/dash", arm=arm)

    with pytest.raises(EmulationMissingError, match=r"linux/amd64.*(?s:.*)--install amd64"):
        make(tiny(registry, settings=f'base-image = "{base}"'))


def test_the_engine_that_is_asked_builds_whatever_builder_is_chosen(
    tiny, make, registry, tmp_path, monkeypatch
):
    seen = tmp_path / "seen"
    command = tmp_path / "docker"
    command.write_text(
        f'#!/bin/sh\n[ "$1" != build ] || env > {seen}\nexec {find_build_command()} "$@"\n'
    )
    command.chmod(0o755)
    find_build_command.cache_clear()
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("BUILDX_BUILDER", "another")

    assert make(tiny(registry))[0].built

    found = seen.read_text().splitlines()
    assert "BUILDX_BUILDER=default" in found
    assert f"DOCKER_HOST={os.environ['DOCKER_HOST']}" in found


def test_no_log_and_no_error_tells_the_password_of_an_index(
    uncached, engine, monkeypatch, tmp_path, refused_address
):
    uv = context.fetch_installer(tmp_path)
    monkeypatch.setenv("UV_DEFAULT_INDEX", f"http://ada:hunter2-of-tests@{refused_address}/simple")
    environment = find_environment(uncached, "tiny")
    log = tmp_path / "log"

    with contextlib.closing(Engine()) as own, pytest.raises(PackageInstallError) as failed:
        build_image(
            own,
            environment,
            uv=uv,
            base=BaseImage(
                name=environment.description.base_image,
                digest="",
                source=environment.description.base_image,
            ),
            network="host",
            processes=Processes(),
            log=log,
            report=lambda _: None,
        )

    assert "hunter2-of-tests" not in str(failed.value) + log.read_text()


def test_a_tag_of_another_image_is_neither_another_image_is_neither_taken_nor_replaced(
    tiny, make, registry, engine
):
    project = tiny(registry)
    image = find_environment(project, "tiny").image
    engine.images.get(BASE).tag(image)
    with pytest.raises(
        ForeignImageError, match="in the local container engine points to a different image"
    ):
        make(project)

    engine.images.push(image)
    with pytest.raises(ForeignImageError, match="in the registry points to a different image"):
        make(project, push=True)
    with pytest.raises(ForeignImageError, match="Delete this tag in the registry"):
        fetch_pins(project, [image])


def test_an_image_that_is_missing_cannot_be_pinned(tiny, registry):
    project = tiny(registry)
    image = find_environment(project, "tiny").image

    with pytest.raises(UnpushedImageError, match="Run `kfpkit env build tiny --push`"):
        fetch_pins(project, [image])


def test_the_command_line_fails_with_the_reason_and_the_log(tiny, make, registry):
    project = tiny(registry, settings='base-image = "127.0.0.1:9/no/such:1"')
    command = [sys.executable, "-m", "kfpkit", "env", "build"]
    done = subprocess.run(
        command, cwd=project.root, capture_output=True, text=True, check=False, env=os.environ
    )

    assert done.returncode == 1
    assert "error: The image of `tiny`: its base image" in done.stderr
    assert ".kfpkit/images/tiny-" in done.stderr


def test_two_jobs_build_at_the_same_time(tiny, make, registry):
    files = environment_files("one") | environment_files("two")
    both = threading.Barrier(2, timeout=60)

    def meet(step: Step) -> None:
        if step.doing == "exporting the lock":
            both.wait()

    images = make(tiny(registry, files=files), jobs=2, report=meet)

    assert [image.built for image in images] == [True, True]


def test_images_that_can_be_built_are_built_before_a_failure_is_told(tiny, make, registry):
    files = environment_files("bad", settings='base-image = "127.0.0.1:9/no:1"')
    project = tiny(registry, files=files | environment_files("good"))

    with pytest.raises(BaseImageError):
        make(project, push=True)
    assert [entry.environment.name for entry in plan(project).to_build] == ["bad"]
