"""Imports by name are followed as far as they can be read, and told where they cannot."""

from __future__ import annotations

import textwrap

import pytest

from kfpkit.bundle import DynamicImportWarning

PLUGINS = {
    "app/__init__.py": "",
    "app/core.py": "",
    "app/plugins/__init__.py": "",
    "app/plugins/de.py": "",
    "app/plugins/fr.py": "",
    "app/plugins/it/__init__.py": "",
    "app/plugins/it/__main__.py": "",
}
WARNED = pytest.mark.filterwarnings("ignore::kfpkit.bundle.DynamicImportWarning")


@pytest.fixture
def loading(bundled):
    """Return a function that collects a component whose helper `app.loader` has a body."""

    def collect(body, **options):
        files = {
            **PLUGINS,
            "app/loader.py": textwrap.dedent(body),
            "fraud/pipeline.py": "import app.loader\ndef score(a: int) -> int:\n    return app\n",
        }
        return bundled(files, **options)

    return collect


def plugins(bundle):
    """Return the plug-ins that ship, without their package."""
    paths = [file.path.removeprefix("app/plugins/") for file in bundle.files]
    return [path for path in paths if not path.startswith(("app/", "fraud/", "__init__"))]


FOLLOWED = {
    "an alias of the function": (
        "from importlib import import_module as im\nim('app.plugins.de')",
        ["de.py"],
    ),
    "an alias of the module": (
        "import importlib as il\nload = il.import_module\nload('app.plugins.de')",
        ["de.py"],
    ),
    "a constant": (
        "import importlib\nNAME = 'app.plugins.de'\ndef f(): importlib.import_module(NAME)",
        ["de.py"],
    ),
    "one of two": (
        (
            "import importlib, sys\nname = 'app.plugins.de'\nif sys.argv: name = 'app.plugins.fr'\n"
            "importlib.import_module(name)"
        ),
        ["de.py", "fr.py"],
    ),
    "a loop over literals": (
        (
            "import importlib\nfor each in ('de', 'fr'):\n"
            "    importlib.import_module(f'app.plugins.{each}')"
        ),
        ["de.py", "fr.py"],
    ),
    "a loop over a constant": (
        (
            "import importlib\nNAMES = ['app.plugins.de', 'app.plugins.fr']\n"
            "LOADED = [importlib.import_module(each) for each in NAMES]"
        ),
        ["de.py", "fr.py"],
    ),
    "map": (
        (
            "from importlib import import_module\n"
            "LOADED = list(map(import_module, {'app.plugins.de': 1, 'app.plugins.fr': 2}))"
        ),
        ["de.py", "fr.py"],
    ),
    "a table": (
        (
            "from importlib import import_module\n"
            "TABLE = {'d': '.plugins.de', 'f': '.plugins.fr'}\n"
            "def __getattr__(name): return import_module(TABLE[name], __package__)"
        ),
        ["de.py", "fr.py"],
    ),
    "the choice of a table": (
        (
            "from importlib import import_module\nTABLE = {'d': 'app.plugins.de'}\n"
            "def load(name): return import_module(TABLE.get(name))"
        ),
        ["de.py"],
    ),
    "the own package": (
        "import importlib\nimportlib.import_module(f'{__package__}.plugins.de')",
        ["de.py"],
    ),
    "a module's name": (
        (
            "import importlib\nfrom app import plugins\n"
            "importlib.import_module(plugins.__name__ + '.de')"
        ),
        ["de.py"],
    ),
    "a relative name": (
        "from importlib import import_module\nimport_module('.de', package='app.plugins')",
        ["de.py"],
    ),
    "joined parts": (
        "import importlib\nimportlib.import_module('.'.join(['app', 'plugins', 'de']))",
        ["de.py"],
    ),
    "a conditional expression": (
        "import importlib\nimportlib.import_module('app.plugins.' + ('de' if id else 'fr'))",
        ["de.py", "fr.py"],
    ),
    "runpy, a module": ("import runpy\nrunpy.run_module('app.plugins.de')", ["de.py"]),
    "runpy, a package": (
        "from runpy import run_module as go\ngo(mod_name='app.plugins.it')",
        ["it/__init__.py", "it/__main__.py"],
    ),
    "runpy, a file": (
        "import pathlib, runpy\nrunpy.run_path(pathlib.Path(__file__).parent / 'plugins/de.py')",
        ["de.py"],
    ),
    "pkgutil, an object": (
        "import pkgutil\npkgutil.resolve_name('app.plugins.de:rules')",
        ["de.py"],
    ),
    "pkgutil, a dotted name": ("import pkgutil\npkgutil.resolve_name('app.plugins.de')", ["de.py"]),
    "pydoc": ("import pydoc\npydoc.locate('app.plugins.de.Rules')", ["de.py"]),
    "a lambda": (
        "import importlib\nload = lambda: importlib.import_module('app.plugins.de')",
        ["de.py"],
    ),
}


@pytest.mark.parametrize("case", FOLLOWED)
def test_names_that_can_be_read_are_followed(loading, case):
    body, expected = FOLLOWED[case]
    bundle = loading(body)
    assert plugins(bundle) == expected
    assert bundle.warnings == ()


TOLD = {
    "a name": ("import_module(name)", ""),
    "a function handed on": ("run(import_module)", ""),
    "an f-string": ("import_module(f'app.plugins.{name}')", "app.plugins."),
    "a part of a name": ("import_module(f'app.plugins.d{name}')", "app.plugins.d"),
    "an f-string with the own package": ("import_module(f'{__package__}.{name}')", "app."),
    "a sum": ("import_module('app.plugins.' + name)", "app.plugins."),
    "percent": ("import_module('app.plugins.%s' % name)", "app.plugins."),
    "format": ("import_module('app.plugins.{}.rules'.format(name))", "app.plugins."),
    "join": ("import_module('.'.join(['app', 'plugins', name]))", "app.plugins."),
    "a relative name": ("import_module(f'.{name}', 'app.plugins')", "app.plugins."),
    "a relative name of the own package": ("import_module('.' + name, __package__)", "app."),
    "a conversion": ("import_module(f'app.plugins.{name!s}')", "app.plugins."),
    "a converted constant": ("import_module(f'app.plugins.{NAME!r}')", "app.plugins."),
    "__import__": ("__import__('app.plugins.' + name)", "app.plugins."),
    "runpy": ("runpy.run_module('app.plugins.' + name)", "app.plugins."),
    "runpy, a file": ("runpy.run_path(name)", ""),
    "modules of a package": ("list(pkgutil.iter_modules(app.plugins.__path__))", "app.plugins."),
    "modules of modules": ("pkgutil.walk_packages(path=plugins.__path__)", "app.plugins."),
    "modules of a folder": (
        "pkgutil.iter_modules([os.path.join(os.path.dirname(__file__), 'plugins')])",
        "app.plugins.",
    ),
    "modules of the own folder": ("pkgutil.iter_modules([str(HERE)])", "app."),
    "modules of anything": ("pkgutil.iter_modules()", ""),
    "an object": ("pkgutil.resolve_name('app.plugins.' + name)", "app.plugins."),
    "pydoc": ("pydoc.locate(name)", ""),
    "a changed name": ("import_module(changed)", ""),
    "a table with an unknown value": ("import_module(table[name])", ""),
}
HEAD = (
    "import importlib, os, pathlib, pkgutil, pydoc, runpy, app.plugins\n"
    "from app import plugins\nHERE = pathlib.Path(__file__).parent\n"
    "from importlib import import_module\nNAME = 'de'\nchanged = 'app.plugins.de'\n"
    "def load(name, run):\n    global changed\n    changed += name\n    table = {'a': name}\n"
)


@pytest.mark.parametrize("case", TOLD)
def test_names_that_cannot_be_read_are_told_with_their_place(loading, case):
    call, prefix = TOLD[case]
    with pytest.warns(DynamicImportWarning, match=r"helpers=") as caught:
        bundle = loading(f"{HEAD}    return {call}\n")
    (told,) = caught
    line = HEAD.count("\n") + 1
    assert f"{told.filename}:{told.lineno}".endswith(f"app/loader.py:{line}")
    assert (f"`{prefix}…`" in str(told.message)) == bool(prefix)
    assert bundle.warnings == (f"{told.filename}:{line}: {told.message}",)


@WARNED
@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("import_module(name)", "the name of this import is known only"),
        ("pkgutil.iter_modules()", "the modules that this finds are known only"),
        ("runpy.run_path(name)", "the file that this runs is known only"),
        ("import_module('app.plugins.' + name)", "this imports `app.plugins.…`"),
        ("pkgutil.iter_modules(plugins.__path__)", "this lists the modules of `app.plugins.…`"),
    ],
)
def test_the_warning_says_what_the_code_does(loading, call, said):
    (warning,) = loading(f"{HEAD}    return {call}\n").warnings
    assert said in warning


@pytest.mark.parametrize("again", ["name if id else 'fr'", "'fr' if id else name", "name + ''"])
@WARNED
def test_a_name_that_depends_on_itself_is_read_to_an_end(loading, again):
    name = f"name = 'app.plugins.de'\nname = {again}\n"
    (warning,) = loading(f"import importlib\n{name}importlib.import_module(name)\n").warnings
    assert "helpers=" in warning


@pytest.mark.parametrize(
    "body",
    [
        "import importlib\nif __name__ == '__main__':\n    importlib.import_module(input())\n",
        "import pkgutil\nX = pkgutil.get_loader\n",
        "load = importlib = object()\nload(importlib)\n",
    ],
)
def test_what_imports_nothing_in_a_container_is_not_told(loading, body):
    assert loading(body).warnings == ()


@WARNED
def test_the_package_of_an_unknown_module_is_imported(loading):
    bundle = loading("from importlib import import_module as im\nim('app.plugins.it.' + input())")
    assert plugins(bundle) == ["it/__init__.py"]
    bundle = loading("from importlib import import_module as im\nim('sklearn.' + input())")
    assert [needed.module for needed in bundle.imports] == ["sklearn"]


@WARNED
@pytest.mark.parametrize("name", ["f'team.{name}'", "f'team.missing.{name}'"])
def test_a_folder_that_an_unknown_module_may_be_in_needs_no_file(loading, project, name):
    project({"team/de.txt": ""})
    bundle = loading(f"import importlib\ndef load(name): importlib.import_module({name})")
    assert bundle.imports == ()
    (warning,) = bundle.warnings
    assert "this imports `team." in warning


def test_one_of_several_names_need_not_be_there(loading):
    bundle = loading(
        "import importlib\nTABLE = {'gpu': 'cudf', 'cpu': 'app.plugins.de'}\n"
        "def load(kind): return importlib.import_module(TABLE[kind])\n"
    )
    assert (plugins(bundle), bundle.imports) == (["de.py"], ())


ANSWERS = [
    ("import_module(f'app.plugins.{name}')", ["app.plugins"], True),
    ("import_module(f'app.plugins.{name}')", ["app"], True),
    ("import_module(f'app.plugins.{name}')", ["app.plugins.de", "app.plugins.fr"], True),
    ("import_module(f'app.plugins.{name}')", ["app.core"], False),
    ("import_module(f'app.plugins.d{name}')", ["app.plugins.de"], True),
    ("import_module(f'app.plugins.d{name}')", ["app.plugins.fr"], False),
    ("pkgutil.iter_modules(app.plugins.__path__)", ["app.plugins"], True),
    ("pkgutil.iter_modules(app.plugins.__path__)", ["app.core"], False),
    ("import_module(name)", ["app.core"], True),
    ("import_module(name), import_module(f'app.plugins.{name}')", ["app.plugins"], False),
    ("import_module(name), import_module(f'app.plugins.{name}')", ["app.plugins", "x"], True),
    ("runpy.run_path(name)", ["app.core"], True),
]


@WARNED
@pytest.mark.parametrize(("call", "helpers", "answered"), ANSWERS)
def test_helpers_silence_what_they_answer(loading, call, helpers, answered, project):
    project({"x.py": ""})
    warnings = loading(f"{HEAD}    return {call}\n", helpers=helpers).warnings
    assert (warnings == ()) == answered


@WARNED
def test_a_helper_that_answers_a_line_answers_no_line_of_which_nothing_is_known(loading):
    body = f"{HEAD}    import_module(f'app.plugins.{{name}}')\n    import_module(name)\n"
    (warning,) = loading(body, helpers=["app.plugins"]).warnings
    assert f"app/loader.py:{HEAD.count(chr(10)) + 2}: the name of this import" in warning


def test_the_own_module_is_read_with_what_ships_of_it(bundled):
    source = (
        "from importlib import import_module as im\nNAMES = ('app.core',)\n\n"
        "def score(a: int) -> int:\n    for name in NAMES:\n        im(name)\n"
        "    im(f'app.plugins.{a}')\n    return a\n\n\ndef other(name):\n    im(name)\n"
    )
    with pytest.warns(DynamicImportWarning, match=r"`app\.plugins\.…`") as caught:
        bundle = bundled({**PLUGINS, "fraud/pipeline.py": source})
    assert [each.lineno for each in caught] == [7]
    assert "app/core.py" in [file.path for file in bundle.files]
