"""Compiled pipelines: KFP's messages, and what is read from them."""

from __future__ import annotations

from kfpkit.specification.artifacts import (
    artifacts_in,
    local_path,
    report_suffix,
)
from kfpkit.specification.conditions import (
    holds,
)
from kfpkit.specification.constants import (
    DoubtfulNumber,
    find_doubtful,
)
from kfpkit.specification.dependencies import (
    dependencies_of,
    in_order,
)
from kfpkit.specification.documents import (
    write_documents,
)
from kfpkit.specification.messages import (
    TIMEOUT,
    Specification,
    read_executors,
    read_specification,
)
from kfpkit.specification.references import (
    find_dangling,
    find_lost,
    name_task,
)
from kfpkit.specification.values import (
    find_loss,
)

__all__ = [
    "TIMEOUT",
    "DoubtfulNumber",
    "Specification",
    "artifacts_in",
    "dependencies_of",
    "find_dangling",
    "find_doubtful",
    "find_loss",
    "find_lost",
    "holds",
    "in_order",
    "local_path",
    "name_task",
    "read_executors",
    "read_specification",
    "report_suffix",
    "write_documents",
]
