"""f-strings that older Pythons do not parse are found by a newer one."""

from __future__ import annotations

import subprocess

import pytest

from kfpkit.bundle import fstrings

SCRIPT = """
import sys
names = {{}}
exec(open({file!r}).read(), names)
print(*names["find_free_fstrings"](sys.stdin.buffer.read()))
"""
OLDER = [
    r"""x = f"{a['b']!r:>{width}} {{}} \n" """,
    """x = f'''{f"{a['b']}"}'''""",
    "x = f'a' 'a'",
    'x = f"""{\n1\n}"""',
    "x = f'''{[\n1,\n]}'''",
    "x = (f'{1}'\n     f'{2}')",
    r"x = f'a\n{1}\t'",
    "x = f'{1}\\\n{2}'",
    r"x = f'{1:\n}'",
    "x = f'{ {1: 2}[1] }'",
    "x = rf'\\d{1}'",
]


@pytest.fixture
def ask(python_of):
    """Return a function that asks a Python of a version: for a script's output, or for a fault."""

    def run(version, script, source, *, check=True):
        return subprocess.run(
            [python_of(version), "-I", "-S", "-c", script],
            input=source,
            capture_output=True,
            text=True,
            check=check,
        )

    return run


PARSE = "import ast, sys; ast.parse(sys.stdin.read())"
FIND = SCRIPT.format(file=fstrings.__file__)


@pytest.mark.parametrize("newer", ["3.12", "3.13"])
@pytest.mark.parametrize(
    ("source", "line"),
    [
        ('x = f"{a["b"]}"', "1"),
        ("x = 1\ny = f'{f'{1}'}'", "2"),
        ("x = f'''{\n1  # why\n}'''", "2"),
        (r"""x = f"{'\n'.join(a)}" """, "1"),
        ("x = f'{\n1}'", "2"),
        ("x = f'{1\n}'", "2"),
        ("x = f'{a[\n1]}'", "2"),
        ("x = f'{\"it's\"}'", "1"),
        ('x = f"{f\'{a["b"]}\'}"', "1"),
        ("x = f'''{1 + \\\n1}'''", "2"),
        ("x = f'{f\"it's {1}\"}'", "1"),
        ('x = f\'{"""\n"""}\'', "1"),
    ],
)
def test_newer_forms_are_found(ask, newer, source, line):
    ask(newer, PARSE, source)
    assert ask("3.11", PARSE, source, check=False).returncode == 1
    assert ask(newer, FIND, source).stdout.strip() == line


@pytest.mark.parametrize("newer", ["3.12", "3.13"])
@pytest.mark.parametrize("source", OLDER)
def test_older_forms_pass(ask, newer, source):
    ask("3.11", PARSE, source)
    assert ask(newer, FIND, source).stdout.strip() == ""
    assert list(fstrings.find_free_fstrings(source.encode())) == []
