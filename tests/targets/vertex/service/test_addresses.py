"""Services are at the addresses where the official client finds them."""

import pytest
from google.auth.credentials import AnonymousCredentials
from targets.vertex.conftest import TARGET

from kfpkit.targets import VertexTarget
from kfpkit.targets.vertex.service import make_address


@pytest.mark.parametrize("location", ["europe-west4", "us-central1", "us", "eu", "global"])
def test_vertex_ai_is_where_the_official_client_finds_it(official, location):
    official.init(project="p", location=location, credentials=AnonymousCredentials())
    host = official.initializer.global_config.get_client_options().api_endpoint
    target = VertexTarget.model_validate({**TARGET, "location": location})
    assert make_address(target, "aiplatform") == f"https://{host}"


@pytest.mark.parametrize("location", ["europe-west4", "eu", "global"])
def test_other_services_have_one_address(location):
    target = VertexTarget.model_validate({**TARGET, "location": location})
    assert make_address(target, "logging") == "https://logging.googleapis.com"
