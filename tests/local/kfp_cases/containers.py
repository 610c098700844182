"""The container components of the cases; a shell runs them."""

# ruff: noqa: UP045 - KFP's own spelling

from typing import Optional

from kfp import dsl


@dsl.container_component
def echo_to(text: str, out: dsl.OutputPath(str)):
    script = f"mkdir -p $(dirname {out}) && printf '%s' {text} > {out}"
    return dsl.ContainerSpec(image="alpine", command=["sh", "-c", script])


@dsl.container_component
def print_words(words: dsl.OutputPath(str), x: Optional[str] = None):
    """Write the arguments after the file's name, each in brackets."""
    return dsl.ContainerSpec(
        image="alpine",
        command=["sh", "-c", 'out="$1"; shift; printf "[%s]" "$@" > "$out"', "sh", words],
        args=[
            dsl.IfPresentPlaceholder("x", then=["given", x], else_=["omitted", "no input"]),
            dsl.IfPresentPlaceholder("x", then=x, else_="nothing"),
            dsl.ConcatPlaceholder(
                [
                    "there ",
                    dsl.ConcatPlaceholder(
                        ["is ", dsl.IfPresentPlaceholder("x", then="one", else_="another")]
                    ),
                ]
            ),
            dsl.IfPresentPlaceholder(
                "x",
                then=dsl.ConcatPlaceholder(["--x=", x]),
                else_=dsl.ConcatPlaceholder(["another", " ", "thing"]),
            ),
        ],
    )


@dsl.container_component
def concatenate(out: dsl.OutputPath(str), x: Optional[str] = None):
    return dsl.ContainerSpec(
        image="alpine",
        command=["sh", "-c", 'printf %s "$1" > "$0"', out],
        args=[dsl.ConcatPlaceholder(["a", dsl.ConcatPlaceholder(["b", x, "d"])])],
    )


@dsl.container_component
def say_hello():
    return dsl.ContainerSpec(image="alpine", command=["echo", "hello"])
