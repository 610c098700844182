"""Runs on this machine that cannot start, and tasks that fail for a reason of kfpkit's."""

from __future__ import annotations

from pathlib import Path

from kfpkit.errors.base import LocalRunError
from kfpkit.wording import indent, quote_all


class InvalidPipelineFileError(LocalRunError):
    """A YAML file is not a compiled pipeline."""

    def __init__(self, *, file: Path, cause: str) -> None:
        """Say what is wrong with `file`."""
        self.file = file
        self.cause = cause
        super().__init__(
            f"{file} is not a compiled pipeline: {cause}. Write it with `kfpkit compile`, or run "
            "the pipeline's folder or its `pipeline.py`."
        )


class PipelineParametersError(LocalRunError):
    """Parameters do not fit the pipeline's inputs."""

    def __init__(self, *, pipeline: str, problems: list[str]) -> None:
        """Say what is wrong with the parameters of `pipeline`, a line for each of `problems`."""
        self.pipeline = pipeline
        self.problems = problems
        listed = indent(problems)
        super().__init__(
            f"The parameters do not fit the pipeline `{pipeline}`:\n{listed}\n"
            "Correct `parameters:` in the configuration file, or `--param NAME=VALUE`."
        )


class UnsupportedTaskError(LocalRunError):
    """A task cannot run without its container image."""

    def __init__(self, *, component: str, image: str, cause: str) -> None:
        """Name the `component`, its `image` and why a local interpreter cannot run it."""
        self.component = component
        self.image = image
        self.cause = cause
        super().__init__(
            f"The component `{component}` {cause}: it needs its image `{image}`, and this run "
            "starts no containers. Run with `--containers`, or write it as a Python component "
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
            f"(`{image}`). A run on this machine prepares all images before it starts. "
            "Give `set_container_image` a constant for it."
        )


class StaleImageError(LocalRunError):
    """A compiled pipeline names an image that no environment of the project has now."""

    def __init__(self, *, image: str, environment: str, current: str | None, root: Path) -> None:
        """Name the `image` in the file and its `environment`'s `current` image in the project."""
        self.image = image
        self.environment = environment
        self.current = current
        self.root = root
        missing = f"which the project {root} does not have"
        now = f"whose image is now `{current}`" if current else missing
        super().__init__(
            f"The compiled pipeline asks for the image `{image}` of the environment "
            f"`{environment}`, {now}. Compile the pipeline again, or go back to the commit that it "
            "was compiled from."
        )


class PinnedImageError(LocalRunError):
    """A compiled pipeline names an image by its digest, and nothing tells which lock it has."""

    def __init__(self, *, image: str, cause: str) -> None:
        """Name the `image` in the file and why its registry does not tell."""
        self.image = image
        self.cause = cause
        super().__init__(
            f"The compiled pipeline names the image `{image}` by its digest, and only its registry "
            f"knows from which lock it was built: {cause}. Compile the pipeline without `--pin`, "
            "or run it with `--containers`, in the image itself."
        )


class RunFolderError(LocalRunError):
    """The folder that keeps runs cannot be written."""

    def __init__(self, *, folder: Path, cause: str) -> None:
        """Name the `folder` and what the operating system says."""
        self.folder = folder
        self.cause = cause
        super().__init__(
            f"{folder} cannot be written: {cause}. Runs keep their logs and artifacts there: free "
            "space (old runs may be deleted), or make the folder writable, and run again."
        )


class ConditionError(LocalRunError):
    """A condition of a pipeline cannot be evaluated."""

    def __init__(self, *, condition: str, cause: str) -> None:
        """Give the `condition` as compiled and why it has no value."""
        self.condition = condition
        self.cause = cause
        super().__init__(
            f"The condition `{condition}` cannot be evaluated: {cause}. Check the values that the "
            "pipeline compares."
        )


class MissingOutputError(LocalRunError):
    """A task needs what another task did not produce."""

    def __init__(self, *, name: str, cause: str) -> None:
        """Name the input or output, and why it has no value."""
        self.name = name
        self.cause = cause
        super().__init__(
            f"`{name}` has no value: {cause}. Check the tasks that should give it, and the "
            "conditions that they stand under."
        )


class UnwrittenOutputError(LocalRunError):
    """A task has ended without an error, and without an output that its component declares."""

    def __init__(self, *, task: str, names: list[str]) -> None:
        """Name the `task`, and the `names` of the outputs that it did not write."""
        self.task = task
        self.names = names
        listed = quote_all(names)
        self.failure = (
            f"it ended without writing {listed}; a component that declares an output writes it on "
            "every way out, and `return None` and `sys.exit(0)` write none"
        )
        super().__init__(f"The task `{task}` failed: {self.failure}.")


class MissingValueError(LocalRunError):
    """A task needs a value, and it is None."""

    def __init__(self, *, task: str, name: str) -> None:
        """Name the `task`, and the `name` of the value."""
        self.task = task
        self.name = name
        super().__init__(
            f"`{name}` is `None`, and the task `{task}` takes it where a value is needed: inside a "
            "string, in a loop or a condition, or for an input that may not be `None`. A cluster "
            f"fails the task, too. Give `{name}` a value, or another default."
        )


class UndefinedInputError(LocalRunError):
    """An input of a task comes from what its pipeline does not define."""

    def __init__(self, *, task: str, name: str, source: str) -> None:
        """Name the `task`, the `name` of its input, and the `source` that does not exist."""
        self.task = task
        self.name = name
        self.source = source
        super().__init__(
            f"The input `{name}` of the task `{task}` comes from `{source}`, which the compiled "
            "pipeline does not define. Compile it by `kfpkit compile`, which names the line"
        )


class TaskValuesError(LocalRunError):
    """The inputs or outputs of a task cannot be read."""

    def __init__(self, *, task: str, values: str, cause: str) -> None:
        """Name the `task`, which of its `values` cannot be read, and why."""
        self.task = task
        self.values = values
        self.cause = cause
        super().__init__(
            f"The {values} of the task `{task}` cannot be read: {cause}. Compare them with what "
            "its component declares."
        )


class EnvironmentNotMadeError(LocalRunError):
    """The virtual environment of a task's environment, or that for foreign images, is not made."""

    def __init__(self, *, environment: str | None, said: str, log: Path) -> None:
        """Name the `environment`, None for foreign images, what was `said`, and its `log`."""
        self.environment = environment
        self.said = said
        self.log = log
        whose = f"of `{environment}`" if environment else "for images of no environment"
        super().__init__(
            f"The virtual environment {whose} could not be made:\n{said}\nThe log is {log}."
        )


class TaskStartError(LocalRunError):
    """The process of a task cannot be started."""

    def __init__(self, *, program: str, cause: str) -> None:
        """Name the `program` and what the operating system says."""
        self.program = program
        self.cause = cause
        super().__init__(
            f"`{program}` cannot be started: {cause}. Check the component's command, and that its "
            "inputs are short: long values travel in artifacts."
        )


class ContainerEngineError(LocalRunError):
    """There is no container engine that can be used."""

    def __init__(self, *, cause: str, remedy: str) -> None:
        """Say the `cause` and the `remedy`."""
        self.cause = cause
        self.remedy = remedy
        super().__init__(
            f"The container engine cannot be used: {cause}. {remedy}. Without `--containers`, "
            "tasks run in virtual environments, which need no engine."
        )


class UnavailableImageError(LocalRunError):
    """The image of a task is neither in the container engine nor in a reachable registry."""

    def __init__(self, *, image: str, environment: str | None, cause: str) -> None:
        """Name the `image`, its `environment` if it has one, and why it could not be pulled."""
        self.image = image
        self.environment = environment
        self.cause = cause
        of, remedy = (
            ("", "Check its name, or load it with `docker pull`.")
            if environment is None
            else (f" of the environment `{environment}`", f"Run `kfpkit env build {environment}`.")
        )
        super().__init__(
            f"The image `{image}`{of} is not in the container engine, and cannot be pulled: "
            f"{cause}. {remedy}"
        )
