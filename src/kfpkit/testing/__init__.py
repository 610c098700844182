"""Tests of components, each in the environments that it claims: a pytest plugin.

    @pytest.mark.environments("sklearn", "xgboost-*")
    def test_a_model_is_trained(run_component, tmp_path):
        data = write_table(tmp_path / "data.parquet")

        done = run_component(train_model, train_data=data, target="ill", key="id")

        assert done.parameters["rows"] == 100
        assert (done["model"].path / "model.joblib").is_file()

**What runs** is what a pipeline's container would run: the component's compiled command with its
bundle in it, called by KFP's executor, with nothing but the environment's lock. So a test covers
the function, what ships with it, and the lock.

**Where** is a virtual environment made from the lock. With `pytest --containers` it is the
environment's image, as strict as a cluster can be: a root file system that cannot be written to, a
`/tmp` in memory, no user `root`, no capabilities, and no network unless the test asks for it.

**The marker** `environments` makes a test of each environment that it names. With `run_component`,
the test runs here and its components there. A test without that fixture runs there itself, which
is for helpers that import what only environments have. `*` stands for anything, which means all
environments that have an image, since components run in no other. `component_environment` tells
the test its name. Without the marker, a component runs in its own environment.

**A test that runs in an environment** is collected and chosen here, with placeholders for what is
missing. It runs in a process of the environment, one for all tests of a session, whose reports are
taken as if it had run here. pytest is lent to that process: the environment's lock needs none.
`_KFP_RUNTIME=true` is set, as in a task, so decorated functions are plain ones.

**The fixture** `run_component` is a `RunComponent`. Inputs go by name: values for parameters, an
`Artifact` or the path of a file or folder for artifacts. What comes back is a `Result`: parameters,
artifacts with their paths and metadata, the log. A component that fails fails the test, with its
own traceback; `fails=True` expects that. `variables=` sets environment variables.

**Emulators** of BigQuery and Cloud Storage come from the fixture `google_emulators`:
`run_component(load, variables=google_emulators, network=True, …)`.

**What to run** is chosen by two options, which leave tests alone that run no component:

- `--environments sklearn,xgboost-3` takes only tests that are marked for one of these;
- `--changed-since REVISION`, or `KFPKIT_CHANGED_SINCE`, takes only tests whose component ships
  other files than in that git revision, whose environment has another content hash, or that were
  edited themselves. A test's components are those that its module, and the `conftest.py` above it,
  name; without any it runs. For a pull request, name where it leaves the main branch:
  `--changed-since "$(git merge-base origin/main HEAD)"`. Every night, run all.

pytest loads the plugin wherever kfpkit is installed. This package imports neither pytest nor kfp
before it is used.
"""

from __future__ import annotations

from kfpkit.testing.artifacts import Artifact
from kfpkit.testing.running import Result, RunComponent

__all__ = ["Artifact", "Result", "RunComponent"]
