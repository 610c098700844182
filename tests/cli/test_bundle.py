"""`kfpkit bundle show`."""

from __future__ import annotations

import json
import os
import subprocess
import sys

FILES = {
    "fraud/pipeline.py": (
        "import kfpkit\nfrom fraud import core\n\n"
        "@kfpkit.component(base_image='python:3.11')\n"
        "def score(a: int) -> int:\n    import numpy, pandas\n    return core.f(a)\n"
    ),
    "fraud/core.py": "def f(a): return a\n",
}


def kfpkit(root, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "kfpkit", *arguments],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "200", "PYTHONPATH": ""},
    )


def test_the_table_shows_what_ships_and_why(project):
    shown = kfpkit(project(FILES), "bundle", "show", "fraud.pipeline:score")
    assert shown.returncode == 0, shown.stderr
    assert "fraud.pipeline:score → fraud.core" in shown.stdout
    assert "2 files" in shown.stdout
    assert "From the environment: numpy, pandas\n" in shown.stdout
    assert "Digest: " in shown.stdout


def test_a_table_is_not_wrapped_where_no_terminal_shows_it(project):
    long = "a_package_with_a_name_that_is_longer_than_most_of_them"
    files = {
        "pipeline.py": FILES["fraud/pipeline.py"].replace("fraud", f"{long}.{long}"),
        f"{long}/{long}/core.py": FILES["fraud/core.py"],
    }

    shown = kfpkit(project(files), "bundle", "show", "pipeline:score")

    assert f"pipeline:score → {long}.{long}.core\n" in shown.stdout.replace(" \n", "\n")


def test_json_holds_the_same(project):
    shown = kfpkit(project(FILES), "bundle", "show", "fraud/pipeline.py:score", "--json")
    facts = json.loads(shown.stdout)
    assert [file["path"] for file in facts["files"]] == ["fraud/core.py", "fraud/pipeline.py"]
    assert facts["files"][0]["chain"] == ["fraud.pipeline:score", "fraud.core"]
    assert len(facts["digest"]) == 64
    assert facts["imports"] == ["numpy", "pandas"]


def test_what_is_left_out_of_a_package_is_shown(project):
    pipeline = FILES["fraud/pipeline.py"].replace("base_image=", "helpers=['rules'], base_image=")
    files = {"fraud/pipeline.py": pipeline, "rules/page.j2": "", "rules/.env": ""}
    root = project({**FILES, **files})
    shown = kfpkit(root, "bundle", "show", "fraud.pipeline:score")
    assert "fraud.pipeline:score → helpers: rules → rules/page.j2" in shown.stdout
    assert f"Left out: {root}/rules/.env\n" in shown.stdout
    shown = kfpkit(root, "bundle", "show", "fraud.pipeline:score", "--json")
    assert json.loads(shown.stdout)["skipped"] == [f"{root}/rules/.env"]


def test_a_secret_is_refused_and_an_allowed_one_is_shown(project):
    core = f"KEY = 'AIza{'x' * 35}'\ndef f(a): return KEY\n"
    root = project({**FILES, "fraud/core.py": core})
    shown = kfpkit(root, "bundle", "show", "fraud.pipeline:score")
    assert shown.returncode == 1
    assert shown.stderr.startswith(f"error: {root}/fraud/core.py:1: a Google API key\n")
    entry = 'allow-secrets = ["fraud/core.py:google-api-key"]'
    assert f"`{entry}`" in shown.stderr

    (root / "pyproject.toml").write_text(f"[tool.kfpkit]\n{entry}\n")
    shown = kfpkit(root, "bundle", "show", "fraud.pipeline:score")
    assert f"Allowed secret: {root}/fraud/core.py:1: google-api-key\n" in shown.stdout
    facts = json.loads(kfpkit(root, "bundle", "show", "fraud.pipeline:score", "--json").stdout)
    assert facts["allowed_secrets"] == [
        {"place": f"{root}/fraud/core.py:1", "kind": "google-api-key"}
    ]


def test_a_module_named_like_the_library_that_prints_is_refused(project):
    root = project({**FILES, "src/rich.py": FILES["fraud/pipeline.py"]})
    shown = kfpkit(root, "bundle", "show", "src/rich.py:score")
    assert shown.returncode == 1
    assert shown.stderr.startswith(f"error: {root}/src/rich.py: the module `rich` would hide")


def test_the_size_counts_kfps_runtime_where_it_travels(project):
    pipeline = FILES["fraud/pipeline.py"]
    without = pipeline.replace("base_image=", "install_kfp_package=False, base_image=")
    root = project({**FILES, "fraud/without.py": without})
    sizes = [
        json.loads(kfpkit(root, "bundle", "show", f"{name}:score", "--json").stdout)
        for name in ("fraud.pipeline", "fraud.without")
    ]
    assert sizes[0]["encoded_bytes"] - sizes[1]["encoded_bytes"] > 10_000


def test_a_refusal_is_one_message_and_exit_code_1(project):
    files = {**FILES, "fraud/core.py": "def broken(:\n"}
    files["fraud/pipeline.py"] = (
        files["fraud/pipeline.py"]
        .replace("from fraud import core\n", "")
        .replace("import numpy", "from fraud import core")
    )
    shown = kfpkit(project(files), "bundle", "show", "fraud.pipeline:score")
    assert shown.returncode == 1
    assert "core.py:1: this line does not parse" in shown.stderr
    assert "Traceback" not in shown.stderr
    assert shown.stdout == ""


OWN = {
    **FILES,
    "fraud/steps.py": (
        "import kfpkit\nfrom kfp import dsl\nSTEPS = {}\nOTHER = 1\n\n"
        "def run():\n    return 1\n\nSTEPS['run'] = run\nimport torch_like; torch_like.seed()\n\n"
        "@kfpkit.component(base_image='python:3.11')\n"
        "def score(a: int) -> int:\n    return len(STEPS)\n\n"
        "@dsl.pipeline\ndef train():\n    score(a=1)\n"
    ),
    "torch_like.py": "def seed():\n    pass\n",
}


def test_the_source_shows_what_became_of_each_statement(project):
    shown = kfpkit(project(OWN), "bundle", "show", "fraud/steps.py:score", "--source")
    assert shown.returncode == 0, shown.stderr
    assert "STEPS['run'] = run" in shown.stdout
    assert "may change `STEPS`" in shown.stdout
    assert "`score` does not reach `OTHER`" in shown.stdout
    assert " it is needed only for compiling" in shown.stdout
    assert "def train" not in shown.stdout.partition("Ships")[0]


def test_json_holds_the_source_and_the_reasons(project):
    shown = kfpkit(project(OWN), "bundle", "show", "fraud/steps.py:score", "--json")
    own = json.loads(shown.stdout)["own_module"]
    verdicts = {each["line"]: (each["verdict"], each["reason"]) for each in own["statements"]}
    assert own["path"] == "fraud/steps.py"
    assert own["source"].splitlines()[8] == "STEPS['run'] = run"
    assert verdicts[3] == ("kept", "is reached")
    assert verdicts[4] == ("left out", "`score` does not reach `OTHER`")
    assert verdicts[9] == ("kept", "may change `STEPS`")
