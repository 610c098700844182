"""Components and pipelines that no cluster could run as they are written."""

from __future__ import annotations

from pathlib import Path

from kfpkit.errors.base import ComponentError, KfpkitError, PipelineError
from kfpkit.place import Place


class ConflictingOptionsError(ComponentError):
    """`environment=` stands beside an option that an environment replaces."""

    def __init__(self, *, place: Place, environment: str, option: str, value: object) -> None:
        """Name the `place`, the `environment`, and the `option` that does not go with it."""
        self.place = place
        self.environment = environment
        self.option = option
        self.value = value
        if option == "packages_to_install" and isinstance(value, (list, tuple)):
            packages = " ".join(f"'{package}'" for package in value)
            remedy = (
                f"Add the packages to the environment: `cd environments/{environment} && "
                f"poetry add --lock {packages}`, then `kfpkit env lock {environment}`."
            )
        elif option in {"base_image", "target_image"}:
            remedy = "Keep one of them: an environment has an image of its own."
        else:
            remedy = (
                f"Leave `{option}` out: the environment's packages are installed before the "
                f"task starts. `kfpkit env lock {environment}` locks a changed pyproject.toml."
            )
        super().__init__(
            f"{place}: `environment={environment!r}` and `{option}={value!r}` exclude each other, "
            f"since an environment holds locked packages only. {remedy}"
        )


class UnresolvedAnnotationError(ComponentError):
    """An annotation of a component or a pipeline names what does not exist at run time."""

    def __init__(self, *, place: Place, function: str, name: str) -> None:
        """Name the `place`, the `function` and the missing `name`."""
        self.place = place
        self.function = function
        self.name = name
        super().__init__(
            f"{place}: an annotation of `{function}` names `{name}`, which the module does not "
            f"define at run time; KFP reads annotations to learn the inputs and outputs. "
            f"Import `{name}` at the top of the module, not under `TYPE_CHECKING`."
        )


class NotAFunctionError(ComponentError):
    """`@kfpkit.component` is given something that has no code of its own."""

    def __init__(self, *, place: Place, name: str | None, kind: str, is_component: bool) -> None:
        """Name the `place` that gives it, its `name` if it has one, and the `kind` that it is."""
        self.place = place
        self.name = name
        self.kind = kind
        self.is_component = is_component
        if is_component:
            what = f"`{name}`, which is a component already"
            remedy = "Remove one of the two decorators."
        else:
            what = f"a `{kind}`" if name is None else f"`{name}`, a `{kind}`"
            what += ", which is not a function with code of its own"
            remedy = (
                "Decorate a function that is written with `def`; it can use anything else inside."
            )
        super().__init__(f"{place}: `@kfpkit.component` got {what}. {remedy}")


class UndefinedReferenceError(PipelineError):
    """A task of a pipeline uses a value that KFP's compiler does not hand to it."""

    def __init__(
        self,
        *,
        place: Place | None,
        task: str | None,
        what: str,
        hidden_by: str | None = None,
        is_group: bool = False,
    ) -> None:
        """Name the `place`, the `task`, `what` it uses, and the type it is `hidden_by`."""
        self.place = place
        self.task = task
        self.what = what
        self.hidden_by = hidden_by
        self.is_group = is_group
        start = "" if place is None else f"{place}: "
        user = "a task in a loop or a condition" if task is None else f"the task `{task}`"
        if hidden_by is not None:
            cause = (
                f"{user} has {what} inside a string, and KFP's compiler leaves a value of the type "
                f"`{hidden_by}` there unresolved"
            )
        else:
            cause = (
                f"{user} uses {what}, which KFP's compiler does not hand down to it, so that the "
                "task fails in a cluster"
            )
        super().__init__(f"{start}{cause}. {self._remedy()}")

    def _remedy(self) -> str:
        if self.task is None:
            return "Pass it to a task there as an argument too, or make that part a pipeline."
        if self.is_group:
            return "Let a task produce what the loop runs over, or make the inner part a pipeline."
        return "Pass it as an argument of its own, and put the string together in the component."


class UnsupportedNumberError(PipelineError):
    """A pipeline holds a number that KFP's messages do not keep."""

    def __init__(self, *, place: Place | None, task: str, where: str, problem: str) -> None:
        """Name the `place`, the `task` if it is one's, `where` the number is, and the `problem`."""
        self.place = place
        self.task = task
        self.where = where
        self.problem = problem
        start = "" if place is None else f"{place}: "
        owner = f" of the task `{task}`" if task else ""
        super().__init__(
            f"{start}{where}{owner} cannot be handed on: {problem}. "
            "Pass it as a string, and convert it in the component."
        )


class ForeignTypeError(ComponentError):
    """An input or output of a component has a type that KFP does not know."""

    def __init__(
        self, *, place: Place, component: str, name: str, is_output: bool, kind: str
    ) -> None:
        """Name the `place`, the `component`, its input or output, and the type's `kind`."""
        self.place = place
        self.component = component
        self.name = name
        self.is_output = is_output
        self.kind = kind
        what = "the returned value" if name == "return" else f"`{name}`"
        own = "data" if name == "return" else name
        marker, done = ("Output", "write") if is_output else ("Input", "read")
        super().__init__(
            f"{place}: {what} of the component `{component}` has the type `{kind}`, which KFP "
            "does not hand from task to task. Parameters are `str`, `int`, `float`, `bool`, "
            "`list` and `dict`. Everything else travels as a file: declare "
            f"`{own}: dsl.{marker}[dsl.Dataset]` and {done} the file at `{own}.path`."
        )


class UnreadablePipelineError(PipelineError):
    """The YAML of a pipeline would not read back as the pipeline."""

    def __init__(self, *, cause: str) -> None:
        """Keep the reader's `cause`."""
        self.cause = cause
        super().__init__(
            f"The YAML of this pipeline would not read back as the pipeline: {cause}. Nothing was "
            "written. Look for unusual characters or numbers among the defaults and arguments of "
            "the pipeline, and leave them out; then report this as a fault of kfpkit."
        )


class InvalidDestinationError(KfpkitError):
    """A compiled pipeline cannot be written where it was asked for."""

    def __init__(self, *, file: Path, cause: str) -> None:
        """Name the `file` and the `cause`."""
        self.file = file
        self.cause = cause
        super().__init__(
            f"The pipeline cannot be written to {file}: {cause}. "
            f"Give a file that ends in `.yaml`, in a folder that can be written."
        )
