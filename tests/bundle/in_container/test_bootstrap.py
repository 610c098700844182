"""The command runs a component as KFP's executor does, in one interpreter."""

from __future__ import annotations

import ast
import base64
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from bundle.conftest import executor_arguments

from kfpkit.bundle import ShippedFile, encode

ISOLATED = (sys.executable, "-I", "-S")


def component(body, head="", returns="str"):
    body = textwrap.indent(textwrap.dedent(body).strip(), "    ")
    return {"fraud/pipeline.py": f"{head}\n\ndef score(a: int = 1) -> {returns}:\n{body}\n"}


def test_a_component_runs_and_its_folder_is_gone(bundled, run, tmp_path):
    files = component("return core.double(a) + ' ' + __file__", "from fraud import core")
    bundle = bundled({**files, "fraud/core.py": "def double(x):\n    return str(2 * x)\n"})
    outcome = run(bundle, {"a": 4})
    value, file = outcome.value.split()
    assert (outcome.code, value) == (0, "8")
    assert file.endswith("/fraud/pipeline.py")
    assert not Path(file).parent.parent.exists()


@pytest.mark.parametrize("minor", [9, 10, 11, 12, 13])
def test_a_bare_interpreter_runs_it_with_the_runtime_that_travels(bundled, run, python_of, minor):
    python = python_of(f"3.{minor}")
    bundle = bundled(component("import sys\nreturn str(sys.version_info[:2])"))
    outcome = run(bundle, python=(python, "-I", "-S"), carry_runtime=True)
    assert outcome.value == f"(3, {minor})", outcome.stderr


def test_without_any_kfp_one_line_says_so(bundled, run):
    outcome = run(bundled(component("return 'x'")), python=ISOLATED)
    assert outcome.code == 1
    assert re.fullmatch(r"kfpkit: this Python .* has no kfp, .*\n", outcome.stderr)


def test_the_image_s_kfp_goes_before_the_one_that_travels(bundled, run):
    bundle = bundled(component("import kfp\nreturn kfp.__file__"))
    assert "site-packages" in run(bundle, carry_runtime=True).value


def test_a_changed_payload_is_refused_in_one_line(bundled, run):
    bundle = bundled(component("return 'harmless'"))
    command = list(encode(bundle))
    raw = zlib.decompress(base64.b64decode("".join(command[5:])))
    changed = zlib.compress(raw.replace(b"harmless", b"harmful!"))
    command[5:] = [base64.b64encode(changed).decode()]
    outcome = run(bundle, command=command)
    assert outcome.code == 1
    assert outcome.stderr == (
        "kfpkit: the component's payload was changed after it was compiled (wrong digest)\n"
    )


@pytest.mark.parametrize("element", [3, 5])
def test_a_damaged_command_is_refused_in_one_line(bundled, run, element):
    bundle = bundled(component("return 'x'"))
    command = list(encode(bundle))
    command[element] = command[element][:40] + "AAAA" + command[element][44:]
    outcome = run(bundle, command=command)
    assert outcome.code == 1
    assert re.fullmatch(r"kfpkit: .* was changed after it was compiled .*\n", outcome.stderr)


def test_a_traceback_shows_the_author_s_file_and_line(bundled, run):
    files = component("return core.fail()", "from fraud import core")
    bundle = bundled({**files, "fraud/core.py": "\n\ndef fail():\n    raise ValueError('no')\n"})
    outcome = run(bundle)
    assert outcome.code == 1
    assert '/fraud/pipeline.py", line 4, in score\n    return core.fail()' in outcome.stderr
    assert "/fraud/core.py\", line 4, in fail\n    raise ValueError('no')" in outcome.stderr


def test_annotations_as_text_are_resolved(bundled, run):
    head = (
        "from __future__ import annotations\nfrom typing import NamedTuple\n"
        "class Result(NamedTuple):\n    total: int\n    name: str\n"
    )
    bundle = bundled(component("return Result(a + 1, 'x')", head, "Result"))
    assert run(bundle, {"a": 2}).outputs["parameterValues"] == {"total": 3, "name": "x"}


def test_child_processes_find_the_helpers(bundled, run):
    body = """
        import subprocess, sys, multiprocessing, os
        ran = subprocess.run([sys.executable, "-m", "fraud.core"], capture_output=True, text=True)
        pool = multiprocessing.get_context("spawn").Pool(1)
        with pool:
            squares = pool.map(core.square, [2, 3])
            more = pool.map(local, [2])
        pool.join()
        return f"{ran.stdout.strip()} {squares} {more}"
    """
    core = "def square(x):\n    return x * x\nif __name__ == '__main__':\n    print(square(5))\n"
    head = "from fraud import core\ndef local(x):\n    return -x"
    bundle = bundled({**component(body, head), "fraud/core.py": core})
    assert run(bundle).value == "25 [4, 9] [-2]"


def test_the_python_path_is_prepended_to(bundled, run, tmp_path):
    (tmp_path / "elsewhere.py").write_text("X = 'found'\n")
    body = "import os, elsewhere\nreturn elsewhere.X + os.environ['PYTHONPATH'][-5:]"
    outcome = run(bundled(component(body)), environment={"PYTHONPATH": f"{tmp_path}{os.sep}./././"})
    assert outcome.value == "found./././"[:5] + "/././"[-5:]


def test_what_stands_in_the_working_directory_hides_nothing(bundled, run, tmp_path):
    (tmp_path / "json.py").write_text("raise SystemExit('hidden')\n")
    (tmp_path / "beside.py").write_text("X = 'beside'\n")
    assert run(bundled(component("import beside\nreturn beside.X"))).value == "beside"


def test_log_lines_and_arguments_are_those_of_kfp(bundled, run):
    body = "import logging, sys\nlogging.info('seen')\nreturn ' '.join(sys.argv[1:])[:16]"
    outcome = run(bundled(component(body)))
    assert re.search(r"\[KFP Executor .* INFO\]: seen", outcome.stdout)
    assert outcome.value == "--executor_input"


@pytest.mark.parametrize("given", ["missing", "file", "/proc"])
def test_an_unusable_temporary_folder_is_replaced_and_exported(bundled, run, tmp_path, given):
    (tmp_path / "file").write_text("")
    bundle = bundled(component("import os, tempfile\nreturn os.environ['TMPDIR']"))
    outcome = run(bundle, environment={"TMPDIR": str(tmp_path / given)})
    assert outcome.value == "/tmp"
    assert outcome.stderr == ""


FAULT = """
import os, errno, sys
real_mkdir, real_write = os.mkdir, os.write
def mkdir(path, *rest, **named):
    if os.path.basename(path).startswith("kfpkit-") and {refused}:
        raise OSError({number}, "refused")
    return real_mkdir(path, *rest, **named)
def write(target, content):
    if {full} and target > 2:
        raise OSError(errno.ENOSPC, "No space left on device")
    return real_write(target, content)
os.mkdir, os.write = mkdir, write
sys.argv[:] = ["-c", *sys.argv[2:]]
exec({loader!r})
"""


def faulty(command, *, refused="True", full="False", number="errno.EROFS"):
    """Return the command with file operations that fail."""
    script = FAULT.format(refused=refused, full=full, number=number, loader=command[2])
    return (command[0], "-c", script, "-", *command[3:])


def test_without_any_folder_modules_come_from_memory(bundled, run):
    body = """
        import pkgutil, traceback
        from team import core
        try:
            core.fail()
        except ValueError:
            text = traceback.format_exc()
        assert 'raise ValueError("no")' in text, text
        assert 'return core.X' in __import__("inspect").getsource(other)
        return core.X + pkgutil.get_data("rules", "query.sql").decode()
    """
    head = "from rules import one\ndef other():\n    return core.X"
    core = "# coding: latin-1\nX = 'ä'\ndef fail():\n    raise ValueError(\"no\")\n"
    head = head.replace("def other", "from team import core\ndef other")
    files = {
        **component(body, head),
        "team/core.py": core.encode("latin-1"),
        "rules/__init__.py": "",
        "rules/one.py": "from . import two",
        "rules/two.py": "",
        "rules/query.sql": "select",
    }
    bundle = bundled(files, helpers=["rules"])
    outcome = run(bundle, command=faulty(encode(bundle)))
    assert outcome.stderr == (
        "kfpkit: no temporary folder can be written; importing from memory\n"
    ), outcome.stderr
    assert outcome.value == "äselect"


@pytest.mark.parametrize("path", ["../stray.py", "/stray.py", "fraud/../../stray.py", ".."])
@pytest.mark.parametrize("memory", [False, True])
def test_a_path_out_of_the_folder_is_refused_before_anything_runs(
    bundled, run, tmp_path, path, memory
):
    bundle = bundled(component("return 'x'", "print('ran')"))
    stray = ShippedFile(path=path, content=b"", source=Path("stray.py"), chain=())
    bundle = replace(bundle, files=(stray, *bundle.files))
    command = faulty(encode(bundle)) if memory else encode(bundle)
    outcome = run(bundle, command=command, environment={"TMPDIR": str(tmp_path)})
    assert outcome.code == 1
    assert outcome.stdout == ""
    assert outcome.stderr == (
        f"kfpkit: the payload holds the path '{path}', which leads out of the component's folder\n"
    )
    assert not [*tmp_path.rglob("stray.py"), *tmp_path.glob("kfpkit-*")]


def test_a_full_folder_is_named_with_the_bytes_needed(bundled, run, tmp_path):
    bundle = bundled(component("import os\nreturn os.environ['TMPDIR']"))
    size = sum(len(file.content) for file in bundle.files)
    command = faulty(encode(bundle), refused="False", full="True")
    environment = {"TMPDIR": str(tmp_path)}
    outcome = run(bundle, command=command, environment=environment)
    first = f"kfpkit: the folder {tmp_path} is full; the component needs {size} bytes there\n"
    assert outcome.stderr.startswith(first)
    assert outcome.code == 0
    assert not list(tmp_path.glob("kfpkit-*"))


def test_a_runtime_that_travels_is_imported_from_memory_too(bundled, run):
    bundle = bundled(component("return 'x'"))
    command = faulty(encode(bundle, carry_runtime=True))
    outcome = run(bundle, python=ISOLATED, command=command)
    assert outcome.value == "x", outcome.stderr


def start(bundle, folder, **options):
    return subprocess.Popen(
        [
            sys.executable,
            *encode(bundle)[1:],
            *executor_arguments(folder, bundle.function),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


@pytest.mark.parametrize("thread", [False, True])
def test_sigterm_runs_finally_and_ends_without_waiting_for_threads(bundled, tmp_path, thread):
    body = f"""
        import pathlib, threading, time
        if {thread}:
            threading.Thread(target=time.sleep, args=(30,)).start()
        try:
            print(__file__, flush=True)
            time.sleep(30)
        finally:
            pathlib.Path({str(tmp_path / "cleaned")!r}).touch()
    """
    process = start(bundled(component(body)), tmp_path / "outputs")
    file = Path(process.stdout.readline().strip())
    assert file.exists()
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    code = process.wait(timeout=20)
    process.communicate()
    assert time.monotonic() - began < 10
    assert code == 143
    assert (tmp_path / "cleaned").exists()
    assert not file.parent.parent.exists()


def test_a_forked_child_does_not_remove_the_folder(bundled, run):
    body = """
        import os, sys
        child = os.fork()
        if child == 0:
            sys.exit(0)
        os.waitpid(child, 0)
        import fraud.late
        return fraud.late.X
    """
    assert run(bundled({**component(body), "fraud/late.py": "X = 'late'\n"})).value == "late"


@pytest.mark.parametrize("ending", ["sys.exit(3)", "raise ValueError"])
def test_the_folder_goes_however_the_task_ends(bundled, run, ending):
    bundle = bundled(component(f"import sys\nprint(__file__)\n{ending}"))
    outcome = run(bundle)
    file = re.search(r"^/.*pipeline\.py$", outcome.stdout, re.MULTILINE).group()
    assert not Path(file).parent.parent.exists()
    assert outcome.code == (3 if "3" in ending else 1)


@pytest.mark.parametrize("python", [sys.executable, "3.13"])
def test_what_the_component_leaves_is_finalized_at_the_end(
    bundled, run, python_of, tmp_path, python
):
    # An open file in a global, a cycle of objects, and one that hangs on a library's object.
    head = """
        import logging

        class Note:
            def __init__(self, name):
                self.file = open(f"{FOLDER}/{name}", "w")
                self.file.write(name)

            def __del__(self):
                self.file.write(" end")
                self.file.close()

        kept = open(f"{FOLDER}/kept", "w")
    """.replace("{FOLDER}", str(tmp_path))
    body = """
        kept.write("kept")
        cycle = Note("cycle")
        cycle.itself = cycle
        logging.root.note = Note("hanging")
        return ""
    """
    interpreter = python if python == sys.executable else python_of(python)
    files = component(body, textwrap.dedent(head))
    outcome = run(bundled(files), python=(interpreter,), carry_runtime=True)
    assert outcome.code == 0, outcome.stderr
    written = {name: (tmp_path / name).read_text() for name in ("kept", "cycle", "hanging")}
    assert written == {"kept": "kept", "cycle": "cycle end", "hanging": "hanging end"}


@pytest.mark.parametrize("enabled", [True, False])
def test_the_garbage_collector_is_on_or_off_as_in_the_image(bundled, run, tmp_path, enabled):
    (tmp_path / "sitecustomize.py").write_text("" if enabled else "import gc; gc.disable()\n")
    bundle = bundled(component("import gc\nreturn str(gc.isenabled())"))
    assert run(bundle, environment={"PYTHONPATH": str(tmp_path)}).value == str(enabled)


def test_files_and_folder_are_private(bundled, run):
    body = """
        import os
        top = os.path.dirname(os.path.dirname(__file__))
        return ' '.join(oct(os.stat(p).st_mode & 0o777) for p in (top, __file__))
    """
    assert run(bundled(component(body))).value == "0o700 0o600"


def test_an_embedded_folder_is_there_with_its_modules(bundled, run, tmp_path):
    (tmp_path / "assets/deep").mkdir(parents=True)
    (tmp_path / "assets/tool.py").write_text("X = 'tool'\n")
    (tmp_path / "assets/deep/data.bin").write_bytes(b"\0\1")
    source = (
        "from kfp import dsl\nimport tool\n\n"
        "def score(e: dsl.EmbeddedInput[dsl.Dataset], a: int = 1) -> str:\n"
        "    import pathlib\n    deep = pathlib.Path(e.path, 'deep/data.bin')\n"
        "    assert deep.read_bytes() == b'\\0\\1'\n"
        "    assert e.path == __KFP_EMBEDDED_ASSET_DIR\n    return tool.X\n"
    )
    bundle = bundled({"fraud/pipeline.py": source}, embedded_artifact=tmp_path / "assets")
    outcome = run(bundle)
    assert outcome.value == "tool", outcome.stderr


def test_an_embedded_file_is_there(bundled, run, tmp_path):
    (tmp_path / "config.json").write_text("{}")
    source = (
        "from kfp import dsl\n\ndef score(e: dsl.EmbeddedInput[dsl.Artifact]) -> str:\n"
        "    return open(e.path).read() + e.path.rpartition('/')[2]\n"
    )
    bundle = bundled({"fraud/pipeline.py": source}, embedded_artifact=tmp_path / "config.json")
    assert run(bundle).value == "{}config.json"


MODEL = "class Model:\n    limit = 5\n"
PICKLED = "cfraud.models\\nModel\\n."


@pytest.mark.parametrize("minor", [9, 10, 11, 12, 13])
@pytest.mark.parametrize("load", ["pickle.loads", "pickle._loads"])
def test_a_pickle_whose_module_does_not_ship_names_module_and_remedy(
    bundled, run, python_of, minor, load
):
    body = f"import pickle\nreturn str({load}(b'{PICKLED}').limit)"
    files = {**component(body), "fraud/models.py": MODEL}
    python = (python_of(f"3.{minor}"), "-I", "-S")
    outcome = run(bundled(files), python=python, carry_runtime=True)
    said = outcome.stderr.splitlines()[0]
    assert said.startswith("kfpkit: the module fraud.models does not ship with this component.")
    assert said.endswith('helpers=["fraud.models"].')
    assert outcome.stderr.endswith("ModuleNotFoundError: No module named 'fraud.models'\n")

    outcome = run(bundled(files, helpers=["fraud.models"]), python=python, carry_runtime=True)
    assert outcome.value == "5"


def test_a_pickle_that_is_read_while_the_module_is_imported_says_so_too(bundled, run):
    head = f"import pickle\nMODEL = pickle.loads(b'{PICKLED}')"
    outcome = run(bundled(component("return str(MODEL)", head)))
    assert "kfpkit: the module fraud.models does not ship" in outcome.stderr


@pytest.mark.parametrize("minor", [9, 10, 11, 12, 13])
@pytest.mark.parametrize("statement", ["import lost", "import lost.one as o", "from lost import a"])
def test_an_import_statement_that_fails_is_left_to_its_own_words(
    bundled, run, python_of, minor, statement
):
    python = (python_of(f"3.{minor}"), "-I", "-S")
    bundle = bundled(component(f"{statement}\nreturn 'x'"))
    outcome = run(bundle, python=python, carry_runtime=True)
    assert outcome.stderr.startswith("Traceback")


def test_a_pickled_class_of_another_component_s_part_of_the_module_is_explained(bundled, run):
    body = "import pickle\nreturn str(pickle.loads(b'cfraud.pipeline\\nModel\\n.').limit)"
    outcome = run(bundled(component(body, MODEL)))
    assert outcome.stderr.startswith("kfpkit: an object that this component reads")
    assert "Can't get attribute 'Model'" in outcome.stderr


@pytest.mark.parametrize("name", ["bootstrap", "memory", "trouble"])
def test_the_files_are_written_for_python_3_8_and_the_standard_library(name):
    folder = Path(encode.__code__.co_filename).parent / "in_container"
    tree = ast.parse((folder / f"{name}.py").read_text(), feature_version=(3, 8))
    imported = {
        (node.names[0].name if isinstance(node, ast.Import) else node.module).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert imported - sys.stdlib_module_names - {"_sha2", "_sha256", "kfp"} == set()
