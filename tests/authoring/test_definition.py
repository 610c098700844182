"""What `@kfpkit.component` takes as a function, and how it refuses the rest."""

import contextlib
import functools
import types
from pathlib import Path

import pytest
from kfp import dsl

import kfpkit
from kfpkit.authoring.definition import find_place
from kfpkit.errors import NotAFunctionError, SourceUnavailableError


def add(a: int, b: int = 1) -> int:
    return a + b


class Adder:
    def __call__(self, a: int) -> int:
        return a + 1

    def method(self, a: int) -> int:
        return a + 1

    @classmethod
    def of_class(cls, a: int) -> int:
        return a + 1

    @staticmethod
    def of_no_object(a: int) -> int:
        return a + 1


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (functools.lru_cache(add), "`add`, a `functools._lru_cache_wrapper`"),
        (functools.partial(add, b=2), "a `functools.partial`"),
        (Adder(), f"a `{Adder.__module__}.Adder`"),
        (Adder, "`Adder`, a `type`"),
        (Adder().method, "`method`, a `method`"),
        (Adder.of_class, "`of_class`, a `method`"),
        (Adder.__dict__["of_no_object"], "`of_no_object`, a `staticmethod`"),
        (len, "`len`, a `builtin_function_or_method`"),
        ("python:3.11", "a `str`"),
    ],
)
def test_what_has_no_code_of_its_own_is_refused_at_the_line_that_gives_it(given, kind):
    with pytest.raises(NotAFunctionError) as refused:
        kfpkit.component(given, base_image="python:3.11")

    place = refused.value.place
    assert place.file == Path(__file__)
    assert 'kfpkit.component(given, base_image="python:3.11")' in _line(place)
    assert f"{place}: `@kfpkit.component` got {kind}, " in str(refused.value)
    assert str(refused.value).endswith("use the object inside it.")


def test_a_cache_between_the_decorator_and_the_function_is_refused_at_the_decorator():
    with pytest.raises(NotAFunctionError) as refused:

        @kfpkit.component(base_image="python:3.11")
        @functools.lru_cache
        def cached(a: int) -> int:
            return a

    assert "kfpkit.component(" in _line(refused.value.place)


@pytest.mark.parametrize("decorate", [kfpkit.component, dsl.component])
def test_a_component_is_no_function(decorate):
    made = decorate(add, base_image="python:3.11")

    with pytest.raises(NotAFunctionError, match="`add`, which is already a component") as refused:
        kfpkit.component(made, base_image="python:3.11")

    assert str(refused.value).endswith("Remove one of the two decorators.")


@pytest.mark.parametrize("names", [{}, {"__name__": __name__}])
def test_a_function_of_exec_is_refused_at_the_line_that_gives_it(names):
    exec("def executed(a: int) -> int:\n    return a\n", names)

    with pytest.raises(SourceUnavailableError) as refused:
        kfpkit.component(names["executed"], base_image="python:3.11")

    assert refused.value.file == "<string>"
    assert 'kfpkit.component(names["executed"]' in _line(refused.value.place)
    assert f"{refused.value.place}: the source of the component `executed`" in str(refused.value)


def test_a_decorator_inside_exec_is_refused_at_the_line_that_executes():
    source = (
        "import kfpkit\n@kfpkit.component(base_image='python:3.11')\n"
        "def executed(a: int) -> int:\n    return a\n"
    )

    with pytest.raises(SourceUnavailableError) as refused:
        exec(source, {})

    assert "exec(source, {})" in _line(refused.value.place)


def test_a_static_function_of_a_class_and_a_wrapped_one_have_code():
    @contextlib.contextmanager
    def opened(a: int) -> int:
        yield a

    for function in (Adder.of_no_object, add, opened):
        assert isinstance(function, types.FunctionType)
        assert kfpkit.component(function, base_image="python:3.11").python_func is function


def test_a_function_that_a_library_wraps_is_where_its_author_wrote_it():
    @contextlib.contextmanager
    def opened(a: int) -> int:
        yield a

    place = find_place(opened)

    assert place.file == Path(__file__)
    assert "@contextlib.contextmanager" in _line(place)


def _line(place) -> str:
    return place.file.read_text().splitlines()[place.line - 1]
