"""Vertex AI with Google's official client as it stands: nothing here points to the emulator.

    kfpkit emulator vertex -- python examples/official_client.py build/training.yaml \
        --parameter dataset=diagnosis

Submits a compiled pipeline, waits, reads task details and metrics, cancels a second job, lists
jobs with a filter, uploads a model twice with aliases, and logs an experiment: first over gRPC,
then over REST. On Google Cloud, the same program needs a project, a bucket and images that can be
pulled.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from google.cloud import aiplatform

PROJECT = "my-project"
LOCATION = "europe-west4"
BUCKET = "gs://my-project-pipelines"
SERVING = "europe-docker.pkg.dev/vertex-ai/prediction/sklearn-cpu.1-3:latest"


def main() -> None:
    """Go through all of it over both transports."""
    parser = argparse.ArgumentParser(description="Vertex AI with the official client.")
    parser.add_argument("pipeline", type=Path, help="a compiled pipeline")
    parser.add_argument("--parameter", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--transport", action="append", choices=["grpc", "rest"])
    options = parser.parse_args()
    parameters = dict(each.split("=", 1) for each in options.parameter)
    for transport in options.transport or ["grpc", "rest"]:
        print(f"--- {transport} ---")
        aiplatform.init(project=PROJECT, location=LOCATION, api_transport=transport)
        jobs = Jobs(options.pipeline, parameters, f"{transport}-{int(time.time())}")
        jobs.run()
        jobs.cancel()
        jobs.list()
        upload_model(f"model_{transport}_{int(time.time())}")
        log_experiment(f"experiment-{transport}-{int(time.time())}", jobs)


class Jobs:
    """Jobs of one pipeline, which a label joins."""

    def __init__(self, pipeline: Path, parameters: dict[str, str], label: str) -> None:
        """Submit a compiled `pipeline` with `parameters`."""
        self.pipeline = pipeline
        self.parameters = parameters
        self.label = label

    def submit(
        self, name: str, *, caching: bool | None = None, experiment: str | None = None
    ) -> aiplatform.PipelineJob:
        """Submit a job, and return without waiting for it."""
        job = aiplatform.PipelineJob(
            display_name=name,
            template_path=str(self.pipeline),
            job_id=f"{name}-{self.label}",
            pipeline_root=f"{BUCKET}/root",
            parameter_values=self.parameters,
            labels={"example": self.label},
            enable_caching=caching,
        )
        job.submit(experiment=experiment)
        return job

    def run(self) -> None:
        """Run a job to its end, and print its tasks with their metrics."""
        job = self.submit("first")
        job.wait()
        print("state:", job.state.name)
        for task in job.task_details:
            print(f"task: {task.task_name}: {task.state.name}")
            for output in task.outputs.values():
                for artifact in output.artifacts:
                    metrics = dict(artifact.metadata)
                    if "etrics" in artifact.schema_title and metrics:
                        print("metrics:", metrics)

    def cancel(self) -> None:
        """Cancel a job that has just been submitted."""
        job = self.submit("second", caching=False)
        job.cancel()
        job.wait()
        print("state:", job.state.name)

    def list(self) -> None:
        """List the jobs with the label that have succeeded."""
        wanted = f'labels.example="{self.label}" AND state=PIPELINE_STATE_SUCCEEDED'
        found = aiplatform.PipelineJob.list(filter=wanted)
        print("succeeded:", [job.display_name for job in found])


def upload_model(model_id: str) -> None:
    """Upload two versions of a model; the second becomes the default."""
    first = aiplatform.Model.upload(
        display_name="churn",
        model_id=model_id,
        artifact_uri=f"{BUCKET}/models/1",
        serving_container_image_uri=SERVING,
        version_aliases=["champion"],
    )
    second = aiplatform.Model.upload(
        display_name="churn",
        parent_model=first.resource_name,
        artifact_uri=f"{BUCKET}/models/2",
        serving_container_image_uri=SERVING,
        version_aliases=["challenger"],
        is_default_version=True,
    )
    second.versioning_registry.add_version_aliases(["champion"], "2")
    for version in second.versioning_registry.list_versions():
        print(f"version: {version.version_id}: {sorted(version.version_aliases)}")
    print("default:", aiplatform.Model(model_id).version_id)
    second.delete()


def log_experiment(name: str, jobs: Jobs) -> None:
    """Log parameters and metrics of a run of an experiment, read them, and add a job."""
    aiplatform.init(
        project=PROJECT, location=LOCATION, experiment=name, experiment_tensorboard=False
    )
    aiplatform.start_run("first-run")
    aiplatform.log_params({"depth": 3})
    aiplatform.log_metrics({"auc": 0.9})
    aiplatform.end_run()
    run = aiplatform.ExperimentRun("first-run", experiment=name)
    print("experiment:", run.get_params(), run.get_metrics(), run.state)
    jobs.submit("third", experiment=name).wait()
    runs = aiplatform.ExperimentRun.list(experiment=name)
    print("runs:", sorted(each.name.removesuffix(jobs.label) for each in runs))
    aiplatform.Experiment(name).delete()


if __name__ == "__main__":
    main()
