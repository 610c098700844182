"""Requests that a target's services refuse or do not answer."""

from __future__ import annotations

from collections.abc import Sequence

from kfpkit.errors.base import TargetsError
from kfpkit.wording import indent

_PROXY = "A proxy may have answered in its place: check `https_proxy` and its login."
_LOGIN = "gcloud auth application-default login"


class RequestError(TargetsError):
    """A service of a target has refused a request, or has not answered it."""


class NoCredentialsError(RequestError):
    """There are no credentials for Google Cloud."""

    def __init__(self, *, cause: str) -> None:
        """Give the `cause`, as google-auth reports it."""
        self.cause = cause
        super().__init__(
            f"There are no usable credentials for Google Cloud: {cause} Run `{_LOGIN}`, or set "
            "`GOOGLE_APPLICATION_CREDENTIALS` to a file with credentials."
        )


class CredentialsRefusedError(RequestError):
    """A service does not accept the credentials, or they cannot be renewed."""

    def __init__(self, *, account: str, cause: str) -> None:
        """Name the `account`, and give the `cause`."""
        self.account = account
        self.cause = cause
        super().__init__(
            f"Google Cloud doesn't accept the credentials of {account}: {cause} "
            f"They may have expired. Run `{_LOGIN}`."
        )


class PermissionDeniedError(RequestError):
    """The account lacks a permission."""

    def __init__(
        self, *, account: str, permission: str | None, resource: str, project: str, cause: str
    ) -> None:
        """Name the `account`, the `permission` if it is known, the `resource` and `project`."""
        self.account = account
        self.permission = permission
        self.resource = resource
        self.project = project
        self.cause = cause
        lacks = f"the permission `{permission}` for" if permission else "a permission for"
        who = f"{account[:1].upper()}{account[1:]}"
        super().__init__(
            f"{who} lacks {lacks} {resource} in the project `{project}`: {cause} Ask for a role "
            "that includes it, or submit with another account (`impersonate-service-account`)."
        )


class ApiDisabledError(RequestError):
    """An API is not enabled in the project."""

    def __init__(self, *, api: str, project: str) -> None:
        """Name the `api` and the `project`."""
        self.api = api
        self.project = project
        super().__init__(
            f"The API `{api}` isn't enabled in the project `{project}`. Run "
            f"`gcloud services enable {api} --project {project}`, and wait a minute."
        )


class MissingResourceError(RequestError):
    """A project, region, bucket or run does not exist."""

    def __init__(self, *, resource: str, cause: str, remedy: str) -> None:
        """Name the missing `resource`, the service's `cause`, and the `remedy`."""
        self.resource = resource
        self.cause = cause
        self.remedy = remedy
        super().__init__(f"{resource} doesn't exist, or isn't visible to you: {cause} {remedy}")


class RunIdTakenError(RequestError):
    """Another request has created a run of the same id."""

    def __init__(self, *, name: str, differs: bool, state: str | None) -> None:
        """Give the run's full `name`, whether its request `differs`, and its `state`."""
        self.name = name
        self.differs = differs
        self.state = state
        run = name.rpartition("/")[2]
        reason = "another request" if differs else "a request that isn't recorded"
        which = f" It is {state}." if state else ""
        super().__init__(
            f"{reason[0].upper()}{reason[1:]} has created the run `{run}`: the pipeline, its "
            f"parameters or the target differ.{which} Choose another `--id`."
        )


class InvalidRequestError(RequestError):
    """A target has refused a request because of its content."""

    def __init__(self, *, cause: str, details: Sequence[str], service: str = "Vertex AI") -> None:
        """Give the `cause` and its `details`, if there are any, and name the `service`."""
        self.service = service
        self.cause = cause
        self.details = tuple(details)
        listed = f"\n{indent(details)}\n" if details else " "
        super().__init__(
            f"{service} has refused the request: {cause}{listed}Correct target or pipeline. "
            "`kfpkit submit --dry-run` prints the request."
        )


class QuotaExceededError(RequestError):
    """A quota of requests is used up, also after a wait."""

    def __init__(self, *, cause: str, seconds: float) -> None:
        """Give the `cause`, and the `seconds` after which kfpkit gave up."""
        self.cause = cause
        self.seconds = seconds
        super().__init__(
            f"After {seconds:.0f} s, Google Cloud still refuses requests, because a quota is used "
            f"up: {cause} Run the command again later, or raise the quota."
        )


class ServiceFailedError(RequestError):
    """A service fails, also after a wait."""

    def __init__(self, *, service: str, cause: str, seconds: float) -> None:
        """Name the `service`, its `cause`, and the `seconds` after which kfpkit gave up."""
        self.service = service
        self.cause = cause
        self.seconds = seconds
        super().__init__(
            f"{service} still fails after {seconds:.0f} s: {cause} Run the command again later."
        )


class ServiceUnreachableError(RequestError):
    """A service cannot be reached, or does not answer in time."""

    def __init__(self, *, service: str, cause: str) -> None:
        """Name the `service` and the `cause`."""
        self.service = service
        self.cause = cause
        super().__init__(
            f"{service} can't be reached: {cause}. Check your network and proxy, and run the "
            "command again."
        )


class UnreadableAnswerError(RequestError):
    """An answer is not the service's, such as the page of a proxy."""

    def __init__(self, *, service: str, status: int, beginning: str, remedy: str = _PROXY) -> None:
        """Name the `service`, give the answer's `status` and `beginning`, and the `remedy`."""
        self.remedy = remedy
        self.service = service
        self.status = status
        self.beginning = beginning
        super().__init__(
            f"{service} has answered with the status {status} and something else than JSON: "
            f"{beginning!r}. {remedy}"
        )


class UnassociatedRunError(RequestError):
    """A run exists, and could not be added to an experiment."""

    def __init__(self, *, run: str, target: str, experiment: str, cause: str) -> None:
        """Name the `run`, its `target`, the `experiment` and the `cause`."""
        self.run = run.rpartition("/")[2]
        self.target = target
        self.experiment = experiment
        self.cause = cause
        super().__init__(
            f"The run `{self.run}` exists, but is not in the experiment `{experiment}`: {cause}. "
            f"Try again with `kfpkit runs associate {target}:{self.run} {experiment}`."
        )


class TemplateDigestError(RequestError):
    """Artifact Registry has stored a compiled pipeline under another digest than its content's."""

    def __init__(self, *, expected: str, stored: str) -> None:
        """Give the address that was `expected`, and the one that it was `stored` under."""
        self.expected = expected
        self.stored = stored
        super().__init__(
            f"Artifact Registry has stored the compiled pipeline as {stored}, and not as "
            f"{expected}. Nothing was run. Remove `template-repository` from the target to store "
            "compiled pipelines in the pipeline root."
        )
