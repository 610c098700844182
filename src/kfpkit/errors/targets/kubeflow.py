"""What only a Kubeflow Pipelines server, or the way to it, refuses."""

from __future__ import annotations

from collections.abc import Sequence

from kfpkit.errors.base import TargetsError
from kfpkit.errors.targets.service import RequestError
from kfpkit.wording import quote_all


class MissingSecretError(RequestError):
    """A variable or a file that a target names for its secret does not exist."""

    def __init__(self, *, target: str, key: str, reference: str, cause: str) -> None:
        """Name the `target`, its `key`, the `reference` in it, and the `cause`."""
        self.target = target
        self.key = key
        self.reference = reference
        self.cause = cause
        super().__init__(
            f"The target `{target}` takes a secret from `{reference}` (`{key}`), but {cause}. Set "
            f"it, or correct `{key}` in `[tool.kfpkit.targets.{target}]`."
        )


class ClusterUnknownError(RequestError):
    """The way to a server by Kubernetes or Google cannot be found."""

    def __init__(self, *, target: str, place: str, cause: str) -> None:
        """Name the `target` and its `place`, and give the `cause`."""
        self.target = target
        self.place = place
        self.cause = cause
        super().__init__(
            f"kfpkit can't find how to reach the {place} of the target `{target}`: {cause}. Check "
            "your login (`kubectl config get-contexts`, or `gcloud auth application-default "
            "login`), or write `host` and `token-env` in the target."
        )


class KubeflowLoginError(RequestError):
    """A Kubeflow server, or what protects it, does not accept the login."""

    def __init__(self, *, target: str, host: str, login: str, cause: str) -> None:
        """Name the `target`, its `host` and how it logs in, and give the `cause`."""
        self.target = target
        self.host = host
        self.login = login
        self.cause = cause
        super().__init__(
            f"{host} doesn't accept the login of the target `{target}` ({login}): {cause} The "
            "token or cookie may have expired. Get a new one, and run the command again."
        )


class KubeflowDeniedError(RequestError):
    """A Kubeflow server knows who asks, and does not allow it."""

    def __init__(self, *, host: str, namespace: str | None, cause: str) -> None:
        """Name the `host` and the `namespace`, and give the `cause`, which names the account."""
        self.host = host
        self.namespace = namespace
        self.cause = cause
        where = f" in the namespace `{namespace}`" if namespace else ""
        super().__init__(
            f"{host} doesn't allow this{where}: {cause} Ask for the role `kubeflow-edit`{where}, "
            "or correct `namespace` in the target."
        )


class ParametersTooLargeError(TargetsError):
    """The parameters of a run are larger than a Kubeflow server takes."""

    def __init__(self, *, size: int, limit: int, largest: str, target: str) -> None:
        """Give the `size` and the `limit` in bytes, the `largest` parameter, and the `target`."""
        self.size = size
        self.limit = limit
        self.largest = largest
        self.target = target
        super().__init__(
            f"The parameters have {size} bytes, and the target `{target}` takes {limit}. The "
            f"largest is `{largest}`. Pass an address instead of its content, or raise "
            "`MAX_PARAMETER_BYTES` on the server and `parameter-bytes` in the target."
        )


class DuplicateRunsError(RequestError):
    """Several runs have one id, because they were created at the same moment."""

    def __init__(self, *, run: str, found: Sequence[str], host: str) -> None:
        """Name the id of the `run`, the runs that were `found` by the server's ids, and `host`."""
        self.run = run
        self.found = tuple(found)
        self.host = host
        super().__init__(
            f"{host} has {len(found)} runs named `{run}`: {', '.join(found)}. They were created "
            "at the same moment, or after an answer was lost. Terminate and delete all but one "
            "(`kfp run delete ID`), and run the command again."
        )


class UnfilteredRunsError(TargetsError):
    """Runs of a Kubeflow server are to be listed by labels, which they don't have."""

    def __init__(self, *, target: str, labels: Sequence[str], known: Sequence[str]) -> None:
        """Name the `target`, the `labels`, and those `known` that kfpkit records itself."""
        self.target = target
        self.labels = tuple(labels)
        self.known = tuple(known)
        super().__init__(
            f"Runs of the target `{target}` can't be listed by {quote_all(labels)}, because runs "
            f"on a Kubeflow server have no labels. kfpkit itself records {quote_all(known)} in "
            "their descriptions. Filter by these, or by pipeline, state or time."
        )


class UnreadLogError(RequestError):
    """A Kubeflow server doesn't provide the log of a task."""

    def __init__(self, *, task: str, run: str, cause: str, command: str) -> None:
        """Name the `task` and the `run`, give the `cause`, and the `command` that has the log."""
        self.task = task
        self.run = run
        self.cause = cause
        self.command = command
        super().__init__(
            f"The server doesn't provide the log of the task `{task}` of the run `{run}`: {cause}. "
            f"While the run's pods exist, Kubernetes has the logs of all its tasks: `{command}`."
        )


class FixedExperimentError(RequestError):
    """The experiment of a run on a Kubeflow server is to be changed."""

    def __init__(self, *, run: str, experiment: str, target: str) -> None:
        """Name the `run`, the `experiment` and the `target`."""
        self.run = run
        self.experiment = experiment
        self.target = target
        super().__init__(
            f"The run `{run}` can't be added to the experiment `{experiment}`: on a Kubeflow "
            "server, a run belongs to one experiment from its creation on. Set `experiment` in "
            f"`[tool.kfpkit.targets.{target}]`, and submit the pipeline again."
        )


class VersionTakenError(RequestError):
    """A version of a pipeline exists on a Kubeflow server with another content."""

    def __init__(self, *, pipeline: str, version: str, target: str) -> None:
        """Name the `pipeline`, its `version` and the `target`."""
        self.pipeline = pipeline
        self.version = version
        self.target = target
        super().__init__(
            f"The pipeline `{pipeline}` of the target `{target}` already has a version `{version}` "
            "with another content, or one that kfpkit hasn't recorded. Versions are named after "
            "the commit: commit your changes, or delete the version on the server, and run the "
            "command again."
        )


class VersionTagsError(TargetsError):
    """Tags are given for versions on a Kubeflow server, which have none."""

    def __init__(self, *, target: str, tags: Sequence[str]) -> None:
        """Name the `target` and the `tags`."""
        self.target = target
        self.tags = tuple(tags)
        super().__init__(
            f"The target `{target}` names the versions of pipelines after the commit, and has no "
            f"tags: {quote_all(tags)}. Leave out `--tag`."
        )
