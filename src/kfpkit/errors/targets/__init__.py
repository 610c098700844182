"""Targets that are wrong, and runs that cannot be submitted to them."""

from __future__ import annotations

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
    UnreadableAnswerError,
)
from kfpkit.errors.targets.submissions import (
    ConfirmationError,
    GoneImagesError,
    SubmissionRefusedError,
    UncommittedChangesError,
)
from kfpkit.errors.targets.tables import InvalidTargetsError, UnknownTargetError

__all__ = [
    "ApiDisabledError",
    "ConfirmationError",
    "CredentialsRefusedError",
    "GoneImagesError",
    "InvalidRequestError",
    "InvalidRunIdError",
    "InvalidTargetsError",
    "MissingResourceError",
    "NoCredentialsError",
    "NullParameterError",
    "OldSchemaError",
    "PermissionDeniedError",
    "QuotaExceededError",
    "RequestError",
    "RunIdTakenError",
    "ServiceFailedError",
    "ServiceUnreachableError",
    "SubmissionRefusedError",
    "TemplateDigestError",
    "UncommittedChangesError",
    "UnknownTargetError",
    "UnreadableAnswerError",
    "UnsupportedPlatformError",
]
