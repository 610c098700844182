"""The layout of the package: what may import what, and how large things may be."""

from __future__ import annotations

import ast
import itertools
import statistics

import pytest

from benchmarks import house

MODULES = house.list_modules()


def test_other_folders_are_imported_by_their_door():
    found = house.find_deep_imports()
    assert [f"{each.importer}:{each.line}: {each.module}" for each in found] == []


def test_only_the_specification_imports_what_is_behind_kfp_dsl():
    found = house.find_kfp_imports()
    assert [f"{each.importer}:{each.line}: {each.module}" for each in found] == []


def test_what_runs_elsewhere_imports_nothing_of_kfpkit():
    found = house.find_imports_from_elsewhere()
    assert [f"{each.importer}:{each.line}: {each.module}" for each in found] == []


def test_a_folder_of_code_that_runs_elsewhere_is_named_so():
    folders = {module.file.parent.name for module in MODULES if module.runs_elsewhere}
    assert {"in_build", "in_container", "in_image", "in_interpreter", "in_venv"} <= folders


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.path)
def test_no_module_is_longer_than_300_lines(module):
    assert module.lines <= 300 or module.path == house.START_UP


def test_no_folder_has_more_than_14_files():
    folders = house.list_folders()
    assert {name for name, files in folders.items() if files > 14} <= set(house.CATALOGUE)


def test_modules_and_functions_are_short():
    lengths = house.lengths_of_functions()
    assert statistics.median(module.lines for module in MODULES) <= 100
    assert statistics.median(lengths) <= 10
    assert lengths[len(lengths) * 95 // 100] <= 30


def test_no_second_part_of_a_text_is_a_statement_of_its_own():
    found = [
        f"{module.path}:{after.lineno}"
        for module in MODULES
        for function in ast.walk(module.tree)
        if isinstance(function, ast.FunctionDef)
        for block in ast.walk(function)
        if isinstance(getattr(block, "body", None), list)
        for before, after in itertools.pairwise(block.body)
        if isinstance(before, ast.Assign) and isinstance(before.targets[0], ast.Name)
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant | ast.JoinedStr)
    ]
    assert found == []


def test_every_function_is_annotated():
    assert house.share_annotated() == 1


def test_names_of_functions_begin_with_a_verb():
    assert house.share_of_verbs() > 0.6
