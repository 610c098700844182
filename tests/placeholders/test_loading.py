"""Loading pipelines whose packages only environments have."""

from __future__ import annotations

import json
import logging
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from lean_environments import PROVIDED, environment
from placeholders import differences

from kfpkit.compiler.compiler import to_yaml
from kfpkit.environments import collect_provided_imports, list_environments
from kfpkit.environments.venvs import ensure_virtual_environment
from kfpkit.errors import (
    ModuleFailedError,
    PlaceholderValueError,
    StarImportError,
    UndefinedReferenceError,
)
from kfpkit.loading.pipelines import load_component, load_pipeline
from kfpkit.placeholders import MARK
from kfpkit.project.project import find_project

ROOT = Path(__file__).parents[2]
HELPER = """\
from __future__ import annotations

import numpy as np
import pandas as pd
import pydantic
from pandera import DataFrameModel
from sklearn.base import BaseEstimator

pd.set_option("mode.copy_on_write", True)
EPSILON = np.finfo(float).eps
TAU = np.pi * 2
CLEANERS = {}


class Settings(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(arbitrary_types_allowed=True)

    limit: float = 2.0
    table: pd.DataFrame | None = None
    kind: type = np.float64


class Payments(DataFrameModel):
    amount: float


class Clip(BaseEstimator):
    def transform(self, table: pd.DataFrame) -> pd.DataFrame:
        return table.clip(upper=SETTINGS.limit)


def cleaner(name):
    def keep(function):
        CLEANERS[name] = function
        return function

    return keep


@cleaner("drop")
def drop(table: pd.DataFrame) -> pd.DataFrame:
    return table.dropna()


SETTINGS = Settings()
"""
PIPELINE = """\
import kfpkit
import numpy as np
import pandas as pd
from kfp import dsl

from fraud.features import CLEANERS, SETTINGS, drop

KIND = np.dtype("float64")


@kfpkit.component(environment="all")
def count(size: int, table: dsl.Output[dsl.Dataset]) -> None:
    drop(pd.DataFrame({"amount": np.arange(size)})).to_csv(table.path)


@kfpkit.component(environment="all")
def total(table: dsl.Input[dsl.Dataset], limit: float) -> float:
    return float(pd.read_csv(table.path, dtype=KIND)["amount"].clip(upper=limit).sum())


@dsl.pipeline(name="fraud")
def fraud(size: int = 3) -> float:
    made = count(size=size * 1 if isinstance(size, int) else size)
    return total(table=made.outputs["table"], limit=SETTINGS.limit * len(CLEANERS)).output
"""
# What the environment `sklearn` of the repository has.
SMALLER = """\
import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

pd.set_option("mode.copy_on_write", True)
EPSILON = np.finfo(float).eps
CLEANERS = {"mean": np.mean}


class SETTINGS(TransformerMixin, BaseEstimator):
    limit = 2.0


def drop(table: pd.DataFrame | None) -> pd.DataFrame:
    return table.dropna()
"""
FILES = {
    "fraud/__init__.py": "",
    "fraud/features.py": HELPER,
    "pipelines/fraud/pipeline.py": PIPELINE,
}


@pytest.fixture
def command(lean):
    def run(*arguments, **files):
        root = lean({**FILES, **files})
        return subprocess.run(
            [sys.executable, "-m", "kfpkit", *arguments],
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_a_pipeline_compiles_without_the_packages(lean):
    compiled = to_yaml(load_pipeline(lean(FILES) / "pipelines" / "fraud"))

    tasks = yaml.safe_load(compiled)["root"]["dag"]["tasks"]
    limit = tasks["total"]["inputs"]["parameters"]["limit"]
    assert limit["runtimeValue"]["constant"] == 2.0
    assert MARK not in compiled
    assert "laceholder" not in compiled


def test_the_command_compiles_it(command):
    done = command("compile", "pipelines/fraud")

    assert (done.returncode, done.stdout, done.stderr) == (0, "build/fraud.yaml\n", "")


def test_the_command_shows_what_ships(command):
    done = command("bundle", "show", "pipelines/fraud/pipeline.py:count", "--json")

    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert "fraud/features.py" in [file["path"] for file in shown["files"]]


def test_a_refusal_is_what_the_command_prints(command):
    pipeline = PIPELINE + "\n\nif KIND.itemsize > 4:\n    pass\n"
    done = command("compile", "pipelines/fraud", **{"pipelines/fraud/pipeline.py": pipeline})

    assert done.returncode == 1
    assert done.stderr.startswith("error: /")
    assert "pipeline.py:27: this line runs while its file is loaded, and it needs" in done.stderr
    assert "truth value of `np.dtype(…).itemsize > 4`" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ("import nowhere_at_all", "No environment in the project provides `nowhere_at_all`. Corr"),
        ("from nowhere_at_all.deep import name", "No environment in the project provides `nowhere"),
        ("import fraud.nothing", "Correct this line, which fails when the file is imported."),
        ("import rich.nothing", "Correct this line, which fails when the file is imported."),
        ("exec('1 / 0')", "Correct this line, which fails when the file is imported."),
    ],
)
def test_a_missing_module_is_told_at_its_line(command, tmp_path, line, advice):
    done = command("compile", "p.py", **{"p.py": f"import numpy as np\n{line}\n"})

    place, *_, told = done.stderr.splitlines()
    assert place.startswith(f"error: {tmp_path}/project/p.py:2: ")
    assert told.startswith(advice)


def test_a_library_that_misses_a_module_is_told_as_ever(lean):
    library = {"lib/site-packages/library.py": "import nowhere_at_all\n"}
    root = lean({"p.py": "import library\n", **library})
    sys.path.insert(0, str(root / "lib" / "site-packages"))

    with pytest.raises(ModuleFailedError, match=r"p\.py:1: ModuleNotFoundError") as failed:
        load_pipeline(root / "p.py")

    assert failed.value.unprovided == {}


def test_packages_that_environments_of_kfpkit_have_come_with_the_command(project):
    root = project({"p.py": "import sklearn.svm\nimport pandas as pd\n"})

    with pytest.raises(ModuleFailedError) as failed:
        load_pipeline(root / "p.py")

    assert list(failed.value.unprovided) == ["sklearn", "pandas"]
    assert "sklearn" in failed.value.shipped
    assert not {"emulators", "gcp"} & set(failed.value.shipped)
    first = failed.value.shipped[0]
    assert f"run `kfpkit env new {first} --from kfpkit:{first}`." in str(failed.value)


def test_all_packages_that_a_file_misses_are_named_at_once(lean):
    lines = [
        "import nowhere_at_all.deep",
        "import numpy as np, json, nowhere_at_all",
        "from elsewhere.too import name",
        "try:\n    import optional\nexcept ImportError:\n    pass",
        "def run():\n    import later",
    ]
    root = lean({"p.py": "\n".join(lines)})

    with pytest.raises(ModuleFailedError) as failed:
        load_pipeline(root / "p.py")

    assert {name: place.line for name, place in failed.value.unprovided.items()} == {
        "nowhere_at_all": 1,
        "elsewhere.too": 3,
    }
    assert "provides `nowhere_at_all`, `elsewhere.too` (line 3). Correct" in str(failed.value)


def test_a_component_loads_by_its_reference(lean):
    root = lean(FILES)

    assert load_component("pipelines.fraud.pipeline:total", root).name == "total"
    assert load_component("pipelines/fraud/pipeline.py:count", root).name == "count"


def test_a_file_that_no_import_can_name_loads(lean):
    root = lean({**FILES, "my-pipeline.py": PIPELINE})

    assert load_pipeline(root / "my-pipeline.py").name == "fraud"


def test_helpers_of_kfpkit_may_be_imported_at_the_top(lean):
    source = PIPELINE.replace(
        "from fraud", "from kfpkit.helpers.tables import read_table\nfrom fraud"
    )

    assert load_pipeline(lean({**FILES, "p.py": source}) / "p.py").name == "fraud"


@pytest.fixture
def both(tmp_path):
    """Return a function that runs code in a project, without and with the packages."""

    def run(files, code):
        demo = tmp_path / "demo"
        for name, text in {"pyproject.toml": "[tool.kfpkit]\n", **files}.items():
            (demo / name).parent.mkdir(parents=True, exist_ok=True)
            (demo / name).write_text(text)
        same = f"{sys.version_info.major}.{sys.version_info.minor}"
        found = next(
            each
            for each in list_environments(find_project(ROOT))
            if each.description.python == same
            and each.description.has_image
            and each.provides("sklearn")
        )
        shutil.copytree(found.folder, demo / "environments" / "all")
        [site] = (ensure_virtual_environment(found) / "lib").glob("python3*/site-packages")
        script = (
            f"import sys; sys.path.extend(sys.argv[1:])\n{code}\n"
            "assert ('pandas' in sys.modules) == (len(sys.argv) > 1)\n"
        )
        return [
            subprocess.run(
                [sys.executable, "-c", script, *sites],
                cwd=demo,
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            for sites in ([], [str(site)])
        ]

    return run


@pytest.mark.slow
def test_the_packages_make_no_difference_to_a_compiled_file(both):
    code = (
        "from pathlib import Path\n"
        "from kfpkit.compiler.compiler import to_yaml\n"
        "from kfpkit.loading.pipelines import load_pipeline\n"
        "print(to_yaml(load_pipeline(Path('pipelines/fraud'))))"
    )

    lean, complete = both({**FILES, "fraud/features.py": SMALLER}, code)

    assert lean == complete
    assert "deploymentSpec" in lean
    assert MARK not in lean


@pytest.mark.slow
def test_the_packages_make_no_difference_to_the_refusal_of_a_type(both):
    source = (
        "import kfpkit\nimport pandas as pd\nfrom kfp import dsl\n\n\n"
        "@kfpkit.component(environment='all')\ndef clean(table: pd.DataFrame) -> None: ...\n"
    )
    code = (
        "from pathlib import Path\n"
        "from kfpkit.errors import ForeignTypeError\n"
        "from kfpkit.loading.pipelines import load_component\n"
        "try:\n    load_component('clean.py:clean', Path.cwd())\n"
        "except ForeignTypeError as error:\n    print(error)"
    )

    lean, complete = both({"clean.py": source}, code)

    assert lean == complete
    assert "clean.py:6: `table` of the component `clean` has the type `pd.DataFrame`" in lean


@pytest.mark.slow
def test_a_value_reaches_a_pipeline_as_it_is_or_is_refused(both):
    same, different = map(
        differences.expressions, (differences.SAME_OR_REFUSED, differences.DIFFERENT)
    )
    files = {"head.txt": differences.HEAD, "expressions.json": json.dumps([*same, *different])}

    lean, complete = map(json.loads, both(files, differences.PROGRAM))

    compiled = {name: found for name, found in lean.items() if found[0] == "compiles"}
    assert len(compiled) > 30
    assert {name: found for name, found in compiled.items() if found != complete[name]} == {
        name: lean[name] for name in different
    }
    for name in set(same) - set(compiled):
        assert lean[name][0].startswith(("Placeholder", "LostTasks", "ModuleFailed")), lean[name]


def test_an_error_of_python_names_the_placeholders(lean):
    root = lean({"pipeline.py": "import numpy as np\nimport pandas\n\nnp.zeros.__file__\n"})

    with pytest.raises(ModuleFailedError) as failed:
        load_pipeline(root)

    assert str(failed.value) == (
        f"{root}/pipeline.py:4: AttributeError: type object 'zeros' has no attribute '__file__'\n"
        "`numpy` (line 1) is not installed here, so a placeholder replaces it. This may be the "
        "cause.\n"
        "Correct this line, which fails when the file is imported."
    )


def test_an_error_of_a_library_names_a_placeholder_that_only_the_library_holds(lean):
    source = "import json\nimport numpy as np\nDEEP = [[[[[np.float64]]]]]\njson.dumps(DEEP)\n"

    with pytest.raises(ModuleFailedError, match=r"pipeline\.py:4: TypeError: ") as failed:
        load_pipeline(lean({"pipeline.py": source}))

    assert list(failed.value.placeholders) == ["numpy"]


def test_an_error_whose_text_only_a_placeholder_could_complete_is_told(lean):
    source = (
        "import numpy as np\n"
        "class OddError(Exception):\n"
        "    def __str__(self): return 'high' if np.pi > 3 else 'low'\n"
        "raise OddError\n"
    )

    with pytest.raises(ModuleFailedError) as failed:
        load_pipeline(lean({"pipeline.py": source}))

    assert failed.value.cause == "OddError: its message needs the value of a placeholder"


def test_an_error_of_a_missing_module_attribute_is_pythons(lean):
    source = (
        "import numpy\n"
        "try:\n"
        "    numpy.__nothing__\n"
        "except AttributeError as error:\n"
        "    raise ValueError(error.name, error.obj is numpy)\n"
    )

    with pytest.raises(ModuleFailedError, match=r"\('__nothing__', True\)"):
        load_pipeline(lean({"pipeline.py": source}))


def test_an_error_in_another_file_names_where_the_placeholder_comes_from(lean):
    helper = "import numpy as np\ndef count(table): return len(table.__rows__)\n"
    source = "import helper\nimport sqlalchemy as sa\nhelper.count([sa.table('a')][0])\n"
    root = lean({"helper.py": helper, "pipeline.py": source})

    with pytest.raises(ModuleFailedError, match=r"helper\.py:2: AttributeError: ") as failed:
        load_pipeline(root)

    assert f"`sqlalchemy` ({root}/pipeline.py:2) is not installed" in str(failed.value)
    assert "numpy" not in str(failed.value)


@pytest.mark.parametrize(
    "line",
    [
        "helper.LIMITS['x'].__rows__",
        "SETTINGS.kind.__rows__",
        "[each.__rows__ for each in (np.pi, np.e)]",
        "sorted([(1, 'a'), (1, 2)], key=lambda pair: (pair, np.pi))",
    ],
)
def test_an_error_that_a_placeholder_may_have_caused_names_it(lean, line):
    helper = "import numpy as np\nLIMITS = {'x': np.pi}\n"
    source = (
        "import dataclasses\nimport helper\nimport numpy as np\n"
        "@dataclasses.dataclass\nclass Settings:\n    kind: object = np.float64\n"
        f"SETTINGS = Settings()\n{line}\n"
    )
    with pytest.raises(ModuleFailedError) as failed:
        load_pipeline(lean({"helper.py": helper, "pipeline.py": source}))

    assert set(failed.value.placeholders) == {"numpy"}


def test_an_error_that_no_placeholder_has_caused_names_none(lean):
    source = "import numpy as np\nLIMIT = np.pi\ndef half(number): return number / 0\nhalf(3)\n"

    with pytest.raises(ModuleFailedError, match="ZeroDivisionError") as failed:
        load_pipeline(lean({"pipeline.py": source}))

    assert failed.value.placeholders == {}


def test_an_error_without_placeholders_names_none(lean):
    with pytest.raises(ModuleFailedError) as failed:
        load_pipeline(lean({"pipeline.py": "import json\n1 / 0\n"}))

    assert failed.value.placeholders == {}
    assert "not installed" not in str(failed.value)


@pytest.mark.parametrize("chain", [" from error", "", " from None"])
def test_a_refusal_behind_another_error_is_told(lean, chain):
    source = (
        "import numpy as np\ntry:\n    LIMIT = float(np.pi)\nexcept Exception as error:\n"
        f"    raise ValueError('no limit'){chain}\n"
    )

    with pytest.raises(PlaceholderValueError, match=r"pipeline\.py:3: .* needs a number of"):
        load_pipeline(lean({"pipeline.py": source}))


def test_a_refusal_that_is_caught_is_a_warning(lean, caplog):
    source = (
        "import numpy as np\ntry:\n    LIMIT = float(np.pi)\nexcept Exception:\n    LIMIT = 3.0\n"
    )
    root = lean({**FILES, "pipelines/fraud/pipeline.py": source + PIPELINE})

    with caplog.at_level(logging.WARNING, "kfpkit"):
        load_pipeline(root / "pipelines" / "fraud")

    [record] = caplog.records
    assert f"{root}/pipelines/fraud/pipeline.py:3: this line runs while" in record.message
    assert record.message.endswith("caught this error and continued without the value.")


def test_a_star_import_is_refused(lean):
    with pytest.raises(StarImportError) as refused:
        load_pipeline(lean({"pipeline.py": "import json\nfrom numpy import *\n"}))

    assert refused.value.place.line == 2
    assert "the environment `all` provides it. Import the names that you use" in str(refused.value)


def test_an_environment_that_cannot_be_read_is_passed_over(lean):
    broken = {"environments/broken/pyproject.toml": "", "environments/broken/imports.json": "{"}
    unnamed = {"environments/No Name/imports.json": "{}"}
    root = lean({**FILES, **broken, **unnamed})

    assert load_pipeline(root / "pipelines" / "fraud").name == "fraud"


def test_the_environments_that_provide_an_import_are_known(lean):
    root = lean(environment("more", {"numpy": "numpy", "rare": "very-rare"}))

    found = collect_provided_imports(find_project(root))

    assert found["numpy"].environments == ("all", "more")
    assert (found["rare"].distribution, found["rare"].environments) == ("very-rare", ("more",))
    assert set(found) == {*PROVIDED, "rare"}


def test_projects_are_answered_by_their_own_environments(lean, tmp_path):
    root = lean({"environments/all/imports.json": "{}", "pipeline.py": "import numpy\n"})

    with pytest.raises(ModuleFailedError, match="No module named 'numpy'"):
        load_pipeline(root)

    assert load_pipeline(lean(FILES) / "pipelines" / "fraud").name == "fraud"


def test_a_pipeline_that_is_traced_again_has_its_placeholders(lean):
    source = (
        "import kfpkit\nimport structlog\nfrom kfp import dsl\n\nlog = structlog.get_logger()\n\n\n"
        "@kfpkit.component(environment='all')\ndef show(text: str): ...\n\n\n"
        "@dsl.pipeline(name='p')\ndef p():\n    import numpy as np\n    log.info(np.pi)\n"
        "    with dsl.ParallelFor([{'v': '1'}]) as item:\n        show(text=f'{item.v} {item.w}')\n"
    )
    pipeline = load_pipeline(lean({"pipeline.py": source}))

    with pytest.raises(UndefinedReferenceError, match=r"pipeline\.py:17: "):
        to_yaml(pipeline)
