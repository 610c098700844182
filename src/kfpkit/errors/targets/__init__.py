"""Targets that are wrong, and runs that cannot be submitted to them."""

from __future__ import annotations

from kfpkit.errors.targets.kubeflow import (
    ClusterUnknownError,
    DuplicateRunsError,
    KubeflowDeniedError,
    KubeflowLoginError,
    MissingSecretError,
    ParametersTooLargeError,
)
from kfpkit.errors.targets.requests import (
    InvalidRunIdError,
    NullParameterError,
    OldSchemaError,
    UnsupportedPlatformError,
)
from kfpkit.errors.targets.service import (
    ApiDisabledError,
    CredentialsRefusedError,
    InvalidRequestError,
    MissingResourceError,
    NoCredentialsError,
    PermissionDeniedError,
    QuotaExceededError,
    RequestError,
    RunIdTakenError,
    ServiceFailedError,
    ServiceUnreachableError,
    TemplateDigestError,
    UnassociatedRunError,
    UnreadableAnswerError,
)
from kfpkit.errors.targets.submissions import (
    ConfirmationError,
    GoneImagesError,
    InvalidTagError,
    SubmissionRefusedError,
    TagsWithoutRepositoryError,
    TemplatesNotStoredError,
    UncommittedChangesError,
)
from kfpkit.errors.targets.tables import (
    TARGET_EXAMPLE,
    InvalidTargetsError,
    UnknownTargetError,
    UnlistedRunsError,
)

__all__ = [
    "TARGET_EXAMPLE",
    "ApiDisabledError",
    "ClusterUnknownError",
    "ConfirmationError",
    "CredentialsRefusedError",
    "DuplicateRunsError",
    "GoneImagesError",
    "InvalidRequestError",
    "InvalidRunIdError",
    "InvalidTagError",
    "InvalidTargetsError",
    "KubeflowDeniedError",
    "KubeflowLoginError",
    "MissingResourceError",
    "MissingSecretError",
    "NoCredentialsError",
    "NullParameterError",
    "OldSchemaError",
    "ParametersTooLargeError",
    "PermissionDeniedError",
    "QuotaExceededError",
    "RequestError",
    "RunIdTakenError",
    "ServiceFailedError",
    "ServiceUnreachableError",
    "SubmissionRefusedError",
    "TagsWithoutRepositoryError",
    "TemplateDigestError",
    "TemplatesNotStoredError",
    "UnassociatedRunError",
    "UncommittedChangesError",
    "UnknownTargetError",
    "UnlistedRunsError",
    "UnreadableAnswerError",
    "UnsupportedPlatformError",
]
