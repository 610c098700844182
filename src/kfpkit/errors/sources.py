"""Source code that cannot be read, or that would not import in a container."""

from __future__ import annotations

from pathlib import Path

from kfpkit.errors.base import BundleError
from kfpkit.place import Place
from kfpkit.wording import quote_all


class SourceUnavailableError(BundleError):
    """The source code of a component's function is unavailable."""

    def __init__(self, *, function: str, file: str, place: Place | None = None) -> None:
        """Name the `function`, its `file`, and the `place` that decorates it, if known."""
        self.function = function
        self.file = file
        self.place = place
        start = "The" if place is None else f"{place}: the"
        super().__init__(
            f"{start} source of the component `{function}` cannot be read (its file is `{file}`). "
            "Define the function in a file or in a notebook cell."
        )


class UnparsableSourceError(BundleError):
    """A file that ships does not parse."""

    def __init__(self, *, place: Place, problem: str, python: str) -> None:
        """State the `problem` that Python `python` finds at `place`."""
        self.place = place
        self.problem = problem
        self.python = python
        super().__init__(
            f"{place}: this line does not parse under Python {python}: {problem}. Correct the "
            f"line, or use an environment with a newer Python."
        )


class UnreadableSourceError(UnparsableSourceError):
    """A file that ships may need a newer Python than the running one to be read."""

    def __init__(self, *, place: Place, problem: str, python: str, running: str) -> None:
        """State the `problem` that Python `running` finds at `place` in code for `python`."""
        self.place = place
        self.problem = problem
        self.python = python
        self.running = running
        BundleError.__init__(
            self,
            f"{place}: this line does not parse under Python {running}, which runs kfpkit: "
            f"{problem}. The environment has Python {python}, which is needed to read the file but "
            f"is not installed on this machine. Install it (`uv python install {python}`), or run "
            f"kfpkit with Python {python}. If the line is also wrong under Python {python}, "
            "correct it.",
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
        """Give the `name` that `component` reads at `place`.

        `local_to` is the function that defines it locally, and `is_argument` states whether it is
        one of that function's arguments.
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
            f"{place}: the component `{component}` needs the name `{name}`, but {why}. "
            f"Define or import `{name}` at the top level of the module or inside the function."
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
        searched = quote_all(roots)
        super().__init__(
            f"{place}: the module `{module}` belongs to this project, but its file does not exist "
            f"(searched: {searched}). Correct the name, or add the file."
        )


class MissingImportedNameError(BundleError):
    """An import names something that its first-party module does not define."""

    def __init__(self, *, name: str, module: str, file: Path, place: Place) -> None:
        """Give the `name` that the import at `place` takes from `module`, which is `file`."""
        self.name = name
        self.module = module
        self.file = file
        self.place = place
        super().__init__(
            f"{place}: `{name}` cannot be imported from the module `{module}`, because {file} does "
            "not define it. Correct the name, or define it there."
        )


class InternalImportError(BundleError):
    """Shipped code imports a part of kfpkit that does not ship."""

    def __init__(self, *, module: str, place: Place) -> None:
        """Name the `module` and the import's `place`."""
        self.module = module
        self.place = place
        super().__init__(
            f"{place}: `{module}` belongs to the part of kfpkit that compiles pipelines, which "
            "does not exist in a container. In code that ships, import only `kfpkit`, "
            "`kfpkit.components` and `kfpkit.helpers`, or move this import out of the module."
        )


class CompileTimeImportError(BundleError):
    """Shipped code uses a part of kfp that is not available in a container."""

    def __init__(self, *, used: str, place: Place, chain: tuple[str, ...]) -> None:
        """Name what is `used` at `place`, in a file that ships because of `chain`."""
        self.used = used
        self.place = place
        self.chain = chain
        super().__init__(
            f"{place}: `{used}` does not exist in a container, which has only kfp's runtime. The "
            f"file ships because of {' -> '.join(f'`{link}`' for link in chain)}. "
            "Move what the component needs from it into a separate module."
        )


class ShadowingError(BundleError):
    """A file that ships would hide another module in the container."""

    def __init__(self, *, module: str, file: Path, hides: str) -> None:
        """Name the first-party `module`, its `file`, and what it `hides`."""
        self.module = module
        self.file = file
        self.hides = hides
        super().__init__(
            f"{file}: the module `{module}` would hide {hides} in the container. "
            "Rename the file or its package."
        )


class HiddenPartError(BundleError):
    """A file that ships is in a package that the environment also contains."""

    def __init__(self, *, module: str, file: Path, package: str, distribution: str) -> None:
        """Name the first-party `module` and its `file`, which `distribution` would hide."""
        self.module = module
        self.file = file
        self.package = package
        self.distribution = distribution
        super().__init__(
            f"{file}: the module `{module}` would not be found in the container, where "
            f"`{package}` is a package of the distribution `{distribution}`. "
            "Rename the file's package."
        )


class OutsideLinkError(BundleError):
    """A file that ships is a link to a file outside the project."""

    def __init__(self, *, file: Path, target: Path) -> None:
        """Name the link `file` and its `target`."""
        self.file = file
        self.target = target
        super().__init__(
            f"{file} is a link to {target}, which is outside the project, so other clones would "
            "not have it. Copy the file into the project."
        )


class CompiledExtensionError(BundleError):
    """A component needs a compiled extension of the project."""

    def __init__(self, *, module: str, file: Path, place: Place) -> None:
        """Name the `module`, the extension's `file` and the `place` that imports it."""
        self.module = module
        self.file = file
        self.place = place
        super().__init__(
            f"{place}: `{module}` is a compiled extension ({file}), which depends on the platform "
            "and cannot ship. Package it as a wheel, and add the wheel to the environment."
        )
