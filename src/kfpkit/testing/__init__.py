"""Tests of components, each in the environments that it names: a pytest plugin.

    @pytest.mark.environments("sklearn", "xgboost-*")
    def test_a_model_is_trained(run_component, tmp_path):
        data = write_table(tmp_path / "data.parquet")

        done = run_component(train_model, train_data=data, target="ill", key="id")

        assert done.parameters["rows"] == 100
        assert (done["model"].path / "model.skops").is_file()

**What runs** is what a pipeline's container would run: the component's compiled command with its
bundle, called by KFP's executor, with only the packages of the environment's lock. A test therefore
covers the function, everything that ships with it, and the lock.

**Where it runs**: in a virtual environment that is created from the lock. With `pytest
--containers`, it runs in the environment's image, with the limits of a strict cluster: a read-only
root file system, a `/tmp` in memory, no user `root`, no capabilities, and no network unless the
test requests it.

**The marker** `environments` creates a test for each environment that it names. With
`run_component`, the test runs here and its components run there. A test without that fixture itself
runs there. Use this for helpers that import packages that only environments have. `*` matches
anything. It matches all environments with an image, because components run in no others. The
fixture `component_environment` returns the name. Without the marker, a component runs in its own
environment.

**A test that runs in an environment** is collected and selected here, with placeholders for missing
packages. It runs in a process of the environment, one for all tests of a session, and its reports
are used as if it had run here. pytest is lent to that process, so the environment's lock doesn't
need it. As in a task, `_KFP_RUNTIME=true` is set, so decorated functions are plain functions.

**The fixture** `run_component` is a `RunComponent`. Pass inputs by name: values for parameters; for
artifacts, an `Artifact` or the path of a file or folder. It returns a `Result`: parameters,
artifacts with their paths and metadata, and the log. If a component fails, the test fails with the
component's traceback. If the test expects the failure, pass `fails=True`. `variables=` sets
environment variables.

**Emulators** of BigQuery and Cloud Storage come from the fixture `google_emulators`:
`run_component(load, variables=google_emulators, network=True, …)`.

**Two options select tests.** They don't affect tests that run no component:

- `--environments sklearn,xgboost-3` selects only tests that are marked for one of these.
- `--changed-since REVISION`, or `KFPKIT_CHANGED_SINCE`, selects only tests that may have changed
  since that git revision: their component ships other files, its environment has another content
  hash, or the test itself was edited. A test's components are those that its module, and the
  `conftest.py` files above it, name. A test without components runs. For a pull request, use the
  commit where it leaves the main branch: `--changed-since "$(git merge-base origin/main HEAD)"`.
  Run all tests every night.

pytest loads the plugin wherever kfpkit is installed. This package imports neither pytest nor kfp
before it is used.
"""

from __future__ import annotations

from kfpkit.testing.artifacts import Artifact
from kfpkit.testing.running import Result, RunComponent

__all__ = ["Artifact", "Result", "RunComponent"]
