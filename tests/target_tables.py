"""Tables of targets that several tests have in their projects."""

TARGETS = """
[tool.kfpkit]

[tool.kfpkit.targets.dev]
kind = "vertex"
project = "my-project"
location = "europe-west4"
pipeline-root = "gs://my-bucket/root"

[tool.kfpkit.targets.prod]
kind = "vertex"
project = "my-project-prod"
location = "europe-west4"
pipeline-root = "gs://my-bucket-prod"
confirm = true
"""
