"""Local runs that cannot start, and tasks that kfpkit lets fail."""

from __future__ import annotations

from pathlib import Path

from kfpkit.errors.base import LocalRunError
from kfpkit.wording import quote_all


class InvalidPipelineFileError(LocalRunError):
    """A YAML file is not a compiled pipeline."""

    def __init__(self, *, file: Path, cause: str) -> None:
        """State the `cause` of the problem with `file`."""
        self.file = file
        self.cause = cause
        super().__init__(
            f"{file} is not a compiled pipeline: {cause}. Compile it with `kfpkit compile`, or run "
            "the pipeline's folder or its `pipeline.py`."
        )


class SecretsInProjectError(LocalRunError):
    """The folder of secrets is in the project."""

    def __init__(self, *, folder: Path, root: Path) -> None:
        """Name the `folder`, and the `root` of the project that it is in."""
        self.folder = folder
        self.root = root
        super().__init__(
            f"The folder of secrets {folder} is in the project {root}, where they could be "
            "committed or shipped. Move it elsewhere, and set `KFPKIT_SECRETS` to its path."
        )


class UnsupportedTaskError(LocalRunError):
    """A task cannot run without its container image."""

    def __init__(self, *, component: str, image: str, cause: str) -> None:
        """Name the `component`, its `image` and why a local interpreter cannot run it."""
        self.component = component
        self.image = image
        self.cause = cause
        super().__init__(
            f"The component `{component}` {cause}: it needs its image `{image}`, but this run "
            "does not use containers. Run with `--containers`, or write a Python component "
            "(`@kfpkit.component`)."
        )


class DynamicImageError(LocalRunError):
    """A component's image is known only while the pipeline runs."""

    def __init__(self, *, component: str, image: str) -> None:
        """Name the `component`, and its `image` as compiled."""
        self.component = component
        self.image = image
        super().__init__(
            f"The component `{component}` takes its image from a parameter or an output "
            f"(`{image}`). A local run prepares all images before it starts. "
            "Pass a constant to `set_container_image`."
        )


class StaleImageError(LocalRunError):
    """A compiled pipeline uses an image that no environment in the project has anymore."""

    def __init__(self, *, image: str, environment: str, current: str | None, root: Path) -> None:
        """Name the file's `image` and the `current` image of its `environment` in the project."""
        self.image = image
        self.environment = environment
        self.current = current
        self.root = root
        missing = f"which the project {root} does not have"
        now = f"whose image is now `{current}`" if current else missing
        super().__init__(
            f"The compiled pipeline uses the image `{image}` of the environment `{environment}`, "
            f"{now}. Compile the pipeline again, or check out the commit that it was compiled from."
        )


class PinnedImageError(LocalRunError):
    """A compiled pipeline uses an image by digest, and the image's lock is unknown."""

    def __init__(self, *, image: str, cause: str) -> None:
        """Name the file's `image`, and the `cause` that its registry does not identify the lock."""
        self.image = image
        self.cause = cause
        super().__init__(
            f"kfpkit cannot determine which lock the image `{image}`, which the compiled pipeline "
            f"names by digest, was built from: {cause}. Compile the pipeline without `--pin`, or "
            "run it in the image itself with `--containers`."
        )


class RunFolderError(LocalRunError):
    """The folder of runs is not writable."""

    def __init__(self, *, folder: Path, cause: str) -> None:
        """Name the `folder` and the `cause` that the operating system reports."""
        self.folder = folder
        self.cause = cause
        super().__init__(
            f"{folder} is not writable: {cause}. Runs store their logs and artifacts there. Free "
            "up disk space (you can delete old runs) or make the folder writable, then run again."
        )


class ConditionError(LocalRunError):
    """A condition of a pipeline cannot be evaluated."""

    def __init__(self, *, condition: str, cause: str) -> None:
        """Give the `condition` as compiled, and the `cause`."""
        self.condition = condition
        self.cause = cause
        super().__init__(
            f"The condition `{condition}` cannot be evaluated: {cause}. Check the values that the "
            "pipeline compares."
        )


class MissingOutputError(LocalRunError):
    """A task needs an output that another task did not produce."""

    def __init__(self, *, name: str, cause: str) -> None:
        """Name the input or output, and why it has no value."""
        self.name = name
        self.cause = cause
        super().__init__(
            f"`{name}` has no value: {cause}. Check the tasks that should produce it, and the "
            "conditions they are in."
        )


class UnwrittenOutputError(LocalRunError):
    """A task ended without an error but did not write an output that its component declares."""

    def __init__(self, *, task: str, names: list[str]) -> None:
        """Name the `task`, and the `names` of the outputs that it did not write."""
        self.task = task
        self.names = names
        listed = quote_all(names)
        self.failure = (
            f"it ended without writing {listed}; a component must write its declared outputs on "
            "every path, and `return None` and `sys.exit(0)` do not write them"
        )
        super().__init__(f"Task `{task}` failed: {self.failure}.")


class MissingValueError(LocalRunError):
    """A value that a task needs is None."""

    def __init__(self, *, task: str, name: str) -> None:
        """Name the `task`, and the `name` of the value."""
        self.task = task
        self.name = name
        super().__init__(
            f"`{name}` is `None`, but the task `{task}` uses it where a value is required: in a "
            "string, a loop or a condition, or as an input that must not be `None`. The task would "
            f"also fail in a cluster. Give `{name}` a value or another default."
        )


class UndefinedInputError(LocalRunError):
    """An input of a task comes from a source that its pipeline does not define."""

    def __init__(self, *, task: str, name: str, source: str) -> None:
        """Name the `task`, the `name` of its input, and the `source` that does not exist."""
        self.task = task
        self.name = name
        self.source = source
        super().__init__(
            f"The input `{name}` of the task `{task}` comes from `{source}`, which the compiled "
            "pipeline does not define. Compile it with `kfpkit compile`, which reports the line."
        )


class TaskValuesError(LocalRunError):
    """The inputs or outputs of a task cannot be read."""

    def __init__(self, *, task: str, values: str, cause: str) -> None:
        """Name the `task`, which of its `values` cannot be read, and why."""
        self.task = task
        self.values = values
        self.cause = cause
        super().__init__(
            f"The {values} of the task `{task}` cannot be read: {cause}. Compare them with the "
            "declaration of its component."
        )


class EnvironmentNotMadeError(LocalRunError):
    """The virtual environment for a task cannot be created."""

    def __init__(self, *, environment: str | None, said: str, log: Path) -> None:
        """Name the `environment` (None for foreign images), the output and its `log`."""
        self.environment = environment
        self.said = said
        self.log = log
        owner = f"of `{environment}`" if environment else "for foreign images"
        super().__init__(
            f"The virtual environment {owner} could not be created:\n{said}\nFull log: {log}"
        )


class TaskStartError(LocalRunError):
    """The process of a task cannot be started."""

    def __init__(self, *, program: str, cause: str) -> None:
        """Name the `program` and the `cause` that the operating system reports."""
        self.program = program
        self.cause = cause
        super().__init__(
            f"`{program}` cannot be started: {cause}. Check the component's command. If its inputs "
            "are long, pass them as artifacts."
        )


class ContainerEngineError(LocalRunError):
    """No container engine is available."""

    def __init__(self, *, cause: str, remedy: str) -> None:
        """State the `cause` and the `remedy`."""
        self.cause = cause
        self.remedy = remedy
        super().__init__(
            f"The container engine cannot be used: {cause}. {remedy}. Or run without "
            "`--containers`: virtual environments need no container engine."
        )


class UnavailableImageError(LocalRunError):
    """The image of a task is neither in the container engine nor in a reachable registry."""

    def __init__(self, *, image: str, environment: str | None, cause: str) -> None:
        """Name the `image`, its `environment` if it has one, and why it could not be pulled."""
        self.image = image
        self.environment = environment
        self.cause = cause
        of, remedy = (
            ("", "Check its name, or pull it with `docker pull`.")
            if environment is None
            else (f" of the environment `{environment}`", f"Run `kfpkit env build {environment}`.")
        )
        super().__init__(
            f"The image `{image}`{of} is not in the container engine and cannot be pulled: "
            f"{cause}. {remedy}"
        )
