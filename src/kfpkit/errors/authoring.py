"""Components and pipelines that cannot run in any cluster as written."""

from __future__ import annotations

from pathlib import Path

from kfpkit.errors.base import ComponentError, KfpkitError, PipelineError
from kfpkit.place import Place


class ConflictingOptionsError(ComponentError):
    """`environment=` is combined with an option that an environment replaces."""

    def __init__(self, *, place: Place, environment: str, option: str, value: object) -> None:
        """Name the `place`, the `environment`, and the `option` that conflicts with it."""
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
            remedy = "Remove one of them: an environment has its own image."
        else:
            remedy = (
                f"Remove `{option}`: the environment's packages are installed before the task "
                f"starts. To change them, edit its pyproject.toml and run "
                f"`kfpkit env lock {environment}`."
            )
        super().__init__(
            f"{place}: `environment={environment!r}` and `{option}={value!r}` are mutually "
            f"exclusive, because an environment contains only locked packages. {remedy}"
        )


class UnresolvedAnnotationError(ComponentError):
    """An annotation of a component or a pipeline uses a name that is undefined at run time."""

    def __init__(self, *, place: Place, function: str, name: str) -> None:
        """Name the `place`, the `function` and the missing `name`."""
        self.place = place
        self.function = function
        self.name = name
        super().__init__(
            f"{place}: an annotation of `{function}` uses `{name}`, which the module does not "
            f"define at run time. KFP reads annotations to determine inputs and outputs. "
            f"Import `{name}` at the top of the module, not under `TYPE_CHECKING`."
        )


class NotAFunctionError(ComponentError):
    """`@kfpkit.component` decorates an object that is not a Python function."""

    def __init__(self, *, place: Place, name: str | None, kind: str, is_component: bool) -> None:
        """Name the `place`, and the object's `name` (if it has one) and `kind`."""
        self.place = place
        self.name = name
        self.kind = kind
        self.is_component = is_component
        if is_component:
            what = f"`{name}`, which is already a component"
            remedy = "Remove one of the two decorators."
        else:
            what = f"a `{kind}`" if name is None else f"`{name}`, a `{kind}`"
            what += ", but needs a function"
            remedy = "Decorate a function written with `def`, and use the object inside it."
        super().__init__(f"{place}: `@kfpkit.component` got {what}. {remedy}")


class UndefinedReferenceError(PipelineError):
    """A task of a pipeline uses a value that KFP's compiler does not pass to it."""

    def __init__(
        self,
        *,
        place: Place | None,
        task: str | None,
        what: str,
        hidden_by: str | None = None,
        is_group: bool = False,
    ) -> None:
        """Name the `place`, the `task`, `what` it uses, and the type that hides it."""
        self.place = place
        self.task = task
        self.what = what
        self.hidden_by = hidden_by
        self.is_group = is_group
        start = "" if place is None else f"{place}: "
        user = "a task in a loop or a condition" if task is None else f"the task `{task}`"
        if hidden_by is not None:
            cause = (
                f"{user} uses {what} inside a string, where KFP's compiler does not resolve values "
                f"of type `{hidden_by}`"
            )
        else:
            cause = (
                f"{user} uses {what}, which KFP's compiler does not pass to it, so the task would "
                "fail in a cluster"
            )
        super().__init__(f"{start}{cause}. {self._remedy()}")

    def _remedy(self) -> str:
        if self.task is None:
            return "Also pass it to a task there as an argument, or make that part a pipeline."
        if self.is_group:
            return "Loop over the output of a task, or make the inner part a pipeline."
        return "Pass it as a separate argument, and build the string in the component."


class UnsupportedNumberError(PipelineError):
    """A pipeline contains a number that KFP's messages cannot represent."""

    def __init__(self, *, place: Place | None, task: str, where: str, problem: str) -> None:
        """Name the `place`, the `task` (if any), `where` the number is, and the `problem`."""
        self.place = place
        self.task = task
        self.where = where
        self.problem = problem
        start = "" if place is None else f"{place}: "
        owner = f" of the task `{task}`" if task else ""
        super().__init__(
            f"{start}{where}{owner} cannot be passed on: {problem}. "
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
            "cannot pass between tasks. Parameters can be `str`, `int`, `float`, `bool`, `list` "
            "and `dict`. Pass everything else as a file: declare "
            f"`{own}: dsl.{marker}[dsl.Dataset]` and {done} the file at `{own}.path`."
        )


class UnreadablePipelineError(PipelineError):
    """A pipeline does not survive the round trip through YAML."""

    def __init__(self, *, cause: str) -> None:
        """Keep the `cause` that the reader reports."""
        self.cause = cause
        super().__init__(
            f"This pipeline changes when it is written as YAML and read back: {cause}. No file was "
            "written. Remove unusual characters or numbers from the pipeline's defaults and "
            "arguments, and report this as a kfpkit bug."
        )


class InvalidDestinationError(KfpkitError):
    """A compiled pipeline cannot be written to its destination."""

    def __init__(self, *, file: Path, cause: str) -> None:
        """Name the `file` and the `cause`."""
        self.file = file
        self.cause = cause
        super().__init__(
            f"The pipeline cannot be written to {file}: {cause}. "
            f"Choose a file name that ends in `.yaml`, in a writable folder."
        )
