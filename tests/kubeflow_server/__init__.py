"""A Kubeflow Pipelines server on loopback, for tests of clients.

It has the API v2beta1: health, experiments, runs, pipelines with versions, and recurring runs. What
it stores and answers are the types of KFP's own generated API, `kfp_server_api`, so kfp's client
and command line can be used with it. Runs don't run: a test says how they end.

- `store` has the resources and what can be done with them.
- `listing` filters, sorts and pages them as the real server does.
- `refusals` are its errors, in the shape of gRPC's gateway.
- `server` answers over HTTP, and fails as a test tells it.
"""

from kubeflow_server.refusals import RefusalError
from kubeflow_server.server import AFTER, BEFORE, KubeflowServer, serve_kubeflow

__all__ = ["AFTER", "BEFORE", "KubeflowServer", "RefusalError", "serve_kubeflow"]
