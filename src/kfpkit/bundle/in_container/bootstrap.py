"""Runs a component in its container: checks, unpacks, imports, calls KFP's executor.

This file is read as text, sent in the container's command and run there. It needs nothing but the
standard library of Python 3.8 or newer, and holds no text that kfp, Kubernetes or Argo replace.

Command line: `DIGEST CHUNK... --executor_input JSON --function_to_execute NAME`. The chunks are
one text: base64 of zlib of three header lines (module, function, embedded), then for each file its
path, its size and its content. DIGEST is the SHA-256 of what is compressed. `embedded` is `-`
without an embedded artifact, `=` for a folder, `=NAME` for a file.

What the component may rely on: it is imported under its true dotted name from a private folder
that stands first on `sys.path` and on `PYTHONPATH`, `_KFP_RUNTIME` is `true`, SIGTERM arrives as
`SystemExit(143)`, and the folder is gone when the process ends. Where no folder can be written,
modules come from memory; then child processes do not find them.

Most tasks need only this file. Python compiles the others of this folder where they are needed:
`memory.py` and `trouble.py`, whose sources arrive in `SOURCES`.

Comments and docstrings stand on lines of their own, because they are not sent.
"""

# Reasons: pathlib and imports that are not needed cost time at each start of a task; the code
# runs on Python 3.8; kfp's executor logs through the root logger too.
# ruff: noqa: PTH100, PTH102, PTH103, PTH106, PTH108, PTH118, PLC0415
# ruff: noqa: FURB188, LOG015, RUF005, RUF063, SIM105, UP031
# mypy: disable-error-code="import-not-found, import-untyped"

from __future__ import annotations

import atexit
import binascii
import os
import sys
import zlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import FrameType
    from typing import Any, NoReturn

# The sources of the other files, by name. What is sent has them.
SOURCES: Mapping[str, str] = {}
EMBEDDED = ".embedded"
RUNTIME = ".runtime"


def fail(reason: str) -> NoReturn:
    """End the task with one line."""
    sys.exit("kfpkit: " + reason)


def load(part: str) -> Any:
    """Compile one of the files that only few tasks need."""
    module = type(sys)("kfpkit_" + part)
    exec(compile(SOURCES[part], "<kfpkit %s>" % part, "exec"), module.__dict__)  # noqa: S102 - ours
    return module


def read_payload(digest: str, chunks: list[str]) -> tuple[list[str], dict[str, bytes]]:
    """Return the header and the files of a payload that is as it was compiled."""
    try:
        payload = zlib.decompress(binascii.a2b_base64("".join(chunks)))
    except (ValueError, zlib.error) as error:
        fail("the component's payload was changed after it was compiled (%s)" % error)
    if sha256(payload).hexdigest() != digest:
        fail("the component's payload was changed after it was compiled (wrong digest)")
    *header, rest = payload.split(b"\n", 3)
    start = len(payload) - len(rest)
    files = {}
    while start < len(payload):
        path_end = payload.index(b"\n", start)
        size_end = payload.index(b"\n", path_end + 1)
        end = size_end + 1 + int(payload[path_end + 1 : size_end])
        files[payload[start:path_end].decode()] = payload[size_end + 1 : end]
        start = end
    return [line.decode() for line in header], files


def sha256(content: bytes) -> Any:
    """Hash without OpenSSL, which takes longer to load than all else here."""
    try:
        from _sha2 import sha256 as implementation
    except ImportError:
        try:
            from _sha256 import sha256 as implementation
        except ImportError:
            from hashlib import sha256 as implementation
    return implementation(content)


def unpack(files: Mapping[str, bytes]) -> str | None:
    """Write the files to the first folder that takes them; None when none does."""
    given = os.environ.get("TMPDIR")
    candidates = [given, "/tmp", "/var/tmp", "/dev/shm", "."]  # noqa: S108 - made private
    usable = [folder for folder in candidates if folder]
    size = sum(map(len, files.values()))
    for parent in usable:
        try:
            folder = os.path.join(os.path.abspath(parent), "kfpkit-" + os.urandom(8).hex())
            os.mkdir(folder, 0o700)
        except OSError as error:
            load("trouble").report(parent, size, error)
            continue
        atexit.register(remove, folder, os.getpid())
        try:
            write(folder, files)
        except OSError as error:
            load("trouble").report(parent, size, error)
            remove(folder, os.getpid())
            continue
        if parent != usable[0]:
            os.environ["TMPDIR"] = os.path.abspath(parent)
        return folder
    return None


def refuse_outside(paths: Iterable[str]) -> None:
    """End the task where a path would lead out of the component's folder."""
    for path in paths:
        if path[:1] == "/" or ".." in path.split("/"):
            fail("the payload holds the path %r, which leads out of the component's folder" % path)


def write(folder: str, files: Mapping[str, bytes]) -> None:
    """Write files below a folder, readable by this user only."""
    refuse_outside(files)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    made: set[str] = set()
    for path, content in files.items():
        parent = path.rpartition("/")[0]
        if parent not in made:
            os.makedirs(os.path.join(folder, parent), 0o700, exist_ok=True)
            made.add(parent)
            if not parent.startswith(EMBEDDED):
                # Keeps Python from writing byte code that is thrown away when the task ends.
                os.close(os.open(os.path.join(folder, parent, "__pycache__"), flags, 0o600))
        target = os.open(os.path.join(folder, path), flags, 0o600)
        try:
            left = memoryview(content)
            while left:
                left = left[os.write(target, left) :]
        finally:
            os.close(target)


def remove(folder: str, owner: int) -> None:
    """Remove a folder, but not from a forked child."""
    if os.getpid() != owner:
        return
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            remove(entry.path, owner)
            continue
        try:
            os.unlink(entry.path)
        except OSError:
            pass
    try:
        os.rmdir(folder)
    except OSError:
        pass


def handle_termination() -> None:
    """Let `finally` blocks of the component run when the task is stopped."""
    import signal

    owner = os.getpid()

    def stop(number: int, _frame: FrameType | None) -> NoReturn:
        if os.getpid() != owner:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        signal.signal(number, signal.SIG_IGN)
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, stop)


def load_executor(runtime: str | None) -> Any:
    """Import KFP's executor: the image's, else the one that travels."""
    try:
        from kfp.dsl import executor
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "kfp":
            raise
        if runtime is None:
            fail(
                "this Python (%s) has no kfp, and none travels with the component; "
                "use an image of an environment, or install kfp in this one" % sys.executable
            )
        for name in [name for name in sys.modules if name.partition(".")[0] == "kfp"]:
            del sys.modules[name]
        sys.path.append(runtime)
        paths = [os.environ["PYTHONPATH"]] if os.environ.get("PYTHONPATH") else []
        os.environ["PYTHONPATH"] = os.pathsep.join(paths + [runtime])
        from kfp.dsl import executor
    return executor


def collect_last() -> None:
    """Collect what the component left, as Python does when it ends."""
    import gc

    if gc.isenabled():
        gc.collect()
    # Python collects all objects again once it has cleared the modules. Until then it would only
    # find that kfp and the standard library are still in use.
    gc.disable()
    gc.unfreeze()


def resolve_annotations(function: Callable[..., Any]) -> None:
    """Evaluate annotations that arrive as text, and show KFP the signature behind decorators."""
    import typing

    plain = function
    layers = [plain]
    while hasattr(plain, "__wrapped__"):
        plain = plain.__wrapped__
        layers.append(plain)
    for layer in layers:
        annotations = getattr(layer, "__annotations__", {})
        if any(isinstance(each, str) for each in annotations.values()):
            layer.__annotations__ = typing.get_type_hints(layer, include_extras=True)
    returned = function.__annotations__.get("return")
    if hasattr(returned, "_fields") and returned.__dict__.get("__annotations__"):
        returned.__annotations__ = typing.get_type_hints(returned, include_extras=True)
    if plain is not function:
        import inspect

        function.__signature__ = inspect.signature(function)  # type: ignore[attr-defined]


def argument(arguments: list[str], name: str) -> str:
    """Return the value of one of KFP's arguments."""
    for position, each in enumerate(arguments):
        if each == name and position + 1 < len(arguments):
            return arguments[position + 1]
        if each.startswith(name + "="):
            return each[len(name) + 1 :]
    fail("the argument %s is missing" % name)


def prepare(header: list[str], files: dict[str, bytes]) -> tuple[str, str | None]:
    """Put the files where imports find them; return their folder and that of kfp's runtime."""
    travels = any(path.startswith(RUNTIME + "/") for path in files)
    if travels:
        from importlib.util import find_spec

        if find_spec("kfp") is not None:
            travels = False
            for path in [path for path in files if path.startswith(RUNTIME + "/")]:
                del files[path]
    folder = unpack(files)
    if folder is None:
        if header[2] != "-":
            fail("no temporary folder can be written, and the component has an embedded artifact")
        prefix = RUNTIME + "/"
        memory = {
            path[len(prefix) :] if path.startswith(prefix) else path: content
            for path, content in files.items()
        }
        refuse_outside(memory)
        folder = load("memory").import_from(memory)
        sys.stderr.write("kfpkit: no temporary folder can be written; importing from memory\n")
    else:
        sys.path.insert(0, folder)
        paths = [folder] + [each for each in [os.environ.get("PYTHONPATH")] if each]
        os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    return folder, os.path.join(folder, RUNTIME) if travels else None


def run(
    header: list[str],
    files: Mapping[str, bytes],
    folder: str,
    runtime: str | None,
    arguments: list[str],
) -> None:
    """Import the component and call KFP's executor, as `kfp.dsl.executor_main` does."""
    import gc

    # Imports leave hardly any garbage, and looking for it takes longer than some of them.
    collects = gc.isenabled()
    gc.disable()
    import json
    import logging
    from importlib import import_module

    form = "[KFP Executor %(asctime)s %(levelname)s]: %(message)s"
    logging.basicConfig(stream=sys.stdout, format=form, level=logging.INFO)
    executor = load_executor(runtime)
    # An image may have switched the collector off, and only CPython can leave objects out.
    if collects:
        if hasattr(gc, "freeze"):
            gc.freeze()
            atexit.register(collect_last)
        gc.enable()
    if header[2] != "-":
        sys.path.insert(0, os.path.join(folder, EMBEDDED))
    try:
        module = import_module(header[0])
    except Exception as error:
        trouble = load("trouble")
        trouble.explain(error, header[0])
        trouble.explain_object(error, files)
        raise
    if header[2] != "-":
        embedded = os.path.join(folder, EMBEDDED)
        os.makedirs(embedded, 0o700, exist_ok=True)
        module.__dict__["__KFP_EMBEDDED_ASSET_DIR"] = embedded
        if header[2] != "=":
            file = os.path.join(embedded, header[2][1:])
            module.__dict__["__KFP_EMBEDDED_ASSET_FILE"] = file
    function = getattr(module, header[1])
    resolve_annotations(function)
    executor_input = json.loads(argument(arguments, "--executor_input"))
    try:
        output = executor.Executor(
            executor_input=executor_input, function_to_execute=function
        ).execute()
    except Exception as error:
        load("trouble").explain_object(error, files)
        raise
    if output is not None:
        logging.info("Wrote executor output file to %s.", output)


def main() -> None:
    """Run the component that the command line holds."""
    start = next((i for i, each in enumerate(sys.argv) if each[:2] == "--"), len(sys.argv))
    digest, chunks, arguments = sys.argv[1], sys.argv[2:start], sys.argv[start:]
    sys.argv[1:] = arguments
    os.environ["_KFP_RUNTIME"] = "true"
    header, files = read_payload(digest, chunks)
    # The working directory comes last: what stands in it must not hide what ships.
    if sys.path and not sys.path[0]:
        sys.path.append(sys.path.pop(0))
    handle_termination()
    folder = None
    try:
        folder, runtime = prepare(header, files)
        run(header, files, folder, runtime, arguments)
    except SystemExit as error:
        if error.code == 143:  # noqa: PLR2004 - what the handler above raises
            load("trouble").end_soon(folder, remove)
        raise


main()
