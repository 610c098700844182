"""Loading pipelines and components, and what the author reads when that fails."""

from __future__ import annotations

import subprocess
import sys

import pytest
from kfp.dsl import component_factory

from kfpkit.authoring.component import Component
from kfpkit.compiler.compiler import to_yaml
from kfpkit.errors import (
    AmbiguousPipelineError,
    MissingComponentError,
    MissingComponentModuleError,
    MissingFileError,
    ModuleFailedError,
    NoPipelineError,
    ShadowingError,
    UndefinedReferenceError,
    UnresolvedAnnotationError,
)
from kfpkit.loading.pipelines import load_component, load_pipeline

PIPELINE = """\
import kfpkit
from kfp import dsl


@kfpkit.component(base_image="python:3.11")
def double(number: int) -> int:
    return 2 * number


@dsl.pipeline(name="doubling")
def doubling(number: int = 1) -> int:
    return double(number=number).output
"""


@pytest.fixture(autouse=True)
def own_imports(monkeypatch):
    """Let each test import modules of the same names from a project of its own."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        del sys.modules[name]


def test_a_folder_stands_for_its_pipeline_file(project):
    root = project({"pipelines/doubling/pipeline.py": PIPELINE})

    assert load_pipeline(root / "pipelines" / "doubling").name == "doubling"


def test_a_pipeline_file_is_imported_under_its_dotted_name(project):
    root = project({"pipelines/doubling/pipeline.py": PIPELINE})

    pipeline = load_pipeline(root / "pipelines" / "doubling" / "pipeline.py")

    assert pipeline.pipeline_func.__module__ == "pipelines.doubling.pipeline"


def test_a_file_whose_name_no_import_can_write_loads_too(project):
    root = project({"my-pipeline.py": PIPELINE})

    assert load_pipeline(root / "my-pipeline.py").name == "doubling"


def test_one_of_several_pipelines_is_named(project):
    second = "@dsl.pipeline(name='other')\ndef other():\n    double(number=2)\n"
    root = project({"pipeline.py": PIPELINE + "\n\n" + second})

    with pytest.raises(AmbiguousPipelineError, match="`doubling`, `other`"):
        load_pipeline(root)
    assert load_pipeline(root, "other").name == "other"


def test_an_imported_pipeline_is_not_taken_for_the_files_own(project):
    root = project({"shared.py": PIPELINE, "pipeline.py": "from shared import doubling\n"})

    with pytest.raises(NoPipelineError, match="does not define a pipeline"):
        load_pipeline(root)


def test_a_missing_file_is_refused_with_what_its_folder_has(project):
    root = project({"pipelines/a/pipline.py": ""})

    with pytest.raises(MissingFileError, match=r"`pipline\.py`"):
        load_pipeline(root / "pipelines" / "a")


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("import nowhere_at_all", "ModuleNotFoundError"),
        ("1 / 0", "ZeroDivisionError"),
        ("def broken(:", "SyntaxError"),
        ("raise SystemExit(3)", "SystemExit"),
    ],
)
def test_a_module_that_fails_is_refused_at_the_authors_line(project, line, cause):
    root = project({"helper.py": f"\n\n{line}\n", "pipeline.py": "import helper\n"})

    with pytest.raises(ModuleFailedError) as refused:
        load_pipeline(root)

    assert str(refused.value).startswith(f"{root / 'helper.py'}:3: {cause}")


COMPONENTS = """\
from typing import List
import kfpkit
from kfp import dsl


@kfpkit.component(base_image="python:3.11")
def measure(word: str, numbers: List[int]) -> int:
    return len(word)
"""
KINDS = """\
from typing import Dict, List, NamedTuple, Optional
from kfp import dsl
from kfp.dsl import Dataset, Input
from parts import measure


class Both(NamedTuple):
    letters: int
    more: int


@dsl.pipeline(name="inner")
def inner(word: str, table: Input[Dataset]) -> int:
    return measure(word=word, numbers=[1]).output


@dsl.pipeline(name="kinds")
def kinds(
    table: Input[Dataset],
    word: str = "long",
    numbers: List[int] = [1],
    options: Optional[Dict[str, float]] = None,
) -> Both:
    letters = inner(word=word, table=table).output
    return Both(letters=letters, more=measure(word=word, numbers=numbers).output)
"""


def test_a_pipeline_is_the_same_with_annotations_that_are_strings(project):
    pipelines = {"one": KINDS, "two": f"from __future__ import annotations\n{KINDS}"}
    files = {f"{name}/pipeline.py": source for name, source in pipelines.items()}
    root = project({"parts.py": COMPONENTS, **files})

    as_types, as_strings = (to_yaml(load_pipeline(root / name, "kinds")) for name in pipelines)

    assert "parameterType: LIST" in as_types
    assert as_strings == as_types


def test_a_component_of_kfp_may_have_annotations_that_are_strings(project):
    plain = "@dsl.component\ndef double(number: int, scale: float = 1.0) -> int:"
    source = PIPELINE.replace(
        '@kfpkit.component(base_image="python:3.11")\ndef double(number: int) -> int:', plain
    )

    pipeline = load_pipeline(
        project({"pipeline.py": f"from __future__ import annotations\n{source}"})
    )

    assert "parameterType: NUMBER_DOUBLE" in to_yaml(pipeline)


def test_nothing_of_kfp_stays_replaced_after_a_load(project):
    before = component_factory.extract_component_interface

    load_pipeline(project({"pipeline.py": PIPELINE}))

    assert component_factory.extract_component_interface is before


def test_an_annotation_of_a_pipeline_that_names_nothing_is_refused_at_its_line(project):
    source = PIPELINE.replace("doubling(number: int", "doubling(number: Number")
    root = project({"pipeline.py": f"from __future__ import annotations\n{source}"})

    with pytest.raises(UnresolvedAnnotationError, match=r"pipeline\.py:\d+: an annotation of `"):
        load_pipeline(root)


def test_another_error_in_a_file_with_that_import_is_told_as_it_is(project):
    source = "from __future__ import annotations\nimport json\njson.dumps({1, 2})\n"

    with pytest.raises(ModuleFailedError, match=r"pipeline\.py:3: TypeError: Object of type set"):
        load_pipeline(project({"pipeline.py": source}))


def test_a_component_is_found_by_module_and_by_file(project):
    root = project({"doubling.py": PIPELINE})

    for reference in ("doubling:double", "doubling.py:double"):
        assert isinstance(load_component(reference, root), Component)


def test_a_missing_component_is_refused_with_those_that_are_there(project):
    root = project({"doubling.py": PIPELINE})

    with pytest.raises(MissingComponentError, match="`double`"):
        load_component("doubling.py:triple", root)


@pytest.mark.parametrize("reference", ["doublings:double", "doubling", "a/b:double", ":", ""])
def test_a_reference_to_no_module_is_refused(project, reference):
    root = project({"doubling.py": PIPELINE})

    with pytest.raises(MissingComponentModuleError, match="has no such module"):
        load_component(reference, root)


def test_a_named_module_whose_import_fails_is_refused_at_its_line(project):
    root = project({"doubling.py": "import nowhere_at_all\n"})

    with pytest.raises(ModuleFailedError, match=r"doubling\.py:1: ModuleNotFoundError"):
        load_component("doubling:double", root)


@pytest.mark.parametrize("path", ["email/pipeline.py", "typing.py"])
def test_a_pipeline_named_like_a_module_of_the_standard_library_is_refused(project, path):
    root = project({path: PIPELINE})

    with pytest.raises(ShadowingError, match="of the standard library"):
        load_pipeline(root / path)


@pytest.mark.parametrize("path", ["yaml/pipeline.py", "pydantic.py", "requests.py", "docker.py"])
def test_a_pipeline_named_like_a_library_of_kfpkit_is_refused(project, path):
    root = project({path: PIPELINE})

    with pytest.raises(ShadowingError, match="would hide the installed"):
        load_pipeline(root / path)


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (
            """
    with dsl.ParallelFor([{"n": 1, "m": 2}]) as item, dsl.If(item.n == 1):
        double(number=item.m)
""",
            "a loop's item",
        ),
        (
            """
    limit = double(number=1)
    with dsl.ParallelFor([1]) as item:
        double(number=item).set_cpu_limit(limit.output)
""",
            "`double-Output`",
        ),
    ],
)
def test_what_kfps_compiler_loses_is_named_in_the_author_s_terms(project, body, what):
    head, _, _ = PIPELINE.partition("def doubling")
    root = project({"pipeline.py": f"{head}def doubling():{body}"})

    with pytest.raises(UndefinedReferenceError) as refused:
        load_pipeline(root)

    assert refused.value.place.file == root / "pipeline.py"
    assert f"a task in a loop or a condition uses {what}, which KFP's compiler" in (
        str(refused.value)
    )


@pytest.mark.parametrize("path", ["docker.py", "kubernetes/pipeline.py"])
def test_so_it_is_before_the_library_is_imported(project, path):
    root = project({path: PIPELINE})

    done = subprocess.run(
        [sys.executable, "-m", "kfpkit", "compile", str(root / path)],
        cwd=root.parent,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert f"the module `{path.split('/')[0].removesuffix('.py')}` would hide" in done.stderr
