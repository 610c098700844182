"""Where artifacts lie in Cloud Storage, BigQuery reads and writes the files itself."""

import os
import subprocess
from pathlib import Path

import pytest

import kfpkit
from kfpkit.environments import find_environment
from kfpkit.environments.venvs import ensure_virtual_environment, python_of
from kfpkit.project.project import find_project

pytestmark = pytest.mark.slow

SOURCE_ROOT = Path(kfpkit.__file__).parents[1]
THERE_AND_BACK = """
from pathlib import Path
from types import SimpleNamespace
import pandas as pd
from kfpkit.components.bigquery_extract import bigquery_extract
from kfpkit.components.bigquery_load import bigquery_load
from kfpkit.helpers.clients import bigquery_client, storage_client

def artifact(uri, path, **metadata):
    return SimpleNamespace(uri=uri, path=path, metadata=metadata)

pd.DataFrame({"id": ["a", "b"], "x": [1.5, None]}).to_parquet("local")
source, copy = artifact("", ""), artifact("", "")
bigquery_load(artifact("local", "local"), "storage.source", source)
storage_client().create_bucket("pipeline-root")

data = artifact("gs://pipeline-root/run/data", "/gcs/pipeline-root/run/data")
bigquery_extract(source, data)
names = [blob.name for blob in storage_client().list_blobs("pipeline-root")]
print(names)

mounted = Path("mounted")
mounted.mkdir()
for name in names:
    (mounted / Path(name).name).touch()
data.path = str(mounted)
print(bigquery_load(data, "storage.copy", copy))
print(sorted(tuple(row) for row in bigquery_client().list_rows("local-project.storage.copy")))
"""


def test_a_table_goes_to_cloud_storage_and_back(google_emulators, tmp_path):
    venv = ensure_virtual_environment(find_environment(find_project(Path(__file__)), "gcp"))
    variables = {
        **os.environ,
        **google_emulators,
        "PYTHONPATH": str(SOURCE_ROOT),
        "_KFP_RUNTIME": "true",
    }

    done = subprocess.run(
        [str(python_of(venv)), "-c", THERE_AND_BACK],
        env=variables,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "['run/data/part-000000000000.parquet']",
        "LoadedTable(name='local-project.storage.copy', rows=2)",
        "[('a', 1.5), ('b', None)]",
    ]
