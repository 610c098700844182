"""Images that are missing, or that differ from what their tags state."""

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
            "The `docker` library, which kfpkit needs to build and find images, is not installed. "
            "Run `pip install 'kfpkit[images]'`."
        )


class NoImageError(ImagesError):
    """An environment without an image cannot be built or run a component."""

    def __init__(self, *, name: str, file: Path) -> None:
        """Name the environment, and the `file` that sets `image = false`."""
        self.name = name
        self.place = Place(file)
        super().__init__(
            f"{file}: the environment `{name}` is for tools: its pyproject.toml sets "
            "`image = false`, so it has no image and cannot run components. Choose another "
            "environment, or remove that line."
        )


class NoRegistryError(ImagesError):
    """The project does not configure a registry with a host."""

    def __init__(self, *, registry: str, root: Path) -> None:
        """Name the `registry` of the project at `root`, which has no host."""
        self.registry = registry
        super().__init__(
            f"The registry `{registry}` of this project has no host, so images cannot be looked up "
            f"or pushed. Set `registry = "
            f'"REGION-docker.pkg.dev/PROJECT/REPOSITORY"` under `[tool.kfpkit]` in '
            f"{root / 'pyproject.toml'}."
        )


class UnpushedImageError(ImagesError):
    """A required image is not in its registry."""

    def __init__(self, *, images: Sequence[str], names: Sequence[str]) -> None:
        """Name the `images`, of the environments `names`."""
        self.images = tuple(images)
        self.names = tuple(names)
        listed = quote_all(images)
        command = f"kfpkit env build {' '.join(names)} --push"
        super().__init__(
            f"The image {listed} is not in its registry. Run `{command}` to build and push it."
            if len(self.images) == 1
            else f"The images {listed} are not in their registry. "
            f"Run `{command}` to build and push them."
        )


class ForeignImageError(ImagesError):
    """A tag points to an image other than the one that its environment describes."""

    def __init__(self, *, image: str, found: str | None, where: str, remedy: str) -> None:
        """Name the `image`, the content hash that was `found` in it, and `where` it is."""
        self.image = image
        self.found = found
        carries = f"the content hash `{found}`" if found else "no kfpkit content hash"
        super().__init__(
            f"The tag `{image}` {where} points to a different image: its label contains {carries}. "
            f"{remedy}"
        )


class ImageFilesError(ImagesError):
    """The logs and records of images cannot be written."""

    def __init__(self, *, folder: Path, cause: str) -> None:
        """Name the `folder` and the `cause`."""
        self.folder = folder
        self.cause = cause
        super().__init__(
            f"Images cannot be built, because their logs in {folder} or their files in the "
            f"temporary folder cannot be written: {cause}. Free up disk space, or make the folder "
            "writable."
        )
