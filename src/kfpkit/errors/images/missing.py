"""Images that are missing, or are other ones than their tags say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kfpkit.errors.base import ImagesError
from kfpkit.place import Place
from kfpkit.wording import quote_all


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


class UnpushedImageError(ImagesError):
    """An image that is needed is in no registry."""

    def __init__(self, *, images: Sequence[str], names: Sequence[str]) -> None:
        """Name the `images`, of the environments `names`."""
        self.images = tuple(images)
        self.names = tuple(names)
        listed = quote_all(images)
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
