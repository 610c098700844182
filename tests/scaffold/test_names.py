"""What a new project can be called."""

from __future__ import annotations

import pytest

from kfpkit.environments.shipped import find_shipped
from kfpkit.errors import InvalidProjectNameError
from kfpkit.scaffold.names import name_package

SKLEARN = [find_shipped("kfpkit:sklearn")]


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("demo", "demo"),
        ("card-fraud", "card_fraud"),
        ("card_fraud2", "card_fraud2"),
        ("a" * 64, "a" * 64),
    ],
)
def test_a_package_is_named_after_its_project(name, package):
    assert name_package(name, SKLEARN) == package


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("Card Fraud", "card-fraud"),
        ("cardFraud", "card-fraud"),
        ("2024-fraud", "fraud"),
        ("card--fraud", "card-fraud"),
        ("fraud-", "fraud"),
        ("card.fraud", "card-fraud"),
        ("a" * 65, "a" * 64),
        ("b\u00e4r", "b-r"),
        ("\u6b3a\u8a50", None),
        ("", None),
        ("42", None),
    ],
)
def test_a_name_that_no_project_can_have_is_refused_with_one_like_it(name, suggestion):
    with pytest.raises(InvalidProjectNameError, match="must consist of lower-case") as refused:
        name_package(name, SKLEARN)

    assert refused.value.suggestion == suggestion
    if suggestion:
        assert name_package(suggestion, SKLEARN)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("lambda", "is a Python keyword"),
        ("json", "would hide the module `json` of Python's standard library"),
        *(
            (name, "is the name of another folder of the project")
            for name in ("build", "cloudbuild", "environments", "pipelines", "src", "tests")
        ),
        ("wheels", "is the name of another folder of the project"),
        ("match", "is a Python keyword"),
        ("sklearn", "would hide `sklearn` of the distribution `scikit-learn`"),
        ("kfp", "would hide `kfp` of the distribution `kfp`"),
        ("typer", "would hide the installed package `typer`"),
        ("kfpkit", "would hide the installed package `kfpkit`"),
        ("uv", "would hide the installed package `uv`"),
    ],
)
def test_a_package_that_would_hide_another_module_is_refused(name, problem):
    with pytest.raises(InvalidProjectNameError) as refused:
        name_package(name, SKLEARN)

    assert refused.value.problem == problem
    assert f"{name}` {problem}. Use `{name}-pipelines`" in str(refused.value)
