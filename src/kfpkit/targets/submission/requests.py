"""The requests of a submission, as they would be sent."""

from __future__ import annotations

from typing import Any

from kfpkit.targets.kubeflow import PATH, KubeflowRequest
from kfpkit.targets.kubeflow_target import KubeflowTarget
from kfpkit.targets.submission.planning import Submission
from kfpkit.targets.submission.sending import take_requests
from kfpkit.targets.vertex import RunRequest
from kfpkit.targets.vertex.service import make_address
from kfpkit.vertex import find_method


def list_requests(submission: Submission) -> list[dict[str, Any]]:
    """Return the requests that would create the runs, as values of JSON. Sends nothing.

    On Kubeflow, the experiment's id isn't known before the server is asked, so the request has the
    experiment's name beside the body.

    Args:
        submission: What was planned.
    """
    target = submission.target
    if isinstance(target, KubeflowTarget):
        return [
            {
                "method": "POST",
                "url": f"{target.host or ''}{PATH}",
                "experiment": request.experiment,
                "body": dict(request.body),
            }
            for _, request in take_requests(submission, KubeflowRequest)
        ]
    method = find_method("CreatePipelineJob")
    # The emulator, which has no fixed address, isn't started for this.
    address = "" if target.kind == "emulator" else make_address(target, "aiplatform")
    return [
        {
            "method": method.verb,
            "url": f"{address}{method.expand({'parent': request.parent})}"
            f"?pipelineJobId={request.run}",
            "body": request.body,
        }
        for _, request in take_requests(submission, RunRequest)
    ]
