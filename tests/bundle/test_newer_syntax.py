"""Syntax is judged by the environment's Python, whichever the author's is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import kfpkit
from kfpkit.bundle import check
from kfpkit.bundle.reading.other_python import Fault, parse_with
from kfpkit.errors import UnparsableSourceError, UnreadableSourceError

from .test_check import Environment

OLD = pytest.mark.skipif(sys.version_info >= (3, 12), reason="this Python knows the syntax")
GENERIC = (
    "import json\nfrom fraud import core\nfrom pathlib import Path\n\n"
    "type Amounts = list[float]\n\n\ndef first[T](items: list[T]) -> T:\n    return items[0]\n\n\n"
    "class Box[T]:\n    content: T\n\n\nQUERY = Path(__file__).with_name('query.sql')\n\n\n"
    'def load() -> str:\n    global LOADED\n    LOADED = f"{core.X["name"]}"\n'
    "    return QUERY.read_text()\n"
)
FILES = {
    "fraud/generic.py": GENERIC,
    "fraud/core.py": "X = {'name': 'core'}\n",
    "fraud/query.sql": "select 1",
    "fraud/user.py": (
        "from fraud.generic import Amounts, Box, first, LOADED, QUERY\nQUERY.read_text()\n"
    ),
    "fraud/pipeline.py": (
        "def score(a: int = 1) -> str:\n    from fraud import generic, user\n"
        "    return generic.load() + generic.LOADED\n"
    ),
}


@OLD
@pytest.mark.parametrize("python", ["3.12", "3.13"])
def test_an_older_author_ships_what_the_environment_parses(bundled, run, python_of, python):
    environment = Environment(python=python)
    files = {**FILES, "fraud/user.py": FILES["fraud/user.py"].replace(" LOADED,", "")}
    bundle = bundled(files, environment=environment)
    check(bundle, environment)
    assert [file.path for file in bundle.files] == [
        *("fraud/core.py", "fraud/generic.py", "fraud/pipeline.py", "fraud/query.sql"),
        "fraud/user.py",
    ]
    outcome = run(bundle, python=(python_of(python), "-I", "-S"), carry_runtime=True)
    assert outcome.code == 0, outcome.stderr
    assert outcome.value == "select 1core"


@OLD
def test_names_of_newer_syntax_are_known(bundled):
    bundle = bundled(FILES, environment=Environment(python="3.12"))
    assert "fraud/user.py" in [file.path for file in bundle.files]


@OLD
@pytest.mark.parametrize("environment", [None, Environment(python="3.10"), Environment()])
def test_what_an_older_environment_cannot_parse_is_refused(bundled, environment):
    bundled(FILES, environment=Environment(python="3.12"))
    with pytest.raises(UnparsableSourceError, match=r"generic\.py:5: this line does not parse"):
        bundled(FILES, environment=environment)


@OLD
def test_an_error_in_newer_syntax_is_the_environment_s(bundled):
    files = {**FILES, "fraud/generic.py": "type X = int\n\n\nclass A[T:\n    pass\n"}
    with pytest.raises(UnparsableSourceError) as caught:
        bundled(files, environment=Environment(python="3.12"))
    assert (caught.value.place.line, caught.value.python) == (4, "3.12")
    assert caught.value.problem == "'[' was never closed"


@OLD
def test_without_an_interpreter_the_message_says_what_to_install(bundled, monkeypatch, tmp_path):
    for name in ("PYENV_ROOT", "HOME", "UV_PYTHON_INSTALL_DIR", "PATH"):
        monkeypatch.setenv(name, str(tmp_path))
    parse_with.cache_clear()
    with pytest.raises(UnreadableSourceError) as caught:
        bundled(FILES, environment=Environment(python="3.12"))
    running = f"3.{sys.version_info.minor}"
    assert (caught.value.python, caught.value.running) == ("3.12", running)
    assert caught.value.place.line == 5
    assert "`uv python install 3.12`" in str(caught.value)
    assert f"Python {running}, which runs kfpkit" in str(caught.value)


def test_a_launcher_without_the_version_is_passed_over(monkeypatch, tmp_path, python_of):
    real = python_of("3.12")
    for name in ("PYENV_ROOT", "HOME", "UV_PYTHON_INSTALL_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    shim = tmp_path / "shims/python3.12"
    shim.parent.mkdir()
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(shim.parent))
    parse_with.cache_clear()
    assert parse_with("3.12", b"type X = int\n") is None

    monkeypatch.setenv("PATH", str(Path(real).parent))
    parse_with.cache_clear()
    assert type(parse_with("3.12", b"type X = int\n").body[0]).__name__ == "TypeAlias"


@pytest.mark.parametrize("python", ["3.10", "3.11", "3.12", "3.13"])
def test_trees_of_other_interpreters_have_the_values_of_the_source(python, python_of):
    python_of(python)
    source = b"X = (1j, b'a', ..., None, 10**30, True, 1.5, '\\ud800', f'{X!r:>5}')\n"
    other = parse_with(python, source)
    assert compile(other, "x", "exec").co_consts == compile(source, "x", "exec").co_consts
    assert parse_with(python, b"def f():\n    nonlocal x\n") == Fault(
        line=2, problem="no binding for nonlocal 'x' found"
    )


# As an author's Python that is newer than the environment's: the modules alone, without kfp.
JUDGE = """
import json, sys
from pathlib import Path
from types import ModuleType
for name in ("kfpkit", "kfpkit.bundle", "kfpkit.environments"):
    package = ModuleType(name)
    package.__path__ = [str(Path(sys.argv[1], *name.split(".")))]
    sys.modules[name] = package
from kfpkit.bundle.newer_syntax import refuse_newer_syntax
from kfpkit.errors import UnparsableSourceError
def judge(source, python):
    try:
        refuse_newer_syntax(source.encode(), Path("x.py"), python)
    except UnparsableSourceError as error:
        assert error.python == python
        return error.place.line
print(json.dumps([judge(*each) for each in json.load(sys.stdin)]))
"""
# The version that brought the syntax, and the line that has it.
SOURCES = {
    "x = a[*b]\n": (11, 1),
    "x = 1\ndef f(*args: *Ts): pass\n": (11, 2),
    "try:\n    pass\nexcept* ValueError:\n    pass\n": (11, 4),
    "type X = int\n": (12, 1),
    "def f[T](x: T): pass\n": (12, 1),
    "x = 1\ny = f'{\n1}'\n": (12, 3),
    "y = f'{a['b']}'\n": (12, 1),
    "y = f'{a:{b:{c}}}'\n": (12, 1),
    "def f[T = int](x: T): pass\n": (13, 1),
    "x = a[(*b, 1)]\ny = f'{a:{b}}'\nz = f'''{\n1}'''\n": (10, 0),
}


# The tokenizer of Python 3.13.0 fails on this one.
ODD = 'x = f"{ f"""\n"""=:%Y-%m}#"\n'


@pytest.fixture
def judged(python_of):
    """Return a function in which an author's Python judges sources for environments."""

    def judge(author, cases, **environment):
        root = str(Path(kfpkit.__file__).parents[1])
        done = subprocess.run(
            [python_of(f"3.{author}"), "-c", JUDGE, root],
            input=json.dumps([(source, f"3.{minor}") for source, minor in cases]),
            capture_output=True,
            text=True,
            check=True,
            env=environment or None,
        )
        return json.loads(done.stdout)

    return judge


@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize("author", [11, 12, 13])
def test_a_newer_author_refuses_what_an_older_environment_does_not_parse(
    judged, tmp_path, author, alone
):
    cases = [
        (source, minor, line if minor < since else None)
        for source, (since, line) in SOURCES.items()
        for minor in range(10, author + 1)
        if since <= author
    ]
    nowhere = dict.fromkeys(("PATH", "HOME", "PYENV_ROOT"), str(tmp_path)) if alone else {}
    found = judged(author, [(source, minor) for source, minor, _ in cases], **nowhere)
    assert found == [line for *_, line in cases]


@pytest.mark.parametrize("author", [12, 13])
def test_where_the_tokenizer_fails_the_environment_s_interpreter_tells(judged, author):
    older, same = judged(author, [(ODD, 11), (ODD, author)])
    assert (older is None, same) == (False, None)
