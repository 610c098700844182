"""A file that code names by a path beside a module ships, and a task finds it there."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap

import pytest

from kfpkit.bundle import DataFileWarning
from kfpkit.errors import TwoFilesError

FILES = {
    "rules/__init__.py": "",
    "rules/limits.json": "limits",
    "rules/limits.yaml": "yaml",
    "rules/loader.json": "loader",
    "rules/query.sql": "query",
    "rules/notes.txt": "notes",
    "rules/.hidden.sql": "hidden",
    "rules/a[1].sql": "brackets",
    "rules/sql/__init__.py": "from rules.names import QUERY\n",
    "rules/names.py": (
        "from pathlib import Path\nQUERY = Path(__file__).parent.joinpath('query.sql')\n"
    ),
    "rules/sql/one.sql": "one",
    "rules/sql/two.sql": "two",
    "rules/sql/readme.md": "readme",
    "rules/sql/deep/three.sql": "three",
    "rules/sql/tool.py": "X = 'tool'\n",
    "rules/paths.py": (
        "import os\nfrom pathlib import Path\nHERE = Path(__file__).resolve().parent\n"
        "SQL = HERE / 'sql'\nFOLDER = os.path.dirname(os.path.abspath(__file__))\n"
    ),
    "shared.json": "shared",
}
HEAD = "import glob, os\nfrom pathlib import Path\n"


@pytest.fixture
def naming(bundled):
    """Return a function that collects a component whose helper `rules.loader` has a body."""

    def collect(body, files=(), **options):
        loader = HEAD + textwrap.dedent(body)
        component = (
            "from rules import loader\n\n\ndef score(name: str = 'one') -> str:\n"
            "    return loader.load(name)\n"
        )
        project = {**FILES, "fraud/pipeline.py": component, "rules/loader.py": loader}
        return bundled({**project, **dict(files)}, **options)

    return collect


def data(bundle):
    """Return the paths of the data files that ship."""
    return [file.path for file in bundle.files if not file.path.endswith(".py")]


def root_of(bundle):
    return next(file.source for file in bundle.files if "pipeline" in file.path).parents[1]


NAMED = {
    "with_name": ("Path(__file__).with_name('limits.json').read_text()", ["limits.json"]),
    "parent and slashes": (
        "(Path(__file__).parent / 'sql' / 'one.sql').read_text()",
        ["sql/one.sql"],
    ),
    "joinpath": (
        "Path(__file__).resolve().parent.joinpath('sql', 'one.sql').read_text()",
        ["sql/one.sql"],
    ),
    "a path of several parts": (
        "Path(Path(__file__).parent, 'sql/deep', 'three.sql').read_text()",
        ["sql/deep/three.sql"],
    ),
    "parents": ("(Path(__file__).parents[1] / 'shared.json').read_text()", ["../shared.json"]),
    "dots below a folder": (
        "(Path(__file__).parent / '../rules/limits.json').resolve().read_text()",
        ["limits.json"],
    ),
    "with_suffix": ("Path(__file__).with_suffix('.json').read_text()", ["loader.json"]),
    "with_stem": (
        "Path(__file__).with_name('limits.json').with_suffix('.yaml').read_text()",
        ["limits.yaml"],
    ),
    "os.path": (
        "open(os.path.join(os.path.dirname(os.path.realpath(__file__)), 'limits.json')).read()",
        ["limits.json"],
    ),
    "os.path and a sum": (
        "open(os.path.dirname(__file__) + '/limits.json').read()",
        ["limits.json"],
    ),
    "an f-string": ("open(f'{os.path.dirname(__file__)}/sql/one.sql').read()", ["sql/one.sql"]),
    "a pattern": (
        "''.join(f.read_text() for f in sorted(Path(__file__).parent.glob('*.sql')))",
        [".hidden.sql", "a[1].sql", "query.sql"],
    ),
    "a pattern below": (
        "''.join(sorted(f.read_text() for f in Path(__file__).parent.rglob('*.sql')))",
        [
            *(".hidden.sql", "a[1].sql", "query.sql"),
            *("sql/deep/three.sql", "sql/one.sql", "sql/two.sql"),
        ],
    ),
    "a pattern of folders": (
        "''.join(f.read_text() for f in Path(__file__).parent.glob('*/*.md'))",
        ["sql/readme.md"],
    ),
    "glob": (
        "open(glob.glob(os.path.join(os.path.dirname(__file__), 'sql', '*.md'))[0]).read()",
        ["sql/readme.md"],
    ),
    "a name with brackets": ("Path(__file__).with_name('a[1].sql').read_text()", ["a[1].sql"]),
    "an f-string for a name": (
        "(Path(__file__).parent / 'sql' / f'{name}.sql').read_text()",
        ["sql/one.sql", "sql/two.sql"],
    ),
    "percent for a name": (
        "(Path(__file__).parent / ('sql/%s.sql' % name)).read_text()",
        ["sql/one.sql", "sql/two.sql"],
    ),
    "format for a name": (
        "(Path(__file__).parent / 'sql/{}.sql'.format(name)).read_text()",
        ["sql/one.sql", "sql/two.sql"],
    ),
    "any name in a folder": (
        "next(f for f in (Path(__file__).parent / 'sql').iterdir() if f.stem == name).read_text()",
        ["sql/deep/three.sql", "sql/one.sql", "sql/readme.md", "sql/two.sql"],
    ),
    "a listed folder": (
        (
            "''.join(sorted(each for each in os.listdir(Path(__file__).with_name('sql'))"
            " if each.endswith('.md')))"
        ),
        ["sql/deep/three.sql", "sql/one.sql", "sql/readme.md", "sql/two.sql"],
    ),
    "a choice": (
        "Path(__file__).with_name('limits.json' if name else 'query.sql').read_text()",
        ["limits.json", "query.sql"],
    ),
    "a loop": (
        "''.join(Path(__file__).with_name(n).read_text() for n in ('limits.json', 'query.sql'))",
        ["limits.json", "query.sql"],
    ),
}
RESOURCES = {
    "files of a name": (
        "import importlib.resources as res",
        "res.files('rules').joinpath('limits.json').read_text()",
        ["limits.json"],
    ),
    "files of a module": (
        "from importlib.resources import files\nfrom rules import sql",
        "(files(sql) / 'one.sql').read_text()",
        ["sql/one.sql"],
    ),
    "files of the own package": (
        "from importlib import resources",
        "resources.files(__package__).joinpath('sql').joinpath('one.sql').read_text()",
        ["sql/one.sql"],
    ),
    "as_file": (
        "from importlib import resources",
        "resources.as_file(resources.files('rules.sql') / 'one.sql').__enter__().read_text()",
        ["sql/one.sql"],
    ),
    "get_data": (
        "import pkgutil",
        "pkgutil.get_data('rules', 'limits.json').decode()",
        ["limits.json"],
    ),
    "get_data of the own module": (
        "import pkgutil",
        "pkgutil.get_data(__name__, 'sql/one.sql').decode()",
        ["sql/one.sql"],
    ),
    "templates": (
        "class PackageLoader:\n    def __init__(self, package, path): self.path = path",
        "PackageLoader('rules', 'sql').path",
        ["sql/deep/three.sql", "sql/one.sql", "sql/readme.md", "sql/two.sql"],
    ),
    "the file of another package": (
        "import rules.sql",
        "(Path(rules.sql.__file__).parent / 'one.sql').read_text()",
        ["sql/one.sql"],
    ),
    "the path of a package": (
        "import rules",
        "open(os.path.join(rules.__path__[0], 'limits.json')).read()",
        ["limits.json"],
    ),
    "a constant": (
        "HERE = Path(__file__).parent\nSQL = HERE / 'sql'",
        "(SQL / 'one.sql').read_text()",
        ["sql/one.sql"],
    ),
    "a constant of another module": (
        "from rules.paths import SQL as QUERIES, HERE",
        "(HERE / 'limits.json').read_text()",
        ["limits.json"],
    ),
    "a constant that a package hands on": (
        "from rules.sql import QUERY",
        "QUERY.read_text()",
        ["query.sql"],
    ),
    "a constant as an attribute": (
        "from . import paths",
        "(paths.SQL / 'one.sql').read_text()",
        ["sql/one.sql"],
    ),
    "a constant by its full name": (
        "import rules.paths",
        "open(os.path.join(rules.paths.FOLDER, 'limits.json')).read()",
        ["limits.json"],
    ),
    "a constant by a star": (
        "from .paths import *",
        "(SQL / 'one.sql').read_text()",
        ["sql/one.sql"],
    ),
    "a folder that is handed on": (
        "SQL = Path(__file__).with_name('sql')\ndef read(folder): return folder / 'one.sql'",
        "read(SQL).read_text()",
        ["sql/deep/three.sql", "sql/one.sql", "sql/readme.md", "sql/two.sql"],
    ),
    "a class": (
        "class Settings:\n    queries = Path(__file__).parent / 'sql' / 'one.sql'",
        "Settings.queries.read_text()",
        ["sql/one.sql"],
    ),
    "a default": (
        "def read(path=Path(__file__).with_name('limits.json')): return path.read_text()",
        "read()",
        ["limits.json"],
    ),
    "a variable": (
        (
            "def read():\n    path = Path(__file__)\n    path = path.with_name('limits.json')\n"
            "    return Path(__file__).with_name('limits.json').open().read()"
        ),
        "read()",
        ["limits.json"],
    ),
}


@pytest.mark.parametrize("case", [*NAMED, *RESOURCES])
def test_a_named_file_ships_and_is_found(naming, run, case):
    head, expression, expected = ("", *NAMED[case]) if case in NAMED else RESOURCES[case]
    body = f"{head}\n\n\ndef load(name):\n    return {expression}\n"
    bundle = naming(body)
    assert data(bundle) == [re.sub(r"^rules/\.\./", "", f"rules/{each}") for each in expected]
    assert bundle.warnings == ()
    call = [sys.executable, "-c", "from rules import loader; print(loader.load('one'), end='')"]
    direct = subprocess.run(call, cwd=root_of(bundle), capture_output=True, text=True, check=True)
    assert run(bundle, {"name": "one"}).value == direct.stdout


def test_the_chain_says_who_names_a_file(naming):
    bundle = naming("def load(name): return (Path(__file__).parent / 'limits.json').read_text()")
    file = next(each for each in bundle.files if each.path == "rules/limits.json")
    assert file.chain == ("fraud.pipeline:score", "rules.loader", "rules/limits.json")
    assert file.content == b"limits"


OWN = """
from pathlib import Path

HERE = Path(__file__).parent
LIMITS = HERE / "limits.json"
OTHER = Path(__file__).with_name("other.json").read_text()


def score(name: str = "one") -> str:
    return LIMITS.read_text()


def neighbour(name: str = "one") -> str:
    return OTHER
"""


def test_the_own_module_s_files_ship_with_what_is_kept_of_it(bundled, run):
    files = {"fraud/pipeline.py": OWN, "fraud/limits.json": "own", "fraud/other.json": "other"}
    bundle = bundled(files)
    assert data(bundle) == ["fraud/limits.json"]
    assert run(bundle).value == "own"
    assert data(bundled(files, name="neighbour")) == ["fraud/other.json"]


def test_a_module_that_is_named_as_a_file_ships_with_what_it_imports(naming, run):
    body = """
        import subprocess, sys
        def load(name):
            tool = Path(__file__).with_name("tool.py")
            return subprocess.run([sys.executable, tool], capture_output=True, text=True).stdout
    """
    tool = "from rules import core\ntry:\n    import cudf\nexcept ImportError:\n    print(core.X)\n"
    bundle = naming(body, {"rules/tool.py": tool, "rules/core.py": "X = 'core'\n"})
    assert run(bundle).value == "core\n"


def test_modules_of_a_pattern_may_import_what_is_not_there(naming):
    body = "def load(name): return list(Path(__file__).parent.glob('*.py'))"
    tool = "import cudf\nfrom rules.missing import x\nfrom rules.deep import core\n"
    bundle = naming(body, {"rules/tool.py": tool, "rules/deep/core.py": ""})
    assert {"rules/tool.py", "rules/paths.py", "rules/deep/core.py"} <= {
        file.path for file in bundle.files
    }
    assert bundle.imports == ()


UNSHIPPED = {
    "the own folder": "Path(__file__).parent",
    "the own file": "Path(__file__).read_text()",
    "a folder above": "os.listdir(Path('.'))",
    "a folder for imports": "sys.path.insert(0, str(Path(__file__).with_name('sql')))",
    "an output": "compiler.compile(load, package_path=str(Path(__file__).with_suffix('.json')))",
    "a file that is made": "(Path(__file__).with_name('notes.txt')).write_text('x')",
    "a file that is opened to write": "open(Path(__file__).with_name('notes.txt'), 'w')",
    "a table that is written": "name.to_csv(Path(__file__).with_name('notes.txt'))",
    "a log": "logging.FileHandler(Path(__file__).with_name('notes.txt'))",
    "a log's settings": "logging.basicConfig(filename=Path(__file__).with_name('notes.txt'))",
    "a folder that is made": "Path(__file__).with_name('sql').mkdir(exist_ok=True)",
    "a file that is not there": "Path(__file__).with_name('cache.json').exists()",
    "a folder of modules": "Path(__file__).with_name('code')",
    "another package": "importlib.resources.files('numpy') / 'x.json'",
    "a name": "name / 'limits.json'",
}


@pytest.mark.parametrize("case", UNSHIPPED)
def test_what_names_no_data_ships_nothing(naming, case):
    body = f"import importlib.resources, logging, sys\ndef load(name): return {UNSHIPPED[case]}\n"
    bundle = naming(body, {"rules/code/a.py": ""})
    assert (data(bundle), bundle.warnings) == ([], ())


def test_what_is_written_may_be_read_from_a_file(naming):
    body = (
        "def load(name):\n    text = Path(__file__).with_name('limits.json')\n"
        "    Path(name).write_text(text.read_text())\n"
    )
    assert data(naming(body)) == ["rules/limits.json"]


@pytest.mark.parametrize(
    "body",
    [
        "if __name__ == '__main__':\n    print(Path(__file__).with_name('limits.json'))\n",
        (
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n"
            "    X = Path(__file__).with_name('limits.json')\n    print(X)\n"
        ),
        "UNUSED = Path(__file__).with_name('limits.json')\n",
    ],
)
def test_what_does_not_run_ships_nothing(naming, body):
    assert data(naming(f"{body}\ndef load(name): return name\n")) == []


TOLD = {
    "a file that is not there": (
        "Path(__file__).with_name('gone.json').read_text()",
        "rules/gone.json does not exist",
    ),
    "any file beside the module": (
        "(Path(__file__).parent / name).read_text()",
        "known only when the code runs",
    ),
    "all files beside the module": ("list(Path(__file__).parent.iterdir())", "helpers="),
    "a large file": ("Path(__file__).with_name('big.bin').read_bytes()", "more than 1 MiB"),
    "many files": ("list((Path(__file__).parent / 'many').iterdir())", "1,000 files"),
    "compiled code": ("Path(__file__).with_name('fast.so').read_bytes()", "Package it as a wheel"),
    "a link out of the project": (
        "Path(__file__).with_name('link.json').read_text()",
        "outside the project",
    ),
    "a file above the source roots": (
        "(Path(__file__).parents[2] / 'outside.json').read_text()",
        "outside the source root of this module",
    ),
}


@pytest.fixture
def odd_files(project, tmp_path):
    """Write the files that do not ship."""
    many = {f"rules/many/{number}.txt": "" for number in range(1001)}
    root = project({"rules/big.bin": b"x" * (1 << 20) + b"x", "rules/fast.so": b"", **many})
    (tmp_path / "outside.json").write_text("outside")
    (root / "rules/link.json").symlink_to(tmp_path / "outside.json")


@pytest.mark.parametrize("case", TOLD)
def test_what_cannot_ship_is_told_with_its_place(naming, odd_files, case):
    expression, why = TOLD[case]
    with pytest.warns(DataFileWarning, match=re.escape(why)) as caught:
        bundle = naming(f"def load(name):\n    return {expression}\n")
    assert f"{caught[0].filename}:{caught[0].lineno}".endswith("rules/loader.py:4")
    assert bundle.warnings == (f"{caught[0].filename}:4: {caught[0].message}",)
    assert data(bundle) == []


@pytest.mark.parametrize(
    "body",
    [
        "F = Path(__file__).with_name('gone.json')\nX = F.read_text() if F.exists() else ''",
        (
            "try:\n    X = Path(__file__).with_name('gone.json').read_text()\n"
            "except FileNotFoundError:\n    X = ''"
        ),
        "X = Path(__file__).with_name('gone.json' if id else 'limits.json').read_text()",
    ],
)
def test_a_file_that_need_not_be_there_is_not_told(naming, body):
    assert naming(f"{body}\ndef load(name): return X\n").warnings == ()


def test_a_package_of_helpers_answers(naming, odd_files, project):
    body = "def load(name): return (Path(__file__).parent / name).read_text()"
    (project({}) / "rules/fast.so").unlink()
    (project({}) / "rules/link.json").unlink()
    assert naming(body, helpers=["rules"]).warnings == ()
    body = "def load(name): return Path(__file__).with_name('big.bin').read_bytes()"
    assert naming(body, helpers=["rules"]).warnings == ()


def test_a_link_to_a_module_finds_what_stands_beside_the_module(naming, project, run):
    root = project({**FILES, "shared/core.py": "", "shared/core.json": "beside"})
    core = (
        "from pathlib import Path\nX = Path(__file__).resolve().with_suffix('.json').read_text()\n"
    )
    (root / "shared/core.py").write_text(core)
    (root / "rules/core.py").symlink_to("../shared/core.py")
    bundle = naming("from rules import core\ndef load(name): return core.X\n")
    assert data(bundle) == ["rules/core.json"]
    assert run(bundle).value == "beside"


def test_a_folder_of_data_provides_no_import(bundled):
    source = (
        "import requests\nfrom pathlib import Path\n\n\ndef score(a: int) -> int:\n"
        "    return requests, (Path(__file__).parents[1] / 'requests/x.json').read_text()\n"
    )
    bundle = bundled({"fraud/pipeline.py": source, "requests/x.json": ""})
    assert [needed.module for needed in bundle.imports] == ["requests"]


def test_two_files_with_one_place_are_refused(bundled):
    loader = "from pathlib import Path\nX = Path(__file__).with_name('x.json').read_text()\n"
    files = {
        "src/team/one.py": loader,
        "team/two.py": loader,
        "src/team/x.json": "1",
        "team/x.json": "2",
        "fraud/pipeline.py": "import team.one, team.two\ndef score(a: int) -> int: return team\n",
    }
    with pytest.raises(TwoFilesError, match=r"`team/x\.json` in the container") as caught:
        bundled(files)
    assert {file.parent.parent.name for file in caught.value.files} == {"src", "project"}


def test_hidden_files_of_a_folder_are_left_out_and_listed(naming):
    bundle = naming(
        "def load(name): return (Path(__file__).parent / 'sql' / name).read_text()",
        {"rules/sql/.env": "", "rules/sql/.git/x": "", "rules/sql/__pycache__/x.pyc": ""},
    )
    assert [path.name for path in bundle.skipped] == [".env", ".git"]
    assert not [path for path in data(bundle) if "/." in path]


def test_a_folder_in_which_a_file_may_appear_is_remembered(naming):
    bundle = naming("def load(name): return (Path(__file__).parent / 'sql').glob('*.sql')")
    root = root_of(bundle)
    assert root / "rules/sql" in bundle.folders
    bundle = naming("def load(name): return Path(__file__).parent / 'new' / 'x.json'")
    assert bundle.folders == (root / "rules",)
