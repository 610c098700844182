"""The time in which imports are answered: who is answered, and that nothing stays behind."""

from __future__ import annotations

import builtins
import importlib
import os
import re
import subprocess
import sys
import threading
import traceback
import warnings
from pathlib import Path
from types import SimpleNamespace

import pytest
from placeholders.outcomes import provisions

from kfpkit import placeholders
from kfpkit.errors import PlaceholderCallError, PlaceholderValueError
from kfpkit.placeholders import Load

SOURCES = Path(placeholders.__file__).parents[2]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a function that writes modules into a folder of the author's."""
    monkeypatch.syspath_prepend(tmp_path / "site-packages")
    monkeypatch.syspath_prepend(tmp_path)

    def write(**modules):
        for name, source in modules.items():
            file = tmp_path.joinpath(*name.split("__")).with_suffix(".py")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(source, encoding="utf-8")
        importlib.invalidate_caches()
        return tmp_path

    return write


def load_of(root, **options):
    return Load(project=root, roots=lambda: (root,), provisions=provisions, **options)


def load(root, module="features", **options):
    with placeholders.placeholders(load_of(root, **options)):
        return importlib.import_module(module)


def test_an_installation_inside_the_project_is_not_the_authors(folder, monkeypatch):
    root = folder(features="")
    monkeypatch.setattr(
        "kfpkit.placeholders.load._INSTALLATIONS", (str(root / ".venv"), "/usr/lib/python3")
    )
    owner = load_of(root)

    assert owner.owns(str(root / "features.py"))
    assert not owner.owns(str(root / ".venv" / "lib" / "library.py"))
    assert not owner.owns("/usr/lib/python3/json.py")


def test_nothing_stays_behind(folder):
    before = builtins.__import__
    known = set(sys.modules)

    load(folder(features="import numpy as np\nimport pandas.io\nfrom torch import nn\n"))

    assert builtins.__import__ is before
    new = set(sys.modules) - known
    assert {name for name in new if not name.startswith("kfpkit.")} == {"features"}
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("numpy")


def test_nothing_stays_behind_a_failure(folder):
    before = builtins.__import__

    with pytest.raises(ZeroDivisionError):
        load(folder(features="import numpy as np\n1 / 0\n"))

    assert builtins.__import__ is before


def test_libraries_that_load_meanwhile_hold_no_placeholder(folder):
    source = (
        "import numpy as np\nimport pyarrow, pydantic, rich.console, kubernetes.client, typer\n"
        "from google.cloud import bigquery, storage\n"
        "table = pyarrow.array([1, 2])\n"
    )
    # What other tests have loaded may hold placeholders: kfpkit's helpers are an author's modules.
    ours = {name for name in sys.modules if name.startswith("kfpkit.helpers")}
    load(folder(features=source))

    held = [
        (name, key)
        for name, module in list(sys.modules.items())
        if name not in {"features", *ours}
        and not name.startswith(("kfpkit.placeholders", "placeholders."))
        for key, value in list(getattr(module, "__dict__", {}).items())
        if placeholders.find_placeholder(value, depth=0) is not None
    ]
    assert len(sys.modules) > 1000
    assert held == []


def test_the_author_is_not_answered_without_a_load(folder):
    folder(features="import numpy\n")

    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("features")


def test_files_of_others_are_not_answered(folder, tmp_path):
    root = folder(own__features="import numpy\n", other__module="import numpy\n")
    sys.path[:0] = [str(root / "own"), str(root / "other")]

    with pytest.raises(ModuleNotFoundError), placeholders.placeholders(load_of(root / "own")):
        importlib.import_module("module")


@pytest.mark.parametrize("place", ["site-packages", "lib/python3/dist-packages"])
def test_installed_files_below_a_root_are_not_the_authors(tmp_path, place):
    owned = load_of(tmp_path)

    assert owned.owns(str(tmp_path / "features.py"))
    assert not owned.owns(str(tmp_path / ".venv" / place / "numpy" / "__init__.py"))


def test_an_installation_below_a_root_is_not_the_authors():
    root = Path(sys.prefix).parent
    owned = load_of(root)

    assert owned.owns(str(root / "features.py"))
    assert not owned.owns(str(Path(sys.prefix) / "bin" / "tool.py"))


def test_a_project_inside_of_an_installation_is_the_authors():
    root = Path(sys.prefix) / "src" / "app"

    assert load_of(root).owns(str(root / "features.py"))


def test_what_ships_with_kfpkit_is_answered_and_the_rest_is_not(tmp_path):
    owned = load_of(tmp_path)
    kfpkit = SOURCES / "kfpkit"

    assert owned.owns(str(kfpkit / "helpers" / "tables.py"))
    assert owned.owns(str(kfpkit / "components" / "split_data.py"))
    assert not load_of(SOURCES).owns(str(kfpkit / "loading.py"))


def test_a_link_to_the_authors_file_is_the_authors(folder, tmp_path_factory):
    root = folder(features="import numpy\n")
    link = tmp_path_factory.mktemp("links") / "link.py"
    link.symlink_to(root / "features.py")

    assert load_of(root).owns(str(link))


@pytest.mark.parametrize("first", ["google.auth", "google.cloud.spanner", "google.cloud.storage"])
def test_a_namespace_has_what_is_installed_and_what_is_not(folder, first):
    source = (
        f"import {first}\nimport google.cloud.spanner\nimport google.cloud.storage as gcs\n"
        "from google.cloud import spanner, storage\nimport google.auth\nfrom google import cloud\n"
        "assert google.cloud.storage is storage is gcs is cloud.storage\n"
        "assert google.cloud.spanner is spanner is cloud.spanner\n"
        "assert storage.Client.__module__ == 'google.cloud.storage.client'\n"
        "assert google.auth.default\n"
        "client = google.cloud.spanner.Client()\n"
    )
    load(folder(features=source))

    from google.cloud import storage  # noqa: PLC0415 - the real one, after the load

    assert not hasattr(sys.modules["google.cloud"], "spanner")
    assert storage.Client


def test_a_missing_part_of_a_namespace_is_missing(folder):
    root = folder(features="from google.cloud import spanner, nowhere\n")

    with pytest.raises(ImportError, match="cannot import name 'nowhere'"):
        load(root)


def test_a_part_of_a_namespace_with_a_fallback_is_missing(folder):
    source = (
        "import other\ntry:\n    from google.cloud import spanner\nexcept ImportError:\n"
        "    spanner = None\nassert spanner is None\n"
    )

    load(folder(features=source, other="from google.cloud import spanner\n"))


def test_a_namespace_of_a_library_stays_the_real_one(folder):
    root = folder(
        features="from google.cloud import spanner\nimport library\n",
        **{"site-packages__library": "import google.cloud as found\n"},
    )

    assert load(root).library.found is sys.modules["google"].cloud


def test_an_import_that_is_halted_stays_halted(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "numpy", None)

    with pytest.raises(ModuleNotFoundError, match="halted"):
        load(folder(features="import numpy\n"))


def test_loads_nest(folder):
    root = folder(
        outer__features="import numpy as np\nimport begin\nvalue = np.pi\n",
        inner__module="import pandas as pd\n",
    )
    sys.path[:0] = [str(root / "outer"), str(root / "inner")]
    begin = SimpleNamespace()
    sys.modules["begin"] = begin
    load(root / "inner", "module")
    begin.module = sys.modules.pop("module")

    with placeholders.placeholders(load_of(root / "outer")):
        inner = load(root / "inner", "module")
        outer = importlib.import_module("features")

    assert placeholders.find_placeholder(inner.pd) is not None
    assert placeholders.find_placeholder(outer.value) is not None
    assert builtins.__import__.__module__ == "builtins"


def test_each_load_answers_its_own_files(folder):
    root = folder(outer__features="import module\n", inner__module="import numpy\n")
    sys.path[:0] = [str(root / "outer"), str(root / "inner")]

    with placeholders.placeholders(load_of(root / "inner")):
        load(root / "outer")
    del sys.modules["module"], sys.modules["features"]

    with pytest.raises(ModuleNotFoundError):
        load(root / "outer")


def test_loads_of_threads_wait_for_each_other(folder):
    root = folder(one="import numpy as np\n", two="import numpy as np\n")
    started, seen = threading.Event(), []

    def second():
        started.set()
        with placeholders.placeholders(load_of(root)):
            seen.append(importlib.import_module("two"))

    thread = threading.Thread(target=second)
    with placeholders.placeholders(load_of(root)):
        thread.start()
        started.wait()
        thread.join(0.1)
        assert not seen
        importlib.import_module("one")
    thread.join()

    assert seen
    assert builtins.__import__.__module__ == "builtins"


def test_a_hook_of_somebody_else_is_left_alone(folder, monkeypatch):
    monkeypatch.setattr(builtins, "__import__", builtins.__import__)
    source = (
        "import builtins\nbefore = builtins.__import__\n"
        "builtins.__import__ = own = lambda *args, **options: before(*args, **options)\n"
    )
    features = load(folder(features=source, late="import numpy\n"))

    assert builtins.__import__ is features.own
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("late")


def test_a_helper_of_an_earlier_load_works_in_the_next(folder):
    root = folder(helper="import numpy as np\ndef twice(): return np.zeros(2)\n")
    load(root, "helper")
    folder(features="import helper\nTWICE = helper.twice() * 2\n")

    assert placeholders.find_placeholder(load(root).TWICE) is not None


def test_calls_are_refused_after_the_load(folder):
    source = (
        "import pandas as pd\nimport torch.nn as nn\n"
        "class Net(nn.Module): ...\n"
        "class Wide(nn.Module):\n"
        "    def __init__(self, width): self.width = width\n"
        "    def double(self): return 2 * self.width\n"
        "NET = Net()\n"
        "def read(path): return pd.read_csv(path).to_parquet()\n"
        "def make(): return Net()\n"
        "def run(): return NET(3)\n"
        "def change(): pd.options['a'] = 1\n"
        "def enter():\n    with pd.option_context: pass\n"
    )
    features = load(folder(features=source))

    for name in ("make", "run", "change", "enter"):
        with pytest.raises(PlaceholderCallError, match=r"features\.py:\d+: this line calls or"):
            getattr(features, name)()
    with pytest.raises(PlaceholderCallError) as refused:
        features.read("payments.csv")
    assert str(refused.value) == (
        f"{features.__file__}:8: this line calls or changes `pd.read_csv`, which a placeholder "
        f"allows only while a pipeline is loaded. `pandas` (imported at {features.__file__}:1) is "
        "a placeholder, because it is not installed here; the environments `gcp` and `sklearn` "
        "provide it. Run the test in an environment with the package by marking it with "
        '`@pytest.mark.environments("gcp")`, or install `pandas` here.'
    )
    assert features.Wide(3).double() == 6


def test_values_are_refused_after_the_load(folder):
    root = folder(features="import numpy as np\ndef tau(): return float(np.pi * 2)\n")

    with pytest.raises(PlaceholderValueError, match=r"features\.py:2: this line needs a number"):
        load(root).tau()


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        *((f"np.pi {symbol} 2", "") for symbol in ("+", "-", "*", "/", "//", "%", "@", "**")),
        *((f"2 {symbol} np.pi", "") for symbol in ("+", "-", "*", "/", "//", "%", "@", "**")),
        *((f"np.pi {symbol} 2", "") for symbol in ("<<", ">>", "&", "^", "<", "<=", ">", ">=")),
        *((f"2 {symbol} np.pi", "") for symbol in ("<<", ">>", "&", "^")),
        *((f"{symbol}np.pi", "") for symbol in ("-", "+", "~")),
        ("abs(np.pi)", "abs np.pi"),
        ("(np.pi * 2).real", ""),
        ("np.sqrt(2)[0]", "np.sqrt(…)[…]"),
    ],
)
def test_a_refusal_shows_the_expression(folder, written, shown):
    root = folder(features=f"import numpy as np\ndef value(): return np.pi\nvalue = {written}\n")

    with pytest.raises(PlaceholderValueError) as refused:
        float(load(root).value)

    assert f"needs a number of `{shown or written}`" in str(refused.value).replace("numpy", "np")


@pytest.mark.parametrize(
    ("asked", "of"),
    [
        ("hasattr(np, 'pi')", "np.pi"),
        ("hasattr(np.linalg, 'norm')", "np.linalg.norm"),
        ("hasattr(np.sqrt(2), 'real')", "np.sqrt(…).real"),
        ("getattr(np, 'pi', 3)", "np.pi"),
        ("getattr(\n    np,\n    'pi',\n    3,\n)", "np.pi"),
        ("hasattr(Own(), 'shape')", "Own(…).shape"),
    ],
)
def test_whether_there_is_an_attribute_is_refused(folder, asked, of):
    source = f"import numpy as np\nclass Own(np.ndarray): ...\nFOUND = {asked}\n"

    with pytest.raises(PlaceholderValueError, match=rf"the existence of `{re.escape(of)}`"):
        load(folder(features=source))


def test_an_attribute_that_is_asked_for_without_a_default_is_given(folder):
    features = load(folder(features="import numpy as np\nPI = getattr(np, 'pi')\n"))

    assert features.PI is features.np.pi


def test_attributes_stay_after_the_load(folder):
    source = (
        "import pandas as pd\nclass Late(pd.errors.EmptyDataError): ...\n"
        "def kind(value): return 'frame' if isinstance(value, pd.DataFrame) else 'other'\n"
        "def fail(): raise pd.errors.ParserError('line 3')\n"
    )
    features = load(folder(features=source))

    assert features.kind(3) == "other"
    assert features.pd.Series | None
    with pytest.raises(features.pd.errors.ParserError, match="line 3"):
        features.fail()
    with pytest.raises(features.Late, match="now"):
        raise features.Late("now")


def test_a_test_may_replace_what_a_helper_calls(folder, monkeypatch):
    features = load(folder(features="import pandas as pd\ndef read(): return pd.read_csv('a')\n"))

    with monkeypatch.context() as patch:
        patch.setattr(features.pd, "read_csv", lambda path: [path])
        assert features.read() == ["a"]
    with pytest.raises(PlaceholderCallError):
        features.read()


def test_refusals_that_the_author_catches_are_remembered(folder):
    source = (
        "import torch\nimport pprint\n"
        "def ask():\n"
        "    try:\n        return bool(torch.cuda.is_available())\n"
        "    except Exception:\n        return False\n"
        "GPU = ask() or ask()\n"
        "TEXT = pprint.pformat(torch.float32)\n"
    )
    asked = load_of(folder(features=source))

    with placeholders.placeholders(asked):
        features = importlib.import_module("features")

    assert features.GPU is False
    [refusal] = placeholders.list_swallowed(asked)
    assert (refusal.place.line, refusal.needed) == (5, "the truth value")


def test_a_warning_of_a_library_keeps_its_place(folder):
    root = folder(
        features="import numpy\nimport library\n",
        **{
            "site-packages__library": "import warnings\nwarnings.warn('old', stacklevel=2)\n",
        },
    )
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        load(root)

    assert (Path(caught[0].filename).name, caught[0].lineno) == ("features.py", 2)


def test_a_refusal_can_be_made_from_its_text_alone():
    copied = PlaceholderValueError("some text")

    assert str(copied) == "some text"
    assert copied.place is None


def test_frames_of_the_replacement_are_hidden_from_pytest(folder):
    root = folder(features="import other\n", other="1 / 0\n")

    with pytest.raises(ZeroDivisionError) as raised:
        load(root)

    hidden = [entry for entry in raised.traceback if entry.frame.code.name == "replaced"]
    assert hidden
    assert all(entry.ishidden(raised) for entry in hidden)
    assert traceback.extract_tb(raised.tb)[-1].lineno == 1


def test_nothing_is_read_where_nothing_is_missing(folder):
    def never():
        raise AssertionError

    folder(features="import json, other\n", other="import rich.console, yaml, pyarrow\n")

    with placeholders.placeholders(Load(project=Path(), roots=never, provisions=never)):
        importlib.import_module("features")


def test_importing_the_package_needs_neither_kfp_nor_pydantic():
    code = (
        "import sys, kfpkit.placeholders\n"
        "print(sorted({'kfp', 'pydantic', 'rich', 'yaml'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "[]\n"
