"""Names that a pipeline file must not have."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import kfpkit
from kfpkit.errors import ShadowingError
from kfpkit.loading.module_names import IMPORTED_LATER, require_own_name
from kfpkit.project.project import find_project


def test_all_libraries_that_kfpkit_imports_later_are_known():
    """Those that `import kfpkit.loading` does not load, and that some module of kfpkit imports."""
    sources = Path(kfpkit.__file__).parent.rglob("*.py")
    elsewhere = {"components", "helpers", "in_build", "servers", "template", "testing"}
    used = {
        name.partition(".")[0]
        for source in sources
        if not elsewhere & set(source.parts)
        for name in _imported(source)
    }
    script = "import kfpkit.loading.pipelines, sys; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-W", "ignore", "-c", script], text=True)
    # Only other Pythons import these, or processes of their own.
    others = {"_sha2", "_sha256", "_typeshed", "tomli", "cyclonedx", "packageurl", "kfpkit"}

    later = used - set(loaded.split()) - set(sys.stdlib_module_names) - others

    assert later <= IMPORTED_LATER | {"typer"}


@pytest.mark.parametrize(
    ("name", "hides"),
    [("json.steps", "`json` of the standard library"), ("docker", "the installed `")],
)
def test_a_file_that_would_hide_another_module_is_refused_at_its_place(project, name, hides):
    found = find_project(project({}))
    file = found.root / f"{name.replace('.', '/')}.py"

    with pytest.raises(ShadowingError) as refused:
        require_own_name(name, file, found)

    assert str(refused.value).startswith(f"{file}: the module `{name.partition('.')[0]}` would")
    assert refused.value.hides.startswith(hides)


def test_a_library_that_is_not_installed_is_not_hidden(project, monkeypatch):
    found = find_project(project({}))
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.delitem(sys.modules, "tabulate", raising=False)

    require_own_name("tabulate", found.root / "tabulate.py", found)


def _imported(source) -> set[str]:
    nodes = list(ast.walk(ast.parse(source.read_text())))
    whole = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return whole | {
        node.module
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module and not node.level
    }
