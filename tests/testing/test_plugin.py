import contextlib
import json
import subprocess
import sys

import pytest

from kfpkit.errors import UnknownPatternError
from kfpkit.project.project import find_project
from kfpkit.testing.selection import match_environments

COMPONENT = """
import kfpkit
from words.helper import twice


@kfpkit.component(environment="one")
def double(word: str) -> str:
    return twice(word)
"""
OTHER = """
import kfpkit


@kfpkit.component(environment="two")
def other(word: str) -> str:
    return word
"""
TESTS = """
import pytest
from words.component import double


@pytest.mark.environments("o*", "two")
def test_in_each(run_component, component_environment):
    assert component_environment in ("one", "two")


def test_in_its_own(run_component, component_environment):
    assert component_environment is None


def test_without_components():
    pass
"""
WITHOUT_COMPONENT = """
import pytest


@pytest.mark.environments("two")
def test_it(run_component):
    pass
"""
PROJECT = {
    "conftest.py": "import sys\nsys.path.insert(0, __file__.replace('conftest.py', 'src'))\n",
    "src/words/__init__.py": "",
    "src/words/component.py": COMPONENT,
    "src/words/helper.py": "def twice(word):\n    return word * 2\n",
    "src/words/unused.py": "",
    "src/other.py": OTHER,
    "tests/words/test_words.py": TESTS,
    "tests/test_other.py": """
import pytest
from other import other


@pytest.mark.environments("two", "three")
def test_other(run_component):
    pass
""",
}
IN_ONE, IN_TWO, OWN, PLAIN = (
    "test_in_each[one]",
    "test_in_each[two]",
    "test_in_its_own",
    "test_without_components",
)
WORDS = [IN_ONE, IN_TWO, OWN, PLAIN]
OTHERS = ["test_other[two]", "test_other[three]"]


@pytest.fixture
def chosen(pytester):
    """Return a function that collects with options and returns the names of the tests."""

    def collect(*options):
        pytester.syspathinsert(pytester.path / "src")
        done = pytester.runpytest_inprocess(
            "-p", "kfpkit.testing.plugin", "--collect-only", "-q", *options
        )
        assert done.ret in (0, 5), done.outlines
        return [line.rpartition("::")[2] for line in done.outlines if "::" in line]

    return collect


def test_a_test_is_made_of_each_environment_that_the_marker_names(laboratory, chosen):
    laboratory(PROJECT)
    assert chosen() == OTHERS + WORDS


@pytest.mark.parametrize(
    ("names", "tests"),
    [
        (["one"], [IN_ONE, PLAIN]),
        (["one,three"], ["test_other[three]", IN_ONE, PLAIN]),
        (["t*"], [*OTHERS, IN_TWO, PLAIN]),
    ],
)
def test_the_option_takes_only_tests_in_some_environments(laboratory, chosen, names, tests):
    laboratory(PROJECT)
    assert chosen("--environments", *names) == tests


@pytest.mark.parametrize(
    ("named", "environments"),
    [
        ("*", ["one", "three", "two"]),
        ("t*", ["three", "two"]),
        ("tools", []),
        ("tool?", []),
    ],
)
def test_a_pattern_leaves_out_an_environment_without_an_image(laboratory, named, environments):
    tools = "[tool.kfpkit.environment]\nimage = false\n"
    project = find_project(laboratory({"environments/tools/pyproject.toml": tools}))

    with contextlib.nullcontext() if environments else pytest.raises(UnknownPatternError):
        assert match_environments(project, [named]) == tuple(environments)


@pytest.mark.parametrize(
    ("changed", "tests"),
    [
        ("src/words/component.py", WORDS),
        ("src/words/helper.py", WORDS),
        ("src/words/unused.py", [PLAIN]),
        ("src/other.py", [*OTHERS, PLAIN]),
        ("tests/words/test_words.py", WORDS),
        ("tests/words/data.csv", OTHERS + WORDS),
        ("tests/test_more.py", [PLAIN]),
        ("tests/conftest.py", OTHERS + WORDS),
        ("environments/one/poetry.lock", [IN_ONE, OWN, PLAIN]),
        ("environments/three/pyproject.toml", ["test_other[three]", PLAIN]),
        ("environments/Dockerfile", OTHERS + WORDS),
        ("environments/README.md", [PLAIN]),
        ("pyproject.toml", OTHERS + WORDS),
        ("README.md", [PLAIN]),
    ],
)
def test_only_what_a_change_concerns_runs(committed, chosen, changed, tests):
    file = committed(PROJECT) / changed
    file.parent.mkdir(exist_ok=True)
    with file.open("a") as text:
        text.write("\n# changed\n")
    found = [name for name in chosen("--changed-since", "HEAD") if name != "test_more"]
    assert found == tests


def test_nothing_changed_leaves_only_tests_without_components(committed, chosen):
    committed(PROJECT)
    assert chosen("--changed-since", "HEAD") == [PLAIN]


def test_a_file_that_is_gone_concerns_what_has_its_package(committed, chosen):
    root = committed(PROJECT)
    (root / "src/words/unused.py").unlink()
    assert chosen("--changed-since", "HEAD") == WORDS


def test_a_test_that_names_no_component_runs(committed, chosen):
    committed({"tests/test_late.py": "def test_late(run_component):\n    import nothing\n"})
    assert chosen("--changed-since", "HEAD") == ["test_late"]


def test_a_component_that_cannot_ship_is_tested(committed, chosen):
    root = committed(PROJECT)
    (root / "src/words/helper.py").unlink()
    (root / "src/words/helper.py").symlink_to("/etc/hostname")
    (root / "src/words/component.py").write_text(COMPONENT.replace("from words", "from .words"))
    (root / "tests/words/test_words.py").write_text(TESTS.replace("from words", "import other #"))
    assert IN_ONE in chosen("--changed-since", "HEAD")


def test_the_revision_also_comes_from_the_environment(committed, pytester, monkeypatch):
    committed(PROJECT)
    monkeypatch.setenv("KFPKIT_CHANGED_SINCE", "HEAD")
    done = pytester.runpytest_subprocess("-p", "kfpkit.testing.plugin", "--collect-only")
    done.stdout.fnmatch_lines(["kfpkit: only what differs from HEAD (* files do)"])
    done.stdout.fnmatch_lines(["*1/6 tests collected (5 deselected)*"])


def test_an_empty_revision_in_the_environment_takes_all(committed, pytester, monkeypatch):
    committed(PROJECT)
    monkeypatch.setenv("KFPKIT_CHANGED_SINCE", "")
    done = pytester.runpytest_subprocess("-p", "kfpkit.testing.plugin", "--collect-only")
    done.stdout.fnmatch_lines(["*6 tests collected*"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--environments", "tow"], "*matches `tow`. Did you mean `two`?"),
        (["--environments", "gpu"], "*matches `gpu`. It contains: `one`, `three`, `two`."),
        (["--changed-since", "nowhere"], "*changes since `nowhere`: *"),
    ],
)
def test_an_option_that_names_nothing_is_refused(committed, pytester, options, message):
    committed(PROJECT)
    done = pytester.runpytest_inprocess("-p", "kfpkit.testing.plugin", *options)
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines([f"ERROR: {message}"])


def test_a_marker_that_names_nothing_is_refused(laboratory, pytester):
    laboratory({"test_it.py": WITHOUT_COMPONENT.replace('"two"', '"thre"')})
    done = pytester.runpytest_inprocess("-p", "kfpkit.testing.plugin")
    assert done.ret == pytest.ExitCode.INTERRUPTED
    done.stdout.fnmatch_lines(["*matches `thre`. Did you mean `three`?"])
    said, _, _ = done.stdout.str().partition("short test summary info")
    assert said.count("matches `thre`") == 1
    assert "During handling" not in said


@pytest.mark.parametrize("arguments", ["", '["two"]', 'names="two"'])
def test_a_marker_without_a_name_is_refused(laboratory, pytester, arguments):
    laboratory({"test_it.py": WITHOUT_COMPONENT.replace('"two"', arguments)})
    done = pytester.runpytest_inprocess("-p", "kfpkit.testing.plugin")
    assert done.ret == pytest.ExitCode.INTERRUPTED
    done.stdout.fnmatch_lines(["*`test_it`: the marker `environments` names no environment.*"])


def test_a_marked_test_without_the_fixture_is_one_of_each_environment(laboratory, chosen):
    laboratory(
        {
            "test_it.py": WITHOUT_COMPONENT.replace('"two"', '"t*"').replace(
                "run_component", "tmp_path"
            )
        }
    )

    assert chosen() == ["test_it[three]", "test_it[two]"]
    assert chosen("--environments", "two") == ["test_it[two]"]


def test_a_change_leaves_out_no_test_that_runs_in_an_environment(committed, chosen):
    committed({"test_it.py": WITHOUT_COMPONENT.replace("run_component", "tmp_path")})

    assert chosen("--changed-since", "HEAD") == ["test_it[two]"]


def test_a_session_that_asks_for_nothing_loads_neither_pydantic_nor_environments(pytester):
    pytester.makepyfile("def test_nothing():\n    pass\n")
    code = (
        "import json, sys, pytest\n"
        "ended = pytest.main(['-q', '-p', 'kfpkit.testing.plugin'])\n"
        "print(json.dumps([ended, *({'pydantic', 'kfpkit.environments'} & set(sys.modules))]))"
    )
    said = pytester.run(sys.executable, "-c", code).outlines[-1]
    assert json.loads(said) == [pytest.ExitCode.OK]


def test_loading_the_plugin_loads_neither_kfp_nor_pydantic():
    code = (
        "import json, sys, kfpkit.testing.plugin\n"
        "print(json.dumps(sorted({'kfp', 'pydantic', 'docker'} & set(sys.modules))))"
    )
    assert json.loads(subprocess.check_output([sys.executable, "-c", code])) == []
