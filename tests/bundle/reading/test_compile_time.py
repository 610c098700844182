"""What only compiling needs stays behind, also out of the middle of a block."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

import kfpkit
from kfpkit.errors import CompileTimeImportError

SCORE = "@kfpkit.component(base_image='x')\ndef score(a: int) -> int:\n    return {answer}\n"
MIXED = {
    "try": (
        (
            "import kfpkit\ntry:\n    from kfp import compiler\n    import json as reader\n"
            "except ImportError:\n    compiler = None\n    reader = None\n"
        ),
        "len(reader.dumps(a))",
        1,
    ),
    "names of one import": (
        (
            "import kfpkit\ntry:\n    from kfp.dsl import (\n        Dataset,\n"
            "        pipeline,\n    )\n"
            "    X = 2\nexcept ImportError:\n    X = 0\n"
        ),
        "X + (Dataset is None)",
        2,
    ),
    "client in a block": (
        "import kfpkit, kfp\nif True:\n    client = kfp.Client\n    X = 4\n",
        "X",
        4,
    ),
    "pipeline in a block": (
        (
            "import kfpkit\nfrom kfp import dsl\nif True:\n    X = 5\n\n    @dsl.pipeline\n"
            "    def train():\n        pass\n\n    Y = 1\n"
        ),
        "X + Y",
        6,
    ),
    "only statement of a body": (
        "import kfpkit\nX = 1\nif X:\n    from kfp import compiler\nelse:\n    X = 2\n",
        "X",
        1,
    ),
    "compile time": (
        "import kfpkit\nX = 1\nif kfpkit.COMPILE_TIME:\n    X = undefined_in_containers = 7\n",
        "X",
        1,
    ),
    "compile time with another branch": (
        (
            "import kfpkit\nif kfpkit.COMPILE_TIME:\n    from kfp import compiler\n    X = 7\n"
            "else:\n    X = 3\n"
        ),
        "X",
        3,
    ),
    "not compile time": (
        (
            "from kfpkit import COMPILE_TIME\nimport kfpkit\nX = 1\n"
            "if not COMPILE_TIME:\n    X = 8\n"
            "else:\n    from kfp import compiler\n"
        ),
        "X",
        8,
    ),
    "compile time in a block": (
        (
            "import kfpkit\ntry:\n    X = 1\n    if kfpkit.COMPILE_TIME:\n        import torch\n"
            "finally:\n    pass\n"
        ),
        "X",
        1,
    ),
    "a helper's compile time": ("import kfpkit\nfrom fraud.helper import X\n", "X", 9),
}
HELPER = "import kfpkit\n\nif kfpkit.COMPILE_TIME:\n    import torch\n\nX = 9\n"


@pytest.mark.parametrize("case", MIXED)
def test_only_the_part_for_compiling_goes(bundled, run, case):
    head, answer, expected = MIXED[case]
    files = {
        "fraud/pipeline.py": head + SCORE.format(answer=answer),
        "fraud/helper.py": HELPER,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        bundle = bundled(files)
    done = run(bundle, {"a": 1})
    assert done.value == expected, done.stderr
    own = next(file for file in bundle.files if file.path == "fraud/pipeline.py").content.decode()
    assert "compiler" not in own.replace("compiler = None", "")
    assert "torch" not in own


def test_lines_below_a_cut_stay_where_they_were(own):
    source = MIXED["names of one import"][0] + SCORE.format(answer="X")
    reduced = own(source).splitlines()
    assert reduced[6] == "    X = 2"
    assert reduced[-2:] == source.splitlines()[-2:]


def test_the_constant_says_where_code_runs():
    asked = [sys.executable, "-c", "import kfpkit; print(kfpkit.COMPILE_TIME)"]
    sources = str(Path(kfpkit.__file__).parent.parent)
    for runtime, expected in (("true", "False"), ("", "True")):
        environment = {**os.environ, "_KFP_RUNTIME": runtime, "PYTHONPATH": sources}
        said = subprocess.run(asked, env=environment, capture_output=True, text=True, check=True)
        assert said.stdout.strip() == expected


def test_what_the_function_itself_needs_of_the_compiler_is_refused(bundled):
    source = "import kfpkit\ntry:\n    from kfp import compiler\nfinally:\n    pass\n"
    with pytest.raises(CompileTimeImportError):
        bundled({"fraud/pipeline.py": source + SCORE.format(answer="compiler.X")})


def test_a_kept_statement_that_fails_is_explained(bundled, run):
    source = "import os\nimport kfpkit\nT = {}\nT['X'] = os.environ['NOT_THERE']\n"
    done = run(bundled({"fraud/pipeline.py": source + SCORE.format(answer="T")}), {"a": 1})
    assert done.code == 1
    assert "line 4 of the component's module fraud.pipeline failed" in done.stderr
    assert "`if kfpkit.COMPILE_TIME:`" in done.stderr
    assert 'pipeline.py", line 4' in done.stderr
