"""The key of Kubeflow's cache, with the cases and fingerprints of its own tests.

They are in `backend/src/v2/cacheutils/cache_test.go` and `backend/src/v2/driver/cache_test.go` of
Kubeflow Pipelines.
"""

from dataclasses import replace

import pytest

from kfpkit.forecasts.kubeflow.key import CacheKey, _write, compute_custom_fingerprint

SCHEMA = (
    "title: kfp.Model\ntype: object\nproperties:\n  framework:\n    type: string\n"
    "  framework_version:\n    type: string\n"
)
GENERATED = CacheKey(
    image="python:3.11",
    command=["sh", "ec", "test"],
    artifacts={"dataset_one": ["1"], "dataset_two": ["2"]},
    parameters={"message": "Some string value", "num_steps": 5},
    output_artifacts={
        "model": {"type": {"instanceSchema": SCHEMA}, "metadata": {"name": "model"}},
        "metrics": {"type": {"schemaTitle": "kfp.Metrics"}, "metadata": {"name": "metrics"}},
    },
    output_parameters={"output_parameter_one": "STRING", "output_parameter_two": "INT"},
)
DIFFERENT = CacheKey(
    image="python:3.11",
    command=["sh", "ec", "run"],
    artifacts={"dataset": ["10"]},
    output_parameters={"output_parameter": "DOUBLE"},
)


def test_fingerprints_are_those_of_kubeflow():
    assert GENERATED.fingerprint == (
        "b498530c9016917298999ec0b01f364a180f8a3862bea0fa672a383ca3f22e4e"
    )
    assert DIFFERENT.fingerprint == (
        "3d9a2a778fa3174c6cfc6e639c507c265b5f21ef6e5b1dd70b236462cc6da464"
    )


def test_the_key_has_its_parts():
    key = replace(GENERATED, volumes=["workspace-pvc", "data-pvc"]).describe()
    assert key["inputArtifactNames"] == {
        "dataset_one": {"artifactNames": ["1"]},
        "dataset_two": {"artifactNames": ["2"]},
    }
    assert key["inputParameterValues"] == {"message": "Some string value", "num_steps": 5}
    assert key["outputParametersSpec"] == {
        "output_parameter_one": "STRING",
        "output_parameter_two": "INT",
    }
    assert key["outputArtifactsSpec"]["metrics"] == {
        "name": "metrics",
        "type": {"schemaTitle": "kfp.Metrics"},
        "metadata": {"name": "metrics"},
    }
    assert key["containerSpec"] == {
        "image": "python:3.11",
        "cmdArgs": ["sh", "ec", "test"],
        "pvcNames": ["data-pvc", "workspace-pvc"],
    }


def test_volumes_are_deduplicated_and_sorted():
    volumes = ["pvc-b", "pvc-a", "pvc-b", "pvc-c", "pvc-a"]
    key = CacheKey(image="test-image:latest", volumes=volumes)
    assert key.describe()["containerSpec"]["pvcNames"] == ["pvc-a", "pvc-b", "pvc-c"]


def test_volumes_count():
    base = replace(GENERATED, output_artifacts={})
    mounted = replace(base, volumes=["workspace-pvc", "data-pvc"])
    more = replace(base, volumes=["data-pvc", "workspace-pvc", "extra"])
    prints = {each.fingerprint for each in (base, mounted, more)}
    assert len(prints) == 3
    assert (
        mounted.fingerprint == replace(mounted, volumes=["data-pvc", "workspace-pvc"]).fingerprint
    )


@pytest.mark.parametrize(
    ("component", "key", "expected"),
    [
        (
            "my-component",
            "my-custom-cache-key",
            "ad05e747b67b95e4fc4ce080cdb5850f89744360a85753b90a1a434d46dedd2e",
        ),
        (
            "other-component",
            "my-custom-cache-key",
            "3b3a067cac2d9161742542c6afa8a1291699e27c637dd0d5d66cd8b2bdc5ab76",
        ),
        (
            "my-component",
            "custom-key",
            "7a5348ebd8b216ba326ef72a8cfa070636c903428e429684b03e42dd1e772641",
        ),
    ],
)
def test_an_own_key_is_scoped_by_its_component(component, key, expected):
    assert compute_custom_fingerprint(component, key) == expected


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (3.0, "3"),
        (0.1, "0.1"),
        (1.5e-05, "0.000015"),
        (1e-07, "1e-7"),
        (1e20, "100000000000000000000"),
        (1.5e22, "1.5e+22"),
        (-0.5, "-0.5"),
        (True, "true"),
        (None, "null"),
        ("<a & b>", '"\\u003ca \\u0026 b\\u003e"'),
        ({"b": [1.0], "a": "ä"}, '{"a":"ä","b":[1]}'),
    ],
)
def test_values_are_written_as_go_writes_them(value, written):
    assert _write(value) == written
