"""The last lines of a task's log come from Cloud Logging."""

import pytest
from vertex_server import make_error

from kfpkit.errors import PermissionDeniedError
from kfpkit.targets.vertex.watching import fetch_log

JOB = "projects/1/locations/l/customJobs/47"


def test_the_last_lines_are_in_the_order_of_time(server, connection):
    entries = [{"jsonPayload": {"message": "c\nd"}}, {"textPayload": "b"}, {"textPayload": "a"}]
    server.answers["POST", "/v2/entries:list"] = (200, {"entries": entries})

    assert fetch_log(connection, JOB, lines=3) == ["b", "c", "d"]
    [(_, _, _, body)] = server.requests
    assert body == {
        "resourceNames": ["projects/my-project"],
        "filter": 'resource.type="ml_job" resource.labels.job_id="47"',
        "orderBy": "timestamp desc",
        "pageSize": 3,
    }


def test_a_log_may_be_empty(server, connection):
    server.answers["POST", "/v2/entries:list"] = (200, {})
    assert fetch_log(connection, JOB) == []


def test_a_log_that_must_not_be_read_is_refused(server, connection):
    server.answers["POST", "/v2/entries:list"] = make_error(
        403,
        reason="IAM_PERMISSION_DENIED",
        metadata={"permission": "logging.logEntries.list", "resource": "projects/my-project"},
    )
    with pytest.raises(PermissionDeniedError, match=r"logging\.logEntries\.list"):
        fetch_log(connection, JOB)
