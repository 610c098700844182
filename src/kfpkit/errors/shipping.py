"""Files that cannot ship with a component."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kfpkit.errors.base import BundleError
from kfpkit.place import Place
from kfpkit.wording import quote_all


@dataclass(frozen=True, kw_only=True)
class Secret:
    """A secret in a file that ships. Its value is not stored.

    Args:
        place: The secret's place, without a line if the whole file is a secret.
        kind: The kind of secret, as settings name it.
        title: The kind of secret, in words.
        entry: The entry in `allow-secrets` that allows it.
    """

    place: Place
    kind: str
    title: str
    entry: str


class SecretError(BundleError):
    """Files that ship contain secrets."""

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
            f"This would ship ({' → '.join(chain)}), and anyone who can read a compiled pipeline "
            "can read what ships with it. Remove the secret from the project and revoke it. At "
            "run time, let the component read a new one from Secret Manager or a Kubernetes "
            f"secret. If it is not a secret, allow it in {settings}, in the table "
            f"`[tool.kfpkit]`: `allow-secrets = [{entries}]`."
        )


class TwoFilesError(BundleError):
    """Two data files would ship to the same path."""

    def __init__(self, *, path: str, files: tuple[Path, Path]) -> None:
        """Name the `path` in the container, and the `files`."""
        self.path = path
        self.files = files
        super().__init__(
            f"{files[0]} and {files[1]} would both become `{path}` in the container, because two "
            "source roots have a folder with the same name, and the container merges them. Rename "
            "one of the files, or move both into one folder."
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
            "creates two modules with duplicates of each class. "
            f"Import it as `{names[0]}` everywhere."
        )


@dataclass(frozen=True, kw_only=True)
class UnprovidedImport:
    """An import that an environment does not provide.

    Args:
        module: The dotted name of the module.
        place: The import's place.
        distribution: The distribution that probably provides the module.
        was_standard: Whether the module is in the standard library of other Python versions.
    """

    module: str
    place: Place
    distribution: str
    was_standard: bool = False


class UnprovidedImportError(BundleError):
    """A component imports modules that its environment does not provide."""

    def __init__(
        self, *, environment: str, python: str, missing: Sequence[UnprovidedImport]
    ) -> None:
        """Name the `environment`, its `python` and all imports that are `missing`."""
        self.environment = environment
        self.missing = tuple(missing)
        self.distributions = tuple(dict.fromkeys(one.distribution for one in missing))
        library = f"The standard library of Python {python} does not have it."
        imports = [
            (one.place, f"`{one.module}`{f'. {library}' if one.was_standard else ''}")
            for one in missing
        ]
        lacks = f"the environment `{environment}` does not provide"
        what = (
            f"{imports[0][0]}: {lacks} {imports[0][1].rstrip('.')}. "
            if len(imports) == 1
            else f"{lacks[0].upper()}{lacks[1:]} these imports of the component:\n"
            + "".join(f"  {place}: {module}\n" for place, module in imports)
        )
        names = quote_all(self.distributions)
        super().__init__(
            f"{what}Add {names} to `dependencies` in environments/{environment}/pyproject.toml, "
            f"then run `kfpkit env lock {environment}`."
        )


class LeftOutImportError(BundleError):
    """A component imports a module that images leave out."""

    def __init__(
        self, *, module: str, place: Place, environment: str, rule: str, reason: str
    ) -> None:
        """Name the `module`, the import's `place`, and the `rule` that leaves it out."""
        self.module = module
        self.place = place
        self.environment = environment
        self.rule = rule
        super().__init__(
            f"{place}: the image of the environment `{environment}` leaves out `{module}`, which "
            f'{reason}. To keep it, set `keep = ["{rule}"]` under `[tool.kfpkit.environment]` in '
            f"`environments/{environment}/pyproject.toml`."
        )


class UnreadableFileError(BundleError):
    """A file that ships cannot be read."""

    def __init__(self, *, file: Path, cause: str, component: str, place: Place) -> None:
        """Name the `file`, the `cause`, and the `component`, defined at `place`."""
        self.file = file
        self.cause = cause
        self.component = component
        self.place = place
        super().__init__(
            f"{place}: {file} ships with the component `{component}` but cannot be read: {cause}. "
            f"Correct the file or its permissions (`chmod u+r {file}`)."
        )


class MissingEmbeddedArtifactError(BundleError):
    """The file or folder to embed does not exist."""

    def __init__(self, *, path: Path, component: str, place: Place) -> None:
        """Name the `path` that `component`, defined at `place`, embeds."""
        self.path = path
        self.component = component
        self.place = place
        super().__init__(
            f"{place}: the component `{component}` embeds `{path}`, which does not exist. "
            "Correct `embedded_artifact_path`."
        )


class PayloadTooLargeError(BundleError):
    """A component's payload exceeds the size limit of a container's command."""

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
            f"command; the limit is {limit:,}. The largest files are:\n{listed}\nMove data to an "
            f"artifact or a bucket, and import less. `kfpkit bundle show` shows why a file ships."
        )
