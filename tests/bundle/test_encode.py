"""A bundle as a container's command."""

from __future__ import annotations

import ast
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kfpkit.bundle import encode
from kfpkit.bundle.encode import CHUNK_SIZE, COMMAND_LIMIT, read_bootstrap_source, split
from kfpkit.bundle.reading.compile_time import DSL_NAMES, RUNTIME_DSL_NAMES
from kfpkit.errors import PayloadTooLargeError

SCORE = "from fraud import core\ndef score(a: int) -> str:\n    return str(len(core.X))\n"


def noise(size, seed=0):
    """Return source text that does not compress below its size in base64, nearly."""
    return random.Random(seed).randbytes(size // 2).hex()


def helper(size, seed=0):
    return f"X = '{noise(size, seed)}'\n"


def test_helpers_of_1_2_megabytes_of_base64_run(bundled, run):
    bundle = bundled({"fraud/pipeline.py": SCORE, "fraud/core.py": helper(1_790_000)})
    command = encode(bundle)
    assert sum(map(len, command)) > 1_200_000
    assert max(map(len, command)) <= 131_071
    assert run(bundle, {"a": 1}).value == "1790000"


def test_above_the_limit_the_five_largest_files_are_named(bundled):
    files = {f"fraud/m{i}.py": helper(500_000 + i * 1000, i) for i in range(7)}
    imports = "import " + ", ".join(f"fraud.m{i}" for i in range(7))
    bundle = bundled(
        {**files, "fraud/pipeline.py": f"def score(a: int) -> int:\n    {imports}\n    return a\n"}
    )
    with pytest.raises(PayloadTooLargeError) as caught:
        encode(bundle)
    assert caught.value.limit == COMMAND_LIMIT
    assert "the component `fraud.pipeline:score`" in str(caught.value)
    assert [path for path, _ in caught.value.largest] == [f"fraud/m{i}.py" for i in range(6, 1, -1)]


def test_no_chunk_holds_what_kfp_local_replaces():
    text = "ab" * 10 + "python3" + "python3" * 2 + "c" * (CHUNK_SIZE + 5) + "python3"
    chunks = split(text)
    assert "".join(chunks) == text
    assert not any("python3" in chunk for chunk in chunks)
    assert max(map(len, chunks)) <= CHUNK_SIZE


def test_the_command_holds_what_kfp_local_wants_and_nothing_that_is_replaced(bundled):
    bundle = bundled({"fraud/pipeline.py": SCORE, "fraud/core.py": "X = ''\n"})
    first, *rest = encode(bundle, carry_runtime=True)
    assert first == "python3"
    assert any("kfp.dsl.executor_main" in element for element in rest)
    for text in (*rest, read_bootstrap_source()):
        assert not re.search(r"python3|\$|\{\{|\}\}", text)


def test_what_is_sent_is_the_code_of_the_files():
    folder = Path(encode.__code__.co_filename).parent / "in_container"

    def code(text):
        tree = ast.parse(text)
        for node in ast.walk(tree):
            documented = isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
            if documented and ast.get_docstring(node):
                del node.body[0]
        return tree.body

    def dump(statements):
        return [ast.dump(each) for each in statements]

    sent = code(read_bootstrap_source())
    (place,) = (
        i
        for i, each in enumerate(sent)
        if isinstance(each, ast.Assign | ast.AnnAssign) and "SOURCES" in ast.unparse(each)
    )
    sources = ast.literal_eval(sent.pop(place).value)
    files = {
        file.stem: code(file.read_text())
        for file in folder.glob("*.py")
        if file.stat().st_size > 200
    }
    written = files.pop("bootstrap")
    assert ast.unparse(written.pop(place)) == "SOURCES: Mapping[str, str] = {}"
    assert dump(sent) == dump(written)
    assert {name: dump(code(text)) for name, text in sources.items()} == {
        name: dump(body) for name, body in files.items()
    }


def test_names_of_kfp_s_runtime_are_those_that_it_has():
    def exported(runtime):
        script = "import kfp.dsl; print(*kfp.dsl.__all__)"
        return set(
            subprocess.run(
                [sys.executable, "-W", "ignore", "-c", script],
                env={"_KFP_RUNTIME": runtime},
                capture_output=True,
                text=True,
                check=True,
            ).stdout.split()
        )

    assert exported("true") == RUNTIME_DSL_NAMES
    assert exported("false") - exported("true") == DSL_NAMES
