"""The errors that others derive from, one for each part of kfpkit."""

from __future__ import annotations


class KfpkitError(Exception):
    """Whatever kfpkit refuses or cannot do; the command line prints its text and exits with 1."""


class ConfigError(KfpkitError):
    """A configuration file is wrong."""


class LoadError(KfpkitError):
    """A pipeline or a component cannot be loaded."""


class ComponentError(KfpkitError):
    """The arguments of `@kfpkit.component` do not go together."""


class PipelineError(KfpkitError):
    """A pipeline asks for what no cluster can do."""


class BundleError(KfpkitError):
    """What a component needs cannot ship."""


class EnvironmentsError(KfpkitError):
    """An environment is missing, stale or cannot be made."""


class ImagesError(KfpkitError):
    """An image is missing, cannot be built or cannot be pushed."""


class LocalRunError(KfpkitError):
    """A run on this machine cannot start, or has failed."""


class TestingError(KfpkitError):
    """A test of a component asks for what is not there, or ends otherwise than it expects."""


class NewProjectError(KfpkitError):
    """A project cannot be made."""
