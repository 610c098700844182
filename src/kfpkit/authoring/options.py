"""The arguments of `@kfpkit.component`, and the rules for combining them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any

from kfpkit.errors import ConflictingOptionsError
from kfpkit.place import Place

_INSTALLING = (
    "packages_to_install",
    "pip_index_urls",
    "pip_trusted_hosts",
    "use_venv",
    "kfp_package_path",
)


@dataclass(frozen=True, kw_only=True)
class Options:
    """The arguments of `@kfpkit.component`.

    Args:
        environment: The environment's name. None for a foreign image.
        helpers: Modules that no import statement mentions.
        kfp: The arguments of `kfp.dsl.component`.
    """

    environment: str | None = None
    helpers: tuple[str | ModuleType, ...] = ()
    kfp: Mapping[str, Any] = field(default_factory=dict)

    @property
    def given(self) -> Mapping[str, Any]:
        """All arguments by name."""
        return {"environment": self.environment, "helpers": self.helpers, **self.kfp}

    def in_environment(self, name: str, helpers: Sequence[str | ModuleType] = ()) -> Options:
        """Return the same options with another environment instead of any image, and helpers."""
        named = (helpers,) if isinstance(helpers, str) else tuple(helpers)
        kfp = {option: value for option, value in self.kfp.items() if option != "base_image"}
        return replace(self, environment=name, kfp=kfp, helpers=(*self.helpers, *named))

    def require_consistent(self, place: Place) -> None:
        """Refuse an environment together with an option that it replaces.

        Raises:
            ConflictingOptionsError: `environment=` is combined with an image or an install option.
        """
        if self.environment is None:
            return
        for option in ("base_image", "target_image", *_INSTALLING):
            if self.kfp.get(option):
                raise ConflictingOptionsError(
                    place=place,
                    environment=self.environment,
                    option=option,
                    value=self.kfp[option],
                )

    @property
    def is_containerized(self) -> bool:
        """Whether KFP builds the code into `target_image`, so that kfpkit injects nothing."""
        return bool(self.kfp.get("target_image"))

    @property
    def installs_at_start(self) -> bool:
        """Whether KFP's install step runs before the start-up."""
        return any(
            self.kfp.get(option)
            for option in ("packages_to_install", "use_venv", "kfp_package_path")
        )

    @property
    def carries_runtime(self) -> bool:
        """Whether kfp's runtime ships, because a foreign image may lack it."""
        return (
            self.environment is None
            and not self.installs_at_start
            and bool(self.kfp.get("install_kfp_package", True))
        )

    def for_kfp(self) -> dict[str, Any]:
        """Return the arguments for KFP's own decorator."""
        kfp = dict(self.kfp)
        # Written when the bundle stands in the specification.
        kfp.pop("output_component_file", None)
        if not self.is_containerized:
            # What these two carry travels in the bundle, where it is reproducible.
            kfp.pop("additional_funcs", None)
            kfp.pop("embedded_artifact_path", None)
        if self.environment is not None:
            # The image is known when the environment is looked up, at the first use.
            kfp |= {"base_image": self.environment, "install_kfp_package": False}
        return kfp
