"""f-strings that older Pythons do not parse are found by a newer one."""

from __future__ import annotations

import subprocess

import pytest

from kfpkit.bundle import fstrings

SCRIPT = """
import sys, types
errors = types.ModuleType("kfpkit.errors")
errors.Place = errors.UnparsableSourceError = object
sys.modules["kfpkit"] = types.ModuleType("kfpkit")
sys.modules["kfpkit.errors"] = errors
names = {{}}
exec(open({file!r}).read(), names)
print(*names["free_fstrings"](sys.stdin.buffer.read()))
"""
OLDER = [r"""x = f"{a['b']!r:>{width}} {{}} \n" """, """x = f'''{f"{a['b']}"}'''""", "x = f'a' 'a'"]


@pytest.fixture
def found_by_newer_python(python_of):
    """Return a function that lists, in a Python that parses them, the lines of newer forms."""
    python = python_of("3.12")

    def find(source):
        parse = "import ast, sys; ast.parse(sys.argv[1])"
        subprocess.run([python, "-c", parse, source], check=True)
        return subprocess.run(
            [python, "-c", SCRIPT.format(file=fstrings.__file__)],
            input=source,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()

    return find


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ('x = f"{a["b"]}"', "1"),
        ("x = 1\ny = f'{f'{1}'}'", "2"),
        ("x = f'''{\n1  # why\n}'''", "2"),
        (r"""x = f"{'\n'.join(a)}" """, "1"),
    ],
)
def test_newer_forms_are_found(found_by_newer_python, source, line):
    assert found_by_newer_python(source) == line


@pytest.mark.parametrize("source", OLDER)
def test_older_forms_pass(found_by_newer_python, source):
    assert found_by_newer_python(source) == ""
    assert list(fstrings.free_fstrings(source.encode())) == []
