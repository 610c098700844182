"""Registries that cannot be reached, or that refuse."""

from __future__ import annotations

from kfpkit.errors.base import ImagesError


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
