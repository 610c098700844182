"""The base classes of errors, one for each part of kfpkit."""

from __future__ import annotations


class KfpkitError(Exception):
    """An error of kfpkit. The command line prints its message and exits with 1."""


class ConfigError(KfpkitError):
    """A configuration file is wrong."""


class LoadError(KfpkitError):
    """A pipeline or a component cannot be loaded."""


class ComponentError(KfpkitError):
    """The arguments of `@kfpkit.component` conflict."""


class PipelineError(KfpkitError):
    """A pipeline cannot run in any cluster."""


class BundleError(KfpkitError):
    """Code or data that a component needs cannot ship."""


class EnvironmentsError(KfpkitError):
    """An environment is missing, stale or cannot be created."""


class ImagesError(KfpkitError):
    """An image is missing, cannot be built or cannot be pushed."""


class LocalRunError(KfpkitError):
    """A run on this machine cannot start, or has failed."""


class RunsError(KfpkitError):
    """A recorded run is missing, or cannot be read, compared, retried or removed."""


class TargetsError(KfpkitError):
    """A target is wrong, or a run cannot be submitted to it."""


class TestingError(KfpkitError):
    """A test of a component is set up incorrectly, or its component ends unexpectedly."""


class NewProjectError(KfpkitError):
    """A project cannot be created."""
