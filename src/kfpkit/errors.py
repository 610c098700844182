"""Every error that kfpkit raises, in one tree.

    KfpkitError
    ├── ConfigError          a `[tool.kfpkit]` table or a pipeline configuration file is wrong
    ├── LoadError            a pipeline or a component cannot be loaded
    ├── ComponentError       the arguments of `@kfpkit.component` do not go together
    ├── PipelineError        a pipeline asks for what no cluster can do
    ├── InvalidDestinationError
    ├── BundleError          what a component needs cannot ship
    ├── EnvironmentsError    an environment is missing, stale or cannot be made
    ├── ImagesError          an image is missing, cannot be built or cannot be pushed
    ├── LocalRunError        a run on this machine cannot start or has failed
    ├── NewProjectError      a project cannot be made
    └── TestingError         a test of a component asks for what is not there, or fails

Each class takes typed facts, keeps them as attributes and makes its own text: what is wrong, the
place where the author can act, and the next step last.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Place:
    """Where in the author's files something stands.

    Args:
        file: The file.
        line: The line, counted from 1; None when the whole file is meant.
    """

    file: Path
    line: int | None = None

    def __str__(self) -> str:
        """Write the place as editors and terminals link it: `file:line`."""
        return str(self.file) if self.line is None else f"{self.file}:{self.line}"


class KfpkitError(Exception):
    """Whatever kfpkit refuses or cannot do; the command line prints its text and exits with 1."""


class ConfigError(KfpkitError):
    """A configuration file is wrong."""


class InvalidConfigError(ConfigError):
    """A configuration file does not parse, or holds a key or value that is not known."""

    def __init__(self, *, file: Path, problems: list[str]) -> None:
        """Say what is wrong in `file`, a line for each of `problems`."""
        self.file = file
        self.problems = problems
        listed = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(f"{file} is not a valid configuration:\n{listed}\nCorrect the file.")


class InvalidRegistryError(ConfigError):
    """What should stand before the names of images cannot stand in an image reference."""

    def __init__(self, *, registry: str, where: str) -> None:
        """Name the `registry`, and `where` it was set."""
        self.registry = registry
        self.where = where
        super().__init__(
            f"`{registry}` is not a registry: it is written as `HOST/PATH`, without `https://`, in "
            "lower case and without a slash at its end, such as "
            f"`europe-docker.pkg.dev/project/repository`. Correct {where}."
        )


class MissingConfigError(ConfigError):
    """A configuration file that was asked for does not exist."""

    def __init__(self, *, file: Path, beside: list[str]) -> None:
        """Name the missing `file` and the configuration files `beside` it."""
        self.file = file
        self.beside = beside
        have = ", ".join(f"`{name}`" for name in beside) or "none"
        super().__init__(
            f"The configuration file {file} does not exist. "
            f"Its folder has: {have}. Name one of these, or write the file."
        )


class LoadError(KfpkitError):
    """A pipeline or a component cannot be loaded."""


class MissingFileError(LoadError):
    """A pipeline or component file that was asked for does not exist."""

    def __init__(self, *, file: Path, wanted: str) -> None:
        """Name the missing `file` and what was `wanted` of it."""
        self.file = file
        self.wanted = wanted
        siblings = sorted(path.name for path in file.parent.glob("*.py"))
        have = ", ".join(f"`{name}`" for name in siblings) or "no Python file"
        super().__init__(
            f"The {wanted} {file} does not exist; its folder has {have}. "
            f"Give a Python file, or a folder with a `pipeline.py`."
        )


class ModuleFailedError(LoadError):
    """The author's module raises while it is imported."""

    def __init__(
        self,
        *,
        place: Place,
        cause: str,
        placeholders: Mapping[str, Place] | None = None,
        unprovided: Mapping[str, Place] | None = None,
        shipped: Sequence[str] = (),
    ) -> None:
        """Name the `place` in the author's code and the `cause`, as `Type: text`.

        It has to do with `placeholders` of packages that are not installed, which were imported
        at these places; or with modules, imported at these places, that are `unprovided` by the
        environments too, while those `shipped` with kfpkit have them.
        """
        self.place = place
        self.cause = cause
        self.placeholders = placeholders or {}
        self.unprovided = unprovided or {}
        self.shipped = tuple(shipped)
        listed = ", ".join(
            f"`{package}` ({_beside(imported, place)})"
            for package, imported in self.placeholders.items()
        )
        several = len(self.placeholders) > 1
        hint = (
            f"\n{listed} {'are' if several else 'is'} not installed here, and "
            f"{'placeholders stand' if several else 'a placeholder stands'} in "
            f"{'their' if several else 'its'} place, which may be the reason."
        )
        names = ", ".join(
            f"`{module}`" if imported == place else f"`{module}` ({_beside(imported, place)})"
            for module, imported in self.unprovided.items()
        )
        advice = (
            f"No environment of the project provides {names}. Correct the name, install the "
            "package here, or add it to the environment whose components use it: then it may be "
            "imported here without being installed."
        )
        if shipped:
            listed_own = ", ".join(f"`{name}`" for name in shipped)
            advice += (
                f" kfpkit's own environments have it: {listed_own}. "
                f"`kfpkit env new {shipped[0]} --from kfpkit:{shipped[0]}` takes one."
            )
        super().__init__(
            f"{place}: {cause}{hint if listed else ''}\n"
            f"{advice if names else 'Correct this line; it fails while it is imported.'}"
        )


def _beside(place: Place, other: Place) -> str:
    """Write a place as somebody reads it who is looking at another."""
    return f"line {place.line}" if place.file == other.file else str(place)


_SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class Absence:
    """What is known of a placeholder where more is asked of it than it has.

    Args:
        name: The expression, as the author writes it: `np.pi`.
        place: The author's line that asks.
        package: What is imported: `numpy`.
        imported: The import that the placeholder comes from.
        distribution: The distribution that has the package.
        environments: The environments that provide it.
        is_loading: Whether a load is in progress.
    """

    name: str
    place: Place | None
    package: str
    imported: Place | None
    distribution: str
    environments: tuple[str, ...]
    is_loading: bool

    def __str__(self) -> str:
        """Explain the placeholder in a sentence or two."""
        where = f" (imported at {self.imported})" if self.imported else ""
        return (
            f"`{self.package}`{where} is a placeholder, since it is not installed here; "
            f"{_provided_by(self.environments)}."
        )


class PlaceholderError(LoadError):
    """More is asked of a package that is not installed than its placeholder has.

    This is no `ImportError`, which the code around an import may expect. A text alone makes one
    too, since the module `enum` makes what an enumeration raises a second time, from its text.
    """

    absence: Absence | None = None

    def __init__(self, absence: Absence | str) -> None:
        """Keep the facts of an `absence`."""
        if isinstance(absence, str):
            super().__init__(absence)
            return
        self.absence = absence
        place = "" if absence.place is None else f"{absence.place}: "
        super().__init__(place + self._explain(absence))

    @property
    def place(self) -> Place | None:
        """The author's line that asks."""
        return self.absence.place if self.absence else None

    def _explain(self, absence: Absence) -> str:
        return str(absence)


class PlaceholderValueError(PlaceholderError):
    """A line that runs while loading needs a value of a package that is not installed."""

    def __init__(self, absence: Absence | str, *, needed: str = "") -> None:
        """Say what Python needs, such as `the length`."""
        self.needed = needed
        super().__init__(absence)

    def _explain(self, absence: Absence) -> str:
        if not absence.is_loading:
            return (
                f"this line needs {self.needed} of `{absence.name}`. {absence} {_in_tests(absence)}"
            )
        return (
            f"this line runs while its file is loaded, and it needs {self.needed} of "
            f"`{absence.name}`. {absence} Move the line into the function that uses it, put it "
            f"into a function of its own, or install `{absence.distribution}` where you compile."
        )


class PlaceholderCallError(PlaceholderError):
    """After the load, a function of a package that is not installed is called."""

    def _explain(self, absence: Absence) -> str:
        return (
            f"this line calls or changes `{absence.name}`, which placeholders allow only while a "
            f"pipeline is loaded. {absence} {_in_tests(absence)}"
        )


class LostTasksError(PlaceholderError):
    """In a pipeline, functions of the author are handed to a package that is not installed."""

    def _explain(self, absence: Absence) -> str:
        return (
            f"this line of a pipeline lets `{absence.name}` call functions of yours, and the "
            f"tasks that they make would be lost. {absence} Call them in the pipeline itself, or "
            f"install `{absence.distribution}` where you compile."
        )


class PlaceholderInputError(PlaceholderError):
    """A component or a task is given a value of a package that is not installed."""

    def __init__(self, absence: Absence | str, *, given_to: str = "") -> None:
        """Say what it is `given_to`, such as the argument of a task."""
        self.given_to = given_to
        super().__init__(absence)

    def _explain(self, absence: Absence) -> str:
        return (
            f"{self.given_to} holds `{absence.name}`, and the compiled pipeline needs its value. "
            f"{absence} Write the value itself, compute it in the component, or install "
            f"`{absence.distribution}` where you compile."
        )


class StarImportError(LoadError):
    """All names of a package that is not installed are imported."""

    def __init__(
        self, *, place: Place, module: str, distribution: str, environments: Sequence[str]
    ) -> None:
        """Name the `module`, its `distribution` and the `environments` that provide it."""
        self.place = place
        self.module = module
        self.distribution = distribution
        self.environments = environments
        super().__init__(
            f"{place}: `from {module} import *` cannot be loaded, since `{module}` is not "
            f"installed here and its names are unknown; {_provided_by(environments)}. Import the "
            f"names that you use, or install `{distribution}` where you compile."
        )


def _in_tests(absence: Absence) -> str:
    return (
        "Let the test run where the package is: mark it with "
        f'`@pytest.mark.environments("{absence.environments[0]}")`. Or install '
        f"`{absence.distribution}` here."
    )


def _provided_by(environments: Sequence[str]) -> str:
    names = [f"`{name}`" for name in environments]
    if len(names) == 1:
        return f"the environment {names[0]} provides it"
    shown, rest = names[:_SHOWN], len(names) - _SHOWN
    *others, last = [*shown, f"{rest} more"] if rest > 0 else shown
    return f"the environments {', '.join(others)} and {last} provide it"


class NoPipelineError(LoadError):
    """A file defines no pipeline, or none of the name that was asked for."""

    def __init__(self, *, file: Path, name: str | None) -> None:
        """Name the `file` and the pipeline's `name`, if one was asked for."""
        self.file = file
        self.name = name
        called = "" if name is None else f" called `{name}`"
        super().__init__(
            f"{file} defines no pipeline{called}. Decorate a function with `@kfp.dsl.pipeline`."
        )


class NoPipelinesError(LoadError):
    """A folder that should hold pipelines holds none."""

    def __init__(self, *, folder: Path, cause: str = "") -> None:
        """Name the `folder`, and the `cause` if it could not be searched."""
        self.folder = folder
        self.cause = cause
        problem = (
            f"cannot be searched: {cause}" if cause else "and what is below it hold no pipeline"
        )
        super().__init__(
            f"{folder} {problem}. Name a Python file with a pipeline, a folder with a "
            "`pipeline.py`, or a folder above these."
        )


class AmbiguousPipelineError(LoadError):
    """A file defines several pipelines and none was named."""

    def __init__(self, *, file: Path, names: list[str]) -> None:
        """Name the `file` and the `names` of its pipelines."""
        self.file = file
        self.names = names
        listed = ", ".join(f"`{name}`" for name in names)
        super().__init__(
            f"{file} defines several pipelines: {listed}. Name one with `--pipeline NAME`."
        )


class MissingComponentError(LoadError):
    """A module has no component of the name that was asked for."""

    def __init__(self, *, reference: str, names: list[str]) -> None:
        """Name the `reference` and the `names` of the components that are there."""
        self.reference = reference
        self.names = names
        listed = ", ".join(f"`{name}`" for name in names) or "none"
        super().__init__(
            f"`{reference}` names no component; the module's components are: {listed}. "
            f"Write `package.module:name` or `path/to/file.py:name`."
        )


class MissingComponentModuleError(LoadError):
    """What is in front of a component's name is not a module of the project."""

    def __init__(self, *, reference: str, root: Path) -> None:
        """Name the `reference`, and the `root` of the project that was searched."""
        self.reference = reference
        self.root = root
        super().__init__(
            f"`{reference}` names no component: the project {root} has no such module. "
            f"Write `package.module:name` or `path/to/file.py:name`."
        )


class ComponentError(KfpkitError):
    """The arguments of `@kfpkit.component` do not go together."""


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


class PipelineError(KfpkitError):
    """A pipeline asks for what no cluster can do."""


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


class BundleError(KfpkitError):
    """What a component needs cannot ship."""


class SourceUnavailableError(BundleError):
    """A component's function has no source text."""

    def __init__(self, *, function: str, file: str, place: Place | None = None) -> None:
        """Name the `function`, its `file`, and the `place` that makes it a component if known."""
        self.function = function
        self.file = file
        self.place = place
        start = "The" if place is None else f"{place}: the"
        super().__init__(
            f"{start} source of the component `{function}` cannot be read (its file is `{file}`). "
            "Define the function in a file or in a notebook's cell."
        )


class UnparsableSourceError(BundleError):
    """A file that ships does not parse."""

    def __init__(self, *, place: Place, problem: str, python: str) -> None:
        """Say which `problem` Python `python` finds at `place`."""
        self.place = place
        self.problem = problem
        self.python = python
        super().__init__(
            f"{place}: this does not parse under Python {python}: {problem}. Correct the line, "
            f"or take an environment with a newer Python."
        )


class UnreadableSourceError(UnparsableSourceError):
    """A file that ships may be too new for the running Python, and no newer one is here."""

    def __init__(self, *, place: Place, problem: str, python: str, running: str) -> None:
        """Say which `problem` Python `running` finds at `place`, which is for Python `python`."""
        self.place = place
        self.problem = problem
        self.python = python
        self.running = running
        BundleError.__init__(
            self,
            f"{place}: this does not parse under Python {running}, which runs kfpkit: {problem}. "
            f"The environment has Python {python}, and no such interpreter is on this machine to "
            f"read the file with. Install it (`uv python install {python}`), or run kfpkit with "
            f"Python {python}. If the line is wrong under Python {python} too, correct it.",
        )


class UndefinedNameError(BundleError):
    """A component needs a name that its module does not define."""

    def __init__(
        self,
        *,
        name: str,
        place: Place,
        component: str,
        local_to: str = "",
        is_argument: bool = False,
    ) -> None:
        """Name what `component` reads at `place`.

        `local_to` is the function that has it, `is_argument` whether as one of its arguments.
        """
        self.name = name
        self.place = place
        self.component = component
        self.local_to = local_to
        self.is_argument = is_argument
        why = (
            f"it is a local variable of `{local_to}`, which does not run in the container"
            if local_to
            else "the module neither defines nor imports it at top level"
        )
        super().__init__(
            f"{place}: the component `{component}` needs the name `{name}`, and {why}. "
            f"Define or import `{name}` at the top level of the module, or inside the function."
            + (
                f" If `{local_to}` is a decorator, decorate `{component}` in it with "
                f"`@functools.wraps({name})`."
                if is_argument
                else ""
            )
        )


class MissingModuleError(BundleError):
    """An import of a first-party module resolves to no file."""

    def __init__(self, *, module: str, place: Place, roots: list[Path]) -> None:
        """Name the `module`, the import's `place` and the source `roots` that were searched."""
        self.module = module
        self.place = place
        self.roots = roots
        searched = ", ".join(f"`{root}`" for root in roots)
        super().__init__(
            f"{place}: the module `{module}` belongs to this project, but no file has it "
            f"(searched: {searched}). Correct the name, or add the file."
        )


class MissingImportedNameError(BundleError):
    """An import takes a name that its first-party module does not have."""

    def __init__(self, *, name: str, module: str, file: Path, place: Place) -> None:
        """Name what the import at `place` takes from `module`, which is `file`."""
        self.name = name
        self.module = module
        self.file = file
        self.place = place
        super().__init__(
            f"{place}: the module `{module}` has no name `{name}` ({file} does not define it). "
            "Correct the name, or define it there."
        )


class InternalImportError(BundleError):
    """Shipped code imports a part of kfpkit that does not ship."""

    def __init__(self, *, module: str, place: Place) -> None:
        """Name the `module` and the import's `place`."""
        self.module = module
        self.place = place
        super().__init__(
            f"{place}: `{module}` belongs to the part of kfpkit that compiles pipelines and does "
            "not exist in a container. Import only `kfpkit`, `kfpkit.components` and "
            "`kfpkit.helpers` in code that ships, or move this import out of the module."
        )


class CompileTimeImportError(BundleError):
    """Shipped code uses a part of kfp that exists only where pipelines are compiled."""

    def __init__(self, *, used: str, place: Place, chain: tuple[str, ...]) -> None:
        """Name what is `used` at `place`, in a file that ships because of `chain`."""
        self.used = used
        self.place = place
        self.chain = chain
        super().__init__(
            f"{place}: `{used}` does not exist in a container, where only kfp's runtime is. The "
            f"file ships because of {' -> '.join(f'`{link}`' for link in chain)}. "
            "Move what the component needs from it into a module of its own."
        )


class ShadowingError(BundleError):
    """A file that ships would hide a module that something else needs."""

    def __init__(self, *, module: str, file: Path, hides: str) -> None:
        """Name the first-party `module`, its `file`, and what it `hides`."""
        self.module = module
        self.file = file
        self.hides = hides
        super().__init__(
            f"{file}: the module `{module}` would hide {hides} in the container. "
            "Give the file or its package another name."
        )


class HiddenPartError(BundleError):
    """A file that ships stands in a package that the environment has too."""

    def __init__(self, *, module: str, file: Path, package: str, distribution: str) -> None:
        """Name the first-party `module` and its `file`, which `distribution` would hide."""
        self.module = module
        self.file = file
        self.package = package
        self.distribution = distribution
        super().__init__(
            f"{file}: the module `{module}` would not be found in the container, because "
            f"`{package}` is a package of the distribution `{distribution}` there. "
            "Give the file's package another name."
        )


class OutsideLinkError(BundleError):
    """A file that ships is a link to a place outside the project."""

    def __init__(self, *, file: Path, target: Path) -> None:
        """Name the link `file` and its `target`."""
        self.file = file
        self.target = target
        super().__init__(
            f"{file} is a link to {target}, outside the project: another clone would not have "
            "it. Copy the file into the project."
        )


class CompiledExtensionError(BundleError):
    """A component needs a compiled extension of the project."""

    def __init__(self, *, module: str, file: Path, place: Place) -> None:
        """Name the `module`, the extension's `file` and the `place` that asks for it."""
        self.module = module
        self.file = file
        self.place = place
        super().__init__(
            f"{place}: `{module}` is a compiled extension ({file}), which fits one machine and "
            "cannot ship. Package it as a wheel and add that to the environment."
        )


@dataclass(frozen=True, kw_only=True)
class Secret:
    """A secret in a file that ships; its value is not kept.

    Args:
        place: Where it is; without a line where the file as a whole is one.
        kind: What it is, as settings name it.
        title: What it is, in words.
        entry: What allows it in `allow-secrets`.
    """

    place: Place
    kind: str
    title: str
    entry: str


class SecretError(BundleError):
    """Files that ship hold secrets."""

    def __init__(
        self, *, secrets: tuple[Secret, ...], chain: tuple[str, ...], settings: Path
    ) -> None:
        """Name the `secrets`, the `chain` to the first file, and the file of `settings`."""
        self.secrets = secrets
        self.chain = chain
        self.settings = settings
        places = "\n".join(f"{secret.place}: {secret.title}" for secret in secrets)
        entries = ", ".join(dict.fromkeys(f'"{secret.entry}"' for secret in secrets))
        super().__init__(
            f"{places}\n"
            f"This would ship ({' → '.join(chain)}), and whoever can read a compiled pipeline can "
            "read what ships with it. Take the secret out of the project and revoke it; let the "
            "component read a new one when it runs, from Secret Manager or a Kubernetes secret. "
            f"If it is no secret, allow it in {settings}, in the table `[tool.kfpkit]`: "
            f"`allow-secrets = [{entries}]`."
        )


class TwoFilesError(BundleError):
    """Two data files would ship to one place."""

    def __init__(self, *, path: str, files: tuple[Path, Path]) -> None:
        """Name the `path` in the container, and the `files`."""
        self.path = path
        self.files = files
        super().__init__(
            f"{files[0]} and {files[1]} would both be `{path}` in the container, since their "
            "folders are joined there: two source roots have a folder of that name. Rename one of "
            "the files, or keep both in one folder."
        )


class TwoNamesError(BundleError):
    """One file is imported under two names."""

    def __init__(self, *, file: Path, names: tuple[str, str], place: Place) -> None:
        """Name the `file`, its two `names` and the `place` of the second import."""
        self.file = file
        self.names = names
        self.place = place
        super().__init__(
            f"{place}: the file {file} is imported as `{names[0]}` and as `{names[1]}`, which "
            "makes two modules, and two classes of each class. "
            f"Import it as `{names[0]}` everywhere."
        )


@dataclass(frozen=True, kw_only=True)
class UnprovidedImport:
    """An import that an environment does not provide.

    Args:
        module: The module, dotted.
        place: The import's place.
        distribution: What probably provides it.
        was_standard: Whether other versions of Python have it in their standard library.
    """

    module: str
    place: Place
    distribution: str
    was_standard: bool = False


class UnprovidedImportError(BundleError):
    """A component imports what its environment does not have."""

    def __init__(
        self, *, environment: str, python: str, missing: Sequence[UnprovidedImport]
    ) -> None:
        """Name the `environment`, its `python` and all imports that are `missing`."""
        self.environment = environment
        self.missing = tuple(missing)
        self.distributions = tuple(dict.fromkeys(one.distribution for one in missing))
        library = f"The standard library of Python {python} does not have it."
        told = [
            (one.place, f"`{one.module}`{f'. {library}' if one.was_standard else ''}")
            for one in missing
        ]
        lacks = f"the environment `{environment}` does not provide"
        what = (
            f"{told[0][0]}: {lacks} {told[0][1].rstrip('.')}. "
            if len(told) == 1
            else f"{lacks[0].upper()}{lacks[1:]} all that the component imports:\n"
            + "".join(f"  {place}: {module}\n" for place, module in told)
        )
        names = ", ".join(f"`{name}`" for name in self.distributions)
        super().__init__(
            f"{what}Add {names} to `dependencies` in environments/{environment}/pyproject.toml, "
            f"and run `kfpkit env lock {environment}`."
        )


class LeftOutImportError(BundleError):
    """A component imports what images do without."""

    def __init__(
        self, *, module: str, place: Place, environment: str, rule: str, reason: str
    ) -> None:
        """Name the `module`, the import's `place`, and the `rule` that leaves it out."""
        self.module = module
        self.place = place
        self.environment = environment
        self.rule = rule
        super().__init__(
            f"{place}: the image of the environment `{environment}` does without `{module}`, which "
            f'{reason}. To have it there: write `keep = ["{rule}"]` below '
            f"`[tool.kfpkit.environment]` in `environments/{environment}/pyproject.toml`."
        )


class UnreadableFileError(BundleError):
    """A file that ships cannot be read."""

    def __init__(self, *, file: Path, cause: str, component: str, place: Place) -> None:
        """Name the `file`, the `cause`, and the `component` at `place` that it ships with."""
        self.file = file
        self.cause = cause
        self.component = component
        self.place = place
        super().__init__(
            f"{place}: {file} ships with the component `{component}` and cannot be read: {cause}. "
            f"Correct the file, or its permissions (`chmod u+r {file}`)."
        )


class MissingEmbeddedArtifactError(BundleError):
    """The file or folder to embed does not exist."""

    def __init__(self, *, path: Path, component: str, place: Place) -> None:
        """Name the `path` that `component`, which stands at `place`, embeds."""
        self.path = path
        self.component = component
        self.place = place
        super().__init__(
            f"{place}: the component `{component}` embeds `{path}`, which does not exist. "
            "Correct `embedded_artifact_path`."
        )


class PayloadTooLargeError(BundleError):
    """A component's payload is larger than a container's command may be."""

    def __init__(
        self, *, component: str, size: int, limit: int, largest: list[tuple[str, int]]
    ) -> None:
        """Give a `component`'s `size`, the `limit` and the `largest` files with their sizes."""
        self.component = component
        self.size = size
        self.limit = limit
        self.largest = largest
        listed = "\n".join(f"  {length:>12,} bytes  {path}" for path, length in largest)
        super().__init__(
            f"The payload of the component `{component}` takes {size:,} bytes in the container's "
            f"command; the limit is {limit:,}. The largest files are:\n{listed}\nPut data into an "
            f"artifact or a bucket, and import less. `kfpkit bundle show` says why a file ships."
        )


class EnvironmentsError(KfpkitError):
    """An environment is missing, stale or cannot be made."""


class UnknownEnvironmentError(EnvironmentsError):
    """An environment that was asked for does not exist.

    Attributes:
        place: The place that asks for it, as far as it is known.
        binds: The component to bind to another environment, where the author cannot edit it.
    """

    def __init__(
        self, *, name: str, known: Sequence[str], folder: Path, shipped: Sequence[str] = ()
    ) -> None:
        """Name what is asked for, what is `known` below `folder`, and what kfpkit has `shipped`."""
        self.name = name
        self.known = tuple(known)
        self.folder = folder
        self.shipped = tuple(shipped)
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
        self.nearest = near[0] if near else None
        self.place: Place | None = None
        self.binds: str | None = None
        super().__init__(name)

    def at(self, place: Place, *, binds: str | None = None) -> UnknownEnvironmentError:
        """Return the same refusal with the place that asks for the environment.

        Args:
            place: The place.
            binds: The component, where the author can bind it and not edit it.
        """
        placed = UnknownEnvironmentError(
            name=self.name, known=self.known, folder=self.folder, shipped=self.shipped
        )
        placed.place = place
        placed.binds = binds
        return placed

    def __str__(self) -> str:
        """Say what is missing, what there is, and how to get it."""
        start = "The" if self.place is None else f"{self.place}: the"
        listed = ", ".join(f"`{entry}`" for entry in self.known) or "none"
        return (
            f"{start} environment `{self.name}` does not exist. {self.folder} has: {listed}. "
            f"{self._remedy}"
        )

    @property
    def _remedy(self) -> str:
        named = f'`{self.binds}.in_environment("{{}}")`' if self.binds else "`{}`"
        is_shipped = self.name in self.shipped
        add = (
            f"run `kfpkit env new {self.name} --from kfpkit:{self.name}`, which takes kfpkit's own "
            "with its lock."
            if is_shipped
            else f"run `kfpkit env new {self.name} --with PACKAGE`, which writes and locks it."
        )
        if self.nearest is not None:
            asked = f"Did you mean {named.format(self.nearest)}?"
            return f"{asked} Otherwise {add}" if is_shipped else asked
        if not self.known:
            return f"{add[0].upper()}{add[1:]}"
        choose = f"Bind it to one of these, {named.format('NAME')}" if self.binds else "Name one"
        return f"{choose}, or {add}"


class UnknownShippedEnvironmentError(EnvironmentsError):
    """An environment that is to come from kfpkit is none of kfpkit's own."""

    def __init__(self, *, origin: str, known: Sequence[str]) -> None:
        """Name the `origin` that was asked for, and the `known` names of kfpkit's own."""
        self.origin = origin
        self.known = tuple(known)
        near = difflib.get_close_matches(origin.removeprefix("kfpkit:"), known, n=1, cutoff=0.5)
        self.nearest = near[0] if near else None
        listed = ", ".join(f"`kfpkit:{name}`" for name in known)
        remedy = f"Did you mean `kfpkit:{self.nearest}`?" if near else f"Take one of: {listed}."
        super().__init__(f"kfpkit has no environment `{origin}`. {remedy}")


class NoEnvironmentsError(EnvironmentsError):
    """A project that should have environments has none."""

    def __init__(self, *, folder: Path) -> None:
        """Name the `folder` that holds a project's environments."""
        self.folder = folder
        super().__init__(
            f"{folder} has no environments. "
            "`kfpkit env new NAME --with PACKAGE` writes and locks one; "
            "`kfpkit env new sklearn --from kfpkit:sklearn` takes one of kfpkit's own."
        )


class InvalidEnvironmentError(EnvironmentsError):
    """An environment's folder or its `pyproject.toml` cannot describe an environment."""

    def __init__(self, *, name: str, file: Path, problem: str, remedy: str) -> None:
        """Say what the `problem` is with the environment `name` in `file`, and the `remedy`."""
        self.name = name
        self.place = Place(file)
        self.problem = problem
        super().__init__(f"{file}: the environment `{name}` {problem}. {remedy}")


class StaleLockError(EnvironmentsError):
    """A lock or import table is missing, or was made from other content than there is now."""

    def __init__(self, *, name: str, file: Path, problem: str) -> None:
        """Say what is out of date in `file` of the environment `name`."""
        self.name = name
        self.place = Place(file)
        self.problem = problem
        super().__init__(f"{file}: {problem}. Run `kfpkit env lock {name}` and commit the result.")


class BrokenLockError(EnvironmentsError):
    """A lock is not as Poetry wrote it, as after a merge with conflicts."""

    def __init__(self, *, name: str, file: Path, cause: str) -> None:
        """Say the `cause` in `file`, the lock of the environment `name`."""
        self.name = name
        self.place = Place(file)
        self.cause = cause
        super().__init__(
            f"{file}: the lock of the environment `{name}` cannot be read: {cause}. Restore it "
            f"from version control, or run `kfpkit env lock {name} --upgrade`, which locks the "
            "newest allowed versions."
        )


class UninstallableLockError(EnvironmentsError):
    """A lock resolves, but what it names cannot be installed in a container."""

    def __init__(
        self, *, name: str, file: Path, problems: Sequence[str], remedy: str | None = None
    ) -> None:
        """List the `problems` of the lock made from `file`, and what to do about them."""
        self.name = name
        self.place = Place(file)
        self.problems = tuple(problems)
        listed = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(
            f"The lock of the environment `{name}` is not written, since it cannot be installed:\n"
            f"{listed}\n" + (remedy or f"Change the dependencies in {file}, and lock again.")
        )


class EnvironmentExistsError(EnvironmentsError):
    """An environment that is to be new exists."""

    def __init__(self, *, name: str, folder: Path) -> None:
        """Name the environment and its `folder`."""
        self.name = name
        self.folder = folder
        super().__init__(
            f"{folder} exists already. To change the environment, edit the dependencies in its "
            f"pyproject.toml and run `kfpkit env lock {name}`; for another one, choose another "
            "name."
        )


class InvalidRequirementError(EnvironmentsError):
    """A requirement for a new environment cannot be taken."""

    def __init__(self, *, requirement: str, problem: str, remedy: str) -> None:
        """Say what the `problem` is with the `requirement`, and the `remedy`."""
        self.requirement = requirement
        self.problem = problem
        super().__init__(f"The requirement `{requirement}` {problem}. {remedy}")


class InvalidPythonVersionError(EnvironmentsError):
    """What was given as an environment's Python version is not one, or is not supported."""

    def __init__(self, *, version: str, supported: Sequence[str]) -> None:
        """Name the `version`, and those that are `supported`, in order."""
        self.version = version
        self.supported = tuple(supported)
        super().__init__(
            f"`{version}` is not a Python version that an environment can have. Give one minor "
            f"version from `{supported[0]}` to `{supported[-1]}`, such as `3.12`."
        )


class ToolError(EnvironmentsError):
    """A tool that makes environments is missing or has failed.

    Attributes:
        tail: The tool's last lines; empty when it did not run.
    """

    def __init__(self, *, problem: str, remedy: str, tail: str = "") -> None:
        """Say what the `problem` is, what the tool said last, and the `remedy`."""
        self.problem = problem
        self.tail = tail
        said = "".join(f"\n  {line}" for line in tail.splitlines())
        end = f"{problem}:{said}\n" if tail else f"{problem}. "
        super().__init__(f"{end}{remedy}")


class UvNotInstalledError(ToolError):
    """Virtual environments cannot be made, since uv is not installed."""

    def __init__(self) -> None:
        """Name the extra that brings uv."""
        super().__init__(
            problem="Virtual environments are made by `uv`, which is not installed",
            remedy="Run `pip install 'kfpkit[local]'`.",
        )


class DatabaseUnreachableError(ToolError):
    """The database of known vulnerabilities does not answer."""

    def __init__(self, *, address: str, said: str) -> None:
        """Name the database's `address` and what was `said` last."""
        self.address = address
        super().__init__(
            problem=f"The database of known vulnerabilities at {address} cannot be asked",
            tail=said,
            remedy="Nothing is known about vulnerabilities now. Ask again where the network "
            "reaches it, or name a mirror in `PIP_AUDIT_OSV_URL`; a registry that scans images, "
            "such as Artifact Analysis of Artifact Registry, finds them too.",
        )


class DependencyConflictError(ToolError):
    """The dependencies of an environment cannot be installed together, or not at all."""


class PythonNotFoundError(ToolError):
    """The Python version of an environment is neither on this machine nor can it be downloaded."""


class HashMismatchError(ToolError):
    """What an index serves is not what the lock was made from."""


class WheelMissingError(ToolError):
    """A locked distribution has no wheel for this platform and Python version."""


class IndexUnreachableError(ToolError):
    """The package index cannot be reached."""


class DiskFullError(ToolError):
    """There is no room for a virtual environment."""


class ImagesError(KfpkitError):
    """An image is missing, cannot be built or cannot be pushed."""


class ImagesNotInstalledError(ImagesError):
    """The extra that talks to engines and registries is not installed."""

    def __init__(self) -> None:
        """Name the extra."""
        super().__init__(
            "Images are built and found through the library `docker`, which is not installed. "
            "Run `pip install 'kfpkit[images]'`."
        )


class NoImageError(ImagesError):
    """An environment that has no image is to be built, or to run a component."""

    def __init__(self, *, name: str, file: Path) -> None:
        """Name the environment, and the `file` that says so."""
        self.name = name
        self.place = Place(file)
        super().__init__(
            f"{file}: the environment `{name}` holds tools: its pyproject.toml says "
            "`image = false`, so it has no image and runs no component. Name another environment, "
            "or take that line out."
        )


class NoRegistryError(ImagesError):
    """The project names no registry that could be asked or pushed to."""

    def __init__(self, *, registry: str, root: Path) -> None:
        """Name the `registry` of the project at `root`, which has no host."""
        self.registry = registry
        super().__init__(
            f"The registry `{registry}` of this project names no host, so there is nothing to ask "
            f"and nowhere to push. Write `registry = "
            f'"REGION-docker.pkg.dev/PROJECT/REPOSITORY"` under `[tool.kfpkit]` in '
            f"{root / 'pyproject.toml'}."
        )


class RegistryError(ImagesError):
    """A registry does not answer, or does not answer what it should."""

    def __init__(self, *, host: str, problem: str, remedy: str) -> None:
        """Say what the `problem` with the registry at `host` is, and the `remedy`."""
        self.host = host
        self.problem = problem
        super().__init__(f"The registry `{host}` {problem}. {remedy}")


class RegistryUnreachableError(RegistryError):
    """A registry cannot be reached, or takes too long."""

    _check = "the network and `registry` in pyproject.toml"

    def __init__(self, *, host: str, cause: str) -> None:
        """Name the registry's `host` and the `cause`."""
        super().__init__(
            host=host,
            problem=f"cannot be reached: {cause}",
            remedy=f"Check {self._check}, and run the command again; "
            "`kfpkit env plan --offline` asks no registry.",
        )


class RegistryTlsError(RegistryUnreachableError):
    """A registry cannot be reached over TLS: it speaks none, or its certificate is not trusted."""

    _check = (
        "`registry` in pyproject.toml and, where certificates are signed by an authority of your "
        "company, that `SSL_CERT_FILE` or `REQUESTS_CA_BUNDLE` names the file that has it"
    )


class RegistryDeniedError(RegistryError):
    """A registry does not know the caller, or does not let the caller in."""

    def __init__(self, *, host: str, repository: str, status: int) -> None:
        """Name the `host`, the `repository` that was asked for, and the answer's `status`."""
        self.repository = repository
        self.status = status
        super().__init__(
            host=host,
            problem=f"refuses `{repository}` (HTTP {status})",
            remedy=f"Log in with `docker login {host}` (Google Cloud: `gcloud auth "
            f"configure-docker {host}`), or ask for the right to read and write there. Or it "
            "does not exist: make it (Google Cloud: `gcloud artifacts repositories create`).",
        )


class RegistryLoginError(RegistryDeniedError):
    """A registry does not let the caller in, whose login for it cannot be used."""

    def __init__(self, *, host: str, repository: str, status: int, cause: str, remedy: str) -> None:
        """Name the `host`, and the `cause` in Docker's configuration, with its `remedy`."""
        self.repository = repository
        self.status = status
        self.cause = cause
        RegistryError.__init__(
            self,
            host=host,
            problem=f"refuses `{repository}` (HTTP {status}), and {cause}",
            remedy=remedy,
        )


class RegistryFaultError(RegistryError):
    """A registry answers with an error that is its own."""

    def __init__(self, *, host: str, repository: str, status: int, text: str) -> None:
        """Give the `status` and `text` that the `host` answers for the `repository`."""
        self.repository = repository
        self.status = status
        said = f": {text}" if text else ""
        super().__init__(
            host=host,
            problem=f"answers HTTP {status} for `{repository}`{said}",
            remedy="Nothing is half done: run the command again later.",
        )


class UnpushedImageError(ImagesError):
    """An image that is needed is in no registry."""

    def __init__(self, *, images: Sequence[str], names: Sequence[str]) -> None:
        """Name the `images`, of the environments `names`."""
        self.images = tuple(images)
        self.names = tuple(names)
        listed = ", ".join(f"`{image}`" for image in images)
        command = f"kfpkit env build {' '.join(names)} --push"
        super().__init__(
            f"The image {listed} is not in its registry. "
            f"Run `{command}`, which builds and pushes it."
            if len(self.images) == 1
            else f"The images {listed} are not in their registry. "
            f"Run `{command}`, which builds and pushes them."
        )


class ForeignImageError(ImagesError):
    """A tag names another image than the one that its environment describes."""

    def __init__(self, *, image: str, found: str | None, where: str, remedy: str) -> None:
        """Name the `image`, the content hash that was `found` in it, and `where` it is."""
        self.image = image
        self.found = found
        carries = f"the content hash `{found}`" if found else "no content hash of kfpkit"
        super().__init__(
            f"The tag `{image}` {where} names another image: its label carries {carries}. {remedy}"
        )


class EngineError(ImagesError):
    """The container engine cannot be used."""


class EngineUnreachableError(EngineError):
    """No container engine answers."""

    def __init__(self, *, address: str, cause: str) -> None:
        """Name the engine's `address` and the `cause`."""
        self.address = address
        self.cause = cause
        super().__init__(
            f"No container engine answers at `{address}`: {cause}. Start Docker, or point "
            "`DOCKER_HOST` to an engine, and run the command again."
        )


class EngineFaultError(EngineError):
    """A container engine answers, and fails or refuses what it is asked for."""

    def __init__(self, *, address: str, cause: str) -> None:
        """Name the engine's `address`, and the `cause` that it gives."""
        self.address = address
        self.cause = cause
        super().__init__(
            f"The container engine at `{address}` answers, and fails: {cause}. Fix what it says; "
            "its own log may say more."
        )


class PodmanEngineError(EngineError):
    """The container engine is podman's, which cannot build images."""

    def __init__(self, *, address: str) -> None:
        """Name the engine's `address`."""
        self.address = address
        super().__init__(
            f"The container engine at `{address}` is podman's. Images are built with BuildKit, "
            "which it does not have. Point `DOCKER_HOST` to an engine of Docker's; podman's can "
            "run pipelines (`kfpkit run --containers`)."
        )


class NoBuildCommandError(EngineError):
    """There is no `docker` command that can build with BuildKit."""

    def __init__(self, *, found: Sequence[str], podman: Sequence[str] = ()) -> None:
        """Name the `docker` commands that were `found`, and those of them that are `podman`."""
        self.found = tuple(found)
        self.podman = tuple(podman)
        have = ", ".join(f"`{one}`{' (podman)' * (one in podman)}" for one in found) or "none"
        super().__init__(
            f"Images are built by the command `docker` with BuildKit; the commands on the path "
            f"are: {have}. Install Docker, and its plug-in `buildx` (Debian's `docker.io` has "
            "BuildKit built in)."
        )


class ImageFilesError(ImagesError):
    """The logs and records of images cannot be written."""

    def __init__(self, *, folder: Path, cause: str) -> None:
        """Name the `folder` and the `cause`."""
        self.folder = folder
        self.cause = cause
        super().__init__(
            f"Images cannot be built, since their logs in {folder}, or what is prepared for them "
            f"in the temporary folder, cannot be written: {cause}. Free some space there, or make "
            "the folder writable."
        )


class ImageBuildError(ImagesError):
    """An image cannot be built.

    Attributes:
        tail: The last lines that say why.
        log: The whole log.
    """

    def __init__(self, *, name: str, problem: str, tail: str, log: Path, remedy: str) -> None:
        """Say what the `problem` with the image of `name` is, and where the `log` lies."""
        self.name = name
        self.problem = problem
        self.tail = tail
        self.log = log
        said = "".join(f"\n  {line}" for line in tail.splitlines())
        end = f":{said}\n" if said else ". "
        super().__init__(f"The image of `{name}`: {problem}{end}{remedy} The log is {log}.")


class BaseImageError(ImageBuildError):
    """The base image does not exist, or cannot be pulled."""


class BasePythonError(ImageBuildError):
    """The base image has another Python than the environment names, or none."""


class BuildNetworkError(ImageBuildError):
    """A build has no network, or is not given the one that it should have."""


class BuildMemoryError(ImageBuildError):
    """A step of a build was killed, mostly since the memory ran out."""


class SystemPackageError(ImageBuildError):
    """A Debian package cannot be installed."""


class PackageHashError(ImageBuildError):
    """What the package index serves is not what was locked."""


class PackageInstallError(ImageBuildError):
    """A locked package cannot be fetched or installed."""


class ImageDiskFullError(ImageBuildError):
    """There is no room for an image."""


class EmulationMissingError(ImageBuildError):
    """The engine's machine cannot run programs of the images' platform."""


class EngineStoppedError(ImageBuildError):
    """The container engine went away while it worked."""


class ImageCheckError(ImageBuildError):
    """A built image does not do what it is for."""


class PushError(ImageBuildError):
    """A checked image cannot be pushed."""


class SeveralImagesError(ImagesError):
    """Several images could not be built; the others are done."""

    def __init__(self, *, errors: Sequence[ImagesError | EnvironmentsError]) -> None:
        """Give the `errors`, one for each image."""
        self.errors = tuple(errors)
        listed = "\n".join(str(error) for error in errors)
        super().__init__(f"{len(self.errors)} images could not be built.\n{listed}")


class LocalRunError(KfpkitError):
    """A run on this machine cannot start, or has failed."""


class EmulatorError(LocalRunError):
    """The emulators of BigQuery and Cloud Storage cannot be used."""


class UnknownEmulatorError(EmulatorError):
    """There is no emulator of the name that was asked for."""

    def __init__(self, *, name: str, known: list[str]) -> None:
        """Name what was asked for, and the emulators that are `known`."""
        self.name = name
        self.known = known
        listed = ", ".join(f"`{one}`" for one in known)
        super().__init__(f"There is no emulator `{name}`. Ask for one of: {listed}.")


class MissingEmulatorsError(EmulatorError):
    """The project has no environment with the emulators."""

    def __init__(self, *, folder: Path) -> None:
        """Name the missing `folder`."""
        self.folder = folder
        super().__init__(
            f"The run needs emulators, and the project has no environment {folder}. "
            "Run `kfpkit env new emulators --from kfpkit:emulators`."
        )


class EmulatorFailedError(EmulatorError):
    """An emulator does not start."""

    def __init__(self, *, name: str, cause: str, log: Path, lines: list[str]) -> None:
        """Name the emulator, the `cause`, its `log` and the last `lines` of it."""
        self.name = name
        self.cause = cause
        self.log = log
        self.lines = lines
        said = "".join(f"  {line}\n" for line in lines) or "  (nothing)\n"
        super().__init__(
            f"The emulator `{name}` {cause}. The last lines of {log}:\n{said}"
            f"Fix what they name, and run again. If they name the data, remove "
            f"`.kfpkit/emulators/{name}`: the next run starts without it."
        )


class EmulatorDataError(EmulatorError):
    """The emulators' data or logs cannot be written."""

    def __init__(self, *, folder: Path, cause: str) -> None:
        """Name the `folder` and the `cause`."""
        self.folder = folder
        self.cause = cause
        super().__init__(
            f"The emulators cannot keep their data in {folder}: {cause}. "
            f"Free some space there, or make the folder writable."
        )


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
        listed = "\n".join(f"  {problem}" for problem in problems)
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
        listed = ", ".join(f"`{name}`" for name in names)
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


class TestingError(KfpkitError):
    """A test of a component asks for what is not there, or ends otherwise than it expects."""


class UnknownPatternError(TestingError):
    """A pattern for environments fits none."""

    def __init__(
        self, *, pattern: str, known: Sequence[str], folder: Path, shipped: Sequence[str] = ()
    ) -> None:
        """Name the `pattern`, the environments `known` below `folder`, and those `shipped`."""
        self.pattern = pattern
        self.known = known
        self.folder = folder
        near = difflib.get_close_matches(pattern, known, n=1, cutoff=0.5)
        have = ", ".join(f"`{name}`" for name in known) or "none"
        advice = f"Did you mean `{near[0]}`?" if near else f"They are: {have}."
        if pattern in shipped:
            advice += f" To take kfpkit's own: `kfpkit env new {pattern} --from kfpkit:{pattern}`."
        super().__init__(f"No environment below {folder} fits `{pattern}`. {advice}")


class UnknownRevisionError(TestingError):
    """What has changed since a revision cannot be found out."""

    def __init__(self, *, revision: str, cause: str) -> None:
        """Name the `revision` and say what git says."""
        self.revision = revision
        self.cause = cause
        super().__init__(
            f"Git cannot tell what has changed since `{revision}`: {cause}. Name a commit, branch "
            "or tag that this clone has; a shallow clone may have to fetch it first."
        )


class ComponentArgumentsError(TestingError):
    """A test's inputs are not those of the component."""

    def __init__(self, *, component: str, problems: Sequence[str]) -> None:
        """Name the `component`, and say what is wrong, a line for each of `problems`."""
        self.component = component
        self.problems = problems
        listed = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(
            f"The inputs do not fit the component `{component}`:\n{listed}\n"
            "Correct what the test hands to `run_component`."
        )


class RemoteArtifactError(TestingError):
    """The path of an artifact is asked for that is not on this machine."""

    def __init__(self, *, uri: str) -> None:
        """Name the artifact's `uri`."""
        self.uri = uri
        super().__init__(
            f"The artifact is at `{uri}`, which is not a path on this machine. Read it by its "
            "`uri`, with a client of the service that keeps it."
        )


class ComponentFailedError(TestingError):
    """A component failed in a test that expects it to succeed."""

    def __init__(
        self, *, component: str, environment: str, failure: str, said: str, log: Path
    ) -> None:
        """Name the `component`, its `environment`, its `failure`, what it `said`, and its `log`."""
        self.component = component
        self.environment = environment
        self.failure = failure
        self.said = said
        self.log = log
        super().__init__(
            f"`{component}` failed in `{environment}`, since {failure}:\n{said}\n"
            f"The log is {log}. A test that expects this says `fails=True`."
        )


class PytestNotLentError(TestingError):
    """The Python of an environment cannot use the pytest that the author has."""

    def __init__(self, *, python: str, problems: Sequence[str]) -> None:
        """Name the `python` version of the environment, and what the `problems` are."""
        self.python = python
        self.problems = tuple(problems)
        super().__init__(
            f"Tests run in environments of Python {python} with the pytest that is installed here. "
            f"It cannot be used there: {'; '.join(problems)}. Install this beside pytest, or "
            "another version of pytest."
        )


class EnvironmentEndedError(TestingError):
    """The process that runs tests in an environment has ended."""

    def __init__(self, *, environment: str, test: str, ending: str, started: bool) -> None:
        """Name the `environment`, the `test`, the `ending`, and whether a test had `started`."""
        self.environment = environment
        self.test = test
        self.ending = ending
        self.started = started
        end = f"ended with {ending}"
        super().__init__(
            f"The process that runs tests in the environment `{environment}` {end}\n"
            f"while `{test}` ran. Run that test alone to see more."
            if started
            else f"pytest did not start in the environment `{environment}`: it {end}\n"
            "Every `conftest.py` of the test is imported there too. Import what the environment "
            "lacks in the fixtures that need it."
        )


class UncollectedTestError(TestingError):
    """A test was collected here, and not in its environment."""

    def __init__(self, *, environment: str, test: str, cause: str) -> None:
        """Name the `environment` and the `test`, and the `cause` if one is known."""
        self.environment = environment
        self.test = test
        self.cause = cause
        super().__init__(
            f"`{test}` cannot be collected in the environment `{environment}`:\n{cause}\n"
            "Correct the line."
            if cause
            else f"`{test}` is not there when pytest collects in the environment `{environment}`. "
            "Let what is installed decide neither which tests there are nor their parameters."
        )


class ComponentNotFailedError(TestingError):
    """A component succeeded in a test that expects it to fail."""

    def __init__(self, *, component: str, environment: str) -> None:
        """Name the `component` and its `environment`."""
        self.component = component
        self.environment = environment
        super().__init__(
            f"`{component}` succeeded in `{environment}`, and the test says `fails=True`. Correct "
            "one or the other."
        )


class NewProjectError(KfpkitError):
    """A project cannot be made."""


class InvalidProjectNameError(NewProjectError):
    """No project can have a name."""

    def __init__(self, *, name: str, problem: str, suggestion: str | None) -> None:
        """Say what the `problem` is with the `name`, with another one as a `suggestion`."""
        self.name = name
        self.problem = problem
        self.suggestion = suggestion
        remedy = f"Take `{suggestion}`, for example." if suggestion else "Choose another name."
        super().__init__(f"The project name `{name}` {problem}. {remedy}")


class FolderInUseError(NewProjectError):
    """The folder of a new project is not empty, or is a file."""

    def __init__(self, *, folder: Path, found: Sequence[str]) -> None:
        """Name the `folder` and what was `found` in it; nothing if it is no folder."""
        self.folder = folder
        self.found = tuple(found)
        problem = f"is not empty: it has `{found[0]}`" if found else "is not a folder"
        super().__init__(f"{folder} {problem}. Choose another name, or move it away.")


class UnwritableFolderError(NewProjectError):
    """A new project cannot be written where it is to be."""

    def __init__(self, *, folder: Path, cause: str) -> None:
        """Name the `folder` and the `cause`."""
        self.folder = folder
        self.cause = cause
        super().__init__(
            f"The project cannot be written to {folder}: {cause}. "
            "Free some space there, or choose a folder that you can write to."
        )


class WheelNotMadeError(NewProjectError):
    """A new project needs a wheel of kfpkit, which cannot be made."""

    def __init__(self, *, origin: str, said: str) -> None:
        """Name the `origin` that kfpkit was installed from, and what pip `said` last."""
        self.origin = origin
        self.said = said
        tail = "".join(f"  {line}\n" for line in said.splitlines()[-6:])
        super().__init__(
            f"kfpkit was installed from {origin} and from no package index, so a new project needs "
            f"its wheel, which pip cannot make:\n{tail}"
            "Install kfpkit from a wheel or an index, and run the command again."
        )
