"""What counts of the files of an image's recipe."""

from __future__ import annotations

import ast
import io
import tokenize

import pytest

from kfpkit.environments.recipe import BUILD_SCRIPTS, PACKAGED_DOCKERFILE
from kfpkit.environments.recipe.comments import (
    strip_dockerfile_comments,
    strip_lock_header,
    strip_requirements_comments,
    strip_script_comments,
)

RUN = "RUN one; \\\n    two '# no comment'\n"


@pytest.mark.parametrize(
    "text",
    [
        f"# why\n\nFROM scratch\n{RUN}",
        f"FROM scratch\n  # why\n{RUN}",
        "FROM scratch\nRUN one; \\\n# why\n    two '# no comment'\n",
        f"FROM scratch\n{RUN}#",
        f"FROM scratch\r\n# why\r\n{RUN}",
    ],
)
def test_a_dockerfile_is_the_same_without_its_comments(text):
    assert strip_dockerfile_comments(text) == f"FROM scratch\n{RUN}"


def test_directives_of_a_dockerfile_stay():
    text = "# syntax=docker/dockerfile:1\n#Escape = `\nFROM scratch\n"

    assert strip_dockerfile_comments(text) == text


@pytest.mark.parametrize("begin", ["<<EOF", '<<-"EOF"', "<< 'EOF'", "<<'EOF'"])
def test_a_here_document_is_content(begin):
    document = f"RUN python3 {begin}\n# content\n\nEOF\n# unknown\n"

    assert strip_dockerfile_comments(f"# why\nFROM scratch\n{document}") == (
        f"FROM scratch\n{document}"
    )


def test_requirements_are_the_same_without_their_comments():
    text = "# why\n\nkfp==2.17.0 --hash=sha256:0  # pinned\nfile:///a#egg=b\n#\n"

    assert strip_requirements_comments(text) == ("kfp==2.17.0 --hash=sha256:0\nfile:///a#egg=b\n")


def test_of_a_lock_only_the_comment_at_its_top_is_left_out():
    lock = '[[package]]\ndescription = """\n# text\n"""\n'

    assert strip_lock_header(f"# by Poetry 2.5.1\r\n# more\r\n{lock}") == lock
    assert strip_lock_header(lock) == lock


def test_a_script_is_the_same_without_its_comments():
    function = 'def f():\n    """One.\n\n    # two\n    """\n'
    returned = "    # why\n    return [\n\n        1,  #\n    ]\n"
    script = f"# why\n\nx = '# text'  # why\n\n\n{function}{returned}"

    assert strip_script_comments(script) == (
        f"x = '# text'\n{function}    return [\n        1,\n    ]\n"
    )


def strip_by_tokens(text):
    lines = text.splitlines()
    blank = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        row, column = token.start
        if token.type == tokenize.COMMENT:
            lines[row - 1] = lines[row - 1][:column].rstrip()
        # Ends a line of no statement: behind a comment, in brackets, or blank.
        elif token.type == tokenize.NL and not lines[row - 1].strip():
            blank.add(row)
    return "".join(f"{line}\n" for row, line in enumerate(lines, 1) if row not in blank)


@pytest.mark.parametrize("file", sorted(BUILD_SCRIPTS.glob("*.py")), ids=lambda file: file.name)
def test_comments_are_those_that_python_sees(file):
    text = file.read_text()

    assert strip_script_comments(text) == strip_by_tokens(text)


@pytest.mark.parametrize(
    "script",
    [
        "x = 'a # b'  # c\n",
        'x = "it\'s # not"  # but this\n',
        "x = r'\\#'  # c\n",
        "x = '\\'#'  # c\n",
        'x = """\n\n# inside\n\\"""\n"""  # c\n\n\ny = 1\n',
        "x = (\n    'a'  # one\n\n    'b'  # two\n)\n",
        "x = b'#' + f'{1}#'  # c\n",
    ],
)
def test_a_string_is_no_comment(script):
    assert strip_script_comments(script) == strip_by_tokens(script)


def test_what_is_left_of_the_files_that_kfpkit_brings_does_the_same():
    for file in BUILD_SCRIPTS.glob("*.py"):
        text = file.read_text()
        assert ast.dump(ast.parse(strip_script_comments(text))) == ast.dump(ast.parse(text))
    recipe = strip_dockerfile_comments(PACKAGED_DOCKERFILE.read_text())
    assert recipe.startswith("ARG BASE_IMAGE\n")
    assert recipe.count("\nFROM ") == PACKAGED_DOCKERFILE.read_text().count("\nFROM ")
