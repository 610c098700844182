"""Registries that cannot be reached, or that deny access."""

from __future__ import annotations

from kfpkit.errors.base import ImagesError


class RegistryError(ImagesError):
    """A registry does not respond, or responds with an error."""

    def __init__(self, *, host: str, problem: str, remedy: str) -> None:
        """State the `problem` with the registry at `host`, and the `remedy`."""
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
            remedy=f"Check {self._check}, and run the command again. "
            "`kfpkit env plan --offline` works without a registry.",
        )


class RegistryTlsError(RegistryUnreachableError):
    """A registry does not use TLS, or its certificate is not trusted."""

    _check = (
        "`registry` in pyproject.toml and, if your company has its own certificate authority, that "
        "`SSL_CERT_FILE` or `REQUESTS_CA_BUNDLE` is set to the file with its certificate"
    )


class RegistryDeniedError(RegistryError):
    """A registry denies access."""

    def __init__(self, *, host: str, repository: str, status: int) -> None:
        """Name the `host`, the requested `repository`, and the response's `status`."""
        self.repository = repository
        self.status = status
        super().__init__(
            host=host,
            problem=f"denied access to `{repository}` (HTTP {status})",
            remedy=f"Log in with `docker login {host}` (Google Cloud: `gcloud auth "
            f"configure-docker {host}`), or request read and write permission. If the repository "
            "does not exist, create it (Google Cloud: `gcloud artifacts repositories create`).",
        )


class RegistryLoginError(RegistryDeniedError):
    """A registry denies access, and the login for it cannot be used."""

    def __init__(self, *, host: str, repository: str, status: int, cause: str, remedy: str) -> None:
        """Name the `host`, and the `cause` in Docker's configuration, with its `remedy`."""
        self.repository = repository
        self.status = status
        self.cause = cause
        RegistryError.__init__(
            self,
            host=host,
            problem=f"denied access to `{repository}` (HTTP {status}), and {cause}",
            remedy=remedy,
        )


class RegistryFaultError(RegistryError):
    """A registry responds with an internal error."""

    def __init__(self, *, host: str, repository: str, status: int, text: str) -> None:
        """Give the `status` and `text` of the response from `host` for the `repository`."""
        self.repository = repository
        self.status = status
        said = f": {text}" if text else ""
        super().__init__(
            host=host,
            problem=f"responded with HTTP {status} for `{repository}`{said}",
            remedy="Nothing was left half-finished. Run the command again later.",
        )
