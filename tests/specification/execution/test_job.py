import datetime as dt

from kfpkit.specification.execution.job import Job


def answers(job, *path):
    return {name: answer() for name, answer in job.answers(path).items()}


def test_tasks_are_told_who_and_when(tmp_path):
    created = dt.datetime(2024, 5, 1, 3, 4, 5, 999, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    job = Job(
        name="run-1",
        id="6f1ab1a8-0f9c-4a43-9f5e-0c6c8e9a1d11",
        created=created,
        root=tmp_path / "artifacts",
        workspace=tmp_path / "workspace",
    )
    told = answers(job, "for-loop-1", "0", "say")
    assert told["pipeline_job_name"] == told["pipeline_job_resource_name"] == "run-1"
    assert told["pipeline_job_uuid"] == job.id
    assert told["pipeline_job_create_time_utc"] == "2024-05-01T01:04:05Z"
    assert told["pipeline_job_schedule_time_utc"] == "2024-05-01T01:04:05Z"
    assert told["pipeline_root"] == str(tmp_path / "artifacts")
    assert told["pipeline_task_name"] == "say"
    assert told["workspace_path"] == str(tmp_path / "workspace")
    assert job.workspace.is_dir()


def test_each_run_and_each_task_has_an_identifier_of_its_own(tmp_path):
    jobs = [Job.create("run", root=tmp_path, workspace=tmp_path) for _ in range(2)]
    told = [
        answers(job, *path) for job in jobs for path in (("loop", "0", "a"), ("loop", "1", "a"))
    ]
    assert len({each["pipeline_job_uuid"] for each in told}) == 2
    assert len({each["pipeline_task_uuid"] for each in told}) == 4
    assert answers(jobs[0], "a") == answers(jobs[0], "a")
