"""What cannot ship is refused with its file, its line and the next step."""

from __future__ import annotations

import pytest

from kfpkit.bundle import collect
from kfpkit.errors import (
    CompiledExtensionError,
    CompileTimeImportError,
    InternalImportError,
    MissingEmbeddedArtifactError,
    MissingImportedNameError,
    MissingModuleError,
    OutsideLinkError,
    ShadowingError,
    SourceUnavailableError,
    TwoNamesError,
    UnparsableSourceError,
)
from kfpkit.project.project import find_project

PIPELINE = "fraud/pipeline.py"
SCORE = "def score(a: int) -> int:\n    {}\n    return a\n"


def refusal(bundled, error, files, imports="import fraud.features", **options):
    with pytest.raises(error) as caught:
        bundled({**files, PIPELINE: SCORE.format(imports)}, **options)
    return caught.value


def test_a_helper_with_a_syntax_error(bundled):
    error = refusal(bundled, UnparsableSourceError, {"fraud/features.py": "x = 1\ndef broken(:\n"})
    assert (error.place.file.name, error.place.line) == ("features.py", 2)


def test_a_helper_with_a_zero_byte(bundled):
    refusal(bundled, UnparsableSourceError, {"fraud/features.py": b"x = 1\n\0"})


@pytest.mark.parametrize("imports", ["import fraud.missing", "from .missing import x"])
def test_a_missing_module_of_a_package(bundled, imports):
    files = {"fraud/__init__.py": "", "fraud/features.py": ""}
    error = refusal(bundled, MissingModuleError, files, imports)
    assert error.module == "fraud.missing"
    assert error.place.line == 2


@pytest.mark.parametrize(
    "imports", ["from fraud.features import missing", "from fraud import missing"]
)
def test_a_missing_name_of_a_module(bundled, imports):
    files = {"fraud/__init__.py": "x = 1\n", "fraud/features.py": "y = 1\n"}
    error = refusal(bundled, MissingImportedNameError, files, imports)
    assert error.name == "missing"


@pytest.mark.parametrize(
    "source",
    [
        "for missing in []: pass\n",
        "def __getattr__(name): return name\n",
        "from os import *\n",
        "if (missing := 1): pass\n",
        "def f():\n    global missing\n    missing = 1\n",
        "globals()['missing'] = 1\n",
    ],
)
def test_names_that_are_bound_in_unusual_ways_are_found(bundled, source):
    bundled(
        {"fraud/features.py": source, PIPELINE: SCORE.format("from fraud.features import missing")}
    )


@pytest.mark.parametrize("file", ["json.py", "json/__init__.py", "src/json.py"])
def test_a_helper_named_like_a_module_of_the_standard_library(bundled, file):
    error = refusal(bundled, ShadowingError, {file: ""}, "import json")
    assert error.module == "json"
    assert "standard library" in str(error)


def test_a_helper_named_kfp(bundled):
    error = refusal(bundled, ShadowingError, {"kfp/__init__.py": ""}, "import kfp")
    assert "kfp itself" in str(error)


def test_a_component_s_own_module_named_like_one_of_the_standard_library(bundled):
    with pytest.raises(ShadowingError):
        bundled({"code.py": SCORE.format("pass")}, module="code.py")


def test_a_folder_without_init_shadows_nothing(bundled):
    bundled({"json/notes.txt": "", PIPELINE: SCORE.format("import json")})


def test_a_link_out_of_the_project(bundled, project, tmp_path):
    (tmp_path / "elsewhere.py").write_text("")
    root = project({"fraud/__init__.py": ""})
    (root / "fraud/features.py").symlink_to(tmp_path / "elsewhere.py")
    error = refusal(bundled, OutsideLinkError, {})
    assert error.target == tmp_path / "elsewhere.py"


def test_a_folder_that_is_a_link_out_of_the_project(bundled, project, tmp_path):
    (tmp_path / "team").mkdir()
    (tmp_path / "team/core.py").write_text("")
    (project({}) / "team").symlink_to(tmp_path / "team")
    refusal(bundled, OutsideLinkError, {}, "import team.core")


@pytest.mark.parametrize("suffix", [".so", ".cpython-311-x86_64-linux-gnu.so", ".pyd"])
@pytest.mark.parametrize("imports", ["import fraud.fast", "from fraud import fast"])
def test_a_compiled_extension(bundled, suffix, imports):
    files = {"fraud/__init__.py": "", f"fraud/fast{suffix}": b"\x7fELF"}
    error = refusal(bundled, CompiledExtensionError, files, imports)
    assert error.place.line == 2


def test_a_compiled_extension_in_a_package_of_helpers(bundled):
    files = {"rules/__init__.py": "", "rules/fast.so": b""}
    refusal(bundled, CompiledExtensionError, files, "pass", helpers=["rules"])


def test_two_names_for_one_file(bundled):
    files = {"src/team/core.py": "", "fraud/features.py": "import src.team.core\n"}
    error = refusal(bundled, TwoNamesError, files, "import team.core, fraud.features")
    assert error.names == ("team.core", "src.team.core")
    assert error.place.file.name == "features.py"


def test_of_two_names_for_one_file_that_below_the_inner_root_is_advised(bundled):
    files = {"src/team/core.py": ""}
    error = refusal(bundled, TwoNamesError, files, "import src.team.core, team.core")
    assert "Import it as `team.core` everywhere" in str(error)


@pytest.mark.parametrize(
    ("source", "used", "line"),
    [
        ("import kfp.compiler\n", "kfp.compiler", 1),
        ("x = 1\nfrom kfp import compiler\n", "kfp.compiler", 2),
        ("def f():\n    from kfp.client import Client\n", "kfp.client.Client", 2),
        ("from kfp import dsl\n@dsl.component\ndef f(): pass\n", "kfp.dsl.component", 2),
        ("from kfp import dsl as d\n@d.pipeline()\ndef f(): pass\n", "kfp.dsl.pipeline", 2),
        ("import kfp\nf = kfp.local.init()\n", "kfp.local.init", 2),
        ("from kfp.dsl import container_component\n", "kfp.dsl.container_component", 1),
    ],
)
def test_a_helper_that_uses_what_compiles_pipelines(bundled, source, used, line):
    error = refusal(bundled, CompileTimeImportError, {"fraud/features.py": source})
    assert error.used == used
    assert error.place.line == line
    assert error.chain == ("fraud.pipeline:score", "fraud.features")
    assert "a separate module" in str(error)


def test_a_helper_may_use_kfp_s_runtime(bundled):
    source = (
        "from kfp import dsl\nfrom kfp.dsl import Dataset\ndef f(x: dsl.Input[Dataset]): pass\n"
    )
    bundled({"fraud/features.py": source, PIPELINE: SCORE.format("import fraud.features")})


@pytest.mark.parametrize(
    "imports",
    ["import kfpkit.errors", "from kfpkit import project", "from kfpkit.bundle import collect"],
)
def test_an_import_of_kfpkit_s_compile_time_side(bundled, imports):
    error = refusal(bundled, InternalImportError, {}, imports)
    assert "kfpkit.helpers" in str(error)


def test_helpers_that_do_not_exist(bundled):
    error = refusal(bundled, MissingModuleError, {}, "pass", helpers=["fraud.plugins"])
    assert error.place.line == 1


def test_an_embedded_artifact_that_does_not_exist(bundled, tmp_path):
    missing = tmp_path / "missing"
    error = refusal(bundled, MissingEmbeddedArtifactError, {}, "pass", embedded_artifact=missing)
    assert f"pipeline.py:1: the component `score` embeds `{missing}`" in str(error)


def test_a_function_without_source(bundled, project):
    names: dict = {}
    exec("def score(): pass", names)
    with pytest.raises(SourceUnavailableError):
        collect(names["score"], project=find_project(project({})))
