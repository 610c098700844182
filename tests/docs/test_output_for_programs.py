"""What verbs write for programs has the keys that the reference names."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kfpkit.catalogue import find_entry
from kfpkit.cli import bundle, compile_, upload
from kfpkit.cli.config import check as config_check
from kfpkit.cli.env import plan as env_plan
from kfpkit.cli.runs import compare as compare_verb
from kfpkit.cli.runs import list_, prune
from kfpkit.compiler import to_yaml
from kfpkit.configuration import CheckedFile, CheckedPipeline
from kfpkit.environments import find_environment
from kfpkit.environments.audit.audit import Audit
from kfpkit.environments.audit.vulnerabilities import Vulnerability
from kfpkit.environments.packages import Package
from kfpkit.errors import ConfigurationFault
from kfpkit.forecasts import Answer, Forecast, Reason, TaskForecast
from kfpkit.images import plan
from kfpkit.images.listing import Row
from kfpkit.loading.pipelines import load_component, load_pipeline
from kfpkit.project.project import find_project
from kfpkit.runs.comparing import compare
from kfpkit.runs.history import Metric, OldRun, RunLine
from kfpkit.runs.record import Parameter
from kfpkit.targets import StoredTemplate
from kfpkit.targets.submission.uploading import PlannedTemplate
from kfpkit.targets.template import read_template
from tests.runs.records import make_record

ROOT = Path(__file__).parents[2]


def compiled() -> dict[str, Any]:
    source = ROOT / "pipelines" / "training"
    job = compile_._Job(source=source, destination=Path("build/training.yaml"))
    return compile_._collect_facts(job, load_pipeline(source), {})


def uploaded() -> dict[str, Any]:
    template = read_template(to_yaml(load_pipeline(ROOT / "pipelines" / "seed")))
    planned = PlannedTemplate(source=Path("a"), template=template)
    return upload._collect_facts(StoredTemplate(planned=planned, address="a", tags=()))


def planned() -> dict[str, Any]:
    return env_plan._document(plan(find_project(ROOT), ["gcp"], offline=True))


def listed() -> dict[str, Any]:
    return dataclasses.asdict(Row(name="gcp"))


def audited() -> dict[str, Any]:
    audit = Audit(
        name="gcp",
        image="kfpkit/gcp:0a",
        python="3.12",
        packages=(Package(name="six", version="1"),),
        vulnerabilities=(Vulnerability(package="six", version="1", id="CVE-1"),),
        unreachable="",
        sbom=None,
    )
    return dataclasses.asdict(audit)


def shown() -> dict[str, Any]:
    component = "kfpkit.components.bigquery_query:bigquery_query"
    return bundle._collect_facts(load_component(component, ROOT))


def config_checked() -> dict[str, Any]:
    fault = ConfigurationFault(where="a", problem="b")
    file = CheckedFile(file=Path("a"))
    pipeline = CheckedPipeline(source=Path("a"), files=(file,), faults=(fault,))
    return config_check._collect_facts(pipeline)


def forecast() -> dict[str, Any]:
    task = TaskForecast(name="a", answer=Answer.MISS, reasons=(Reason(kind="never"),))
    return Forecast(pipeline="p", target="local", tasks=(task,), successes=1).describe()


def listed_run() -> dict[str, Any]:
    metric = Metric(task="train", environment="sklearn", name="accuracy", value=0.5)
    return list_._collect_facts(RunLine(name="a", state="succeeded", metric=metric))


def compared() -> dict[str, Any]:
    records = [make_record(), make_record(parameters={"rows": Parameter(value=1)})]
    facts = compare_verb._collect_facts(compare(records, {}))
    return {name: value for name, value in facts.items() if name not in {"metrics", "outputs"}}


def pruned() -> dict[str, Any]:
    return prune._collect_facts(OldRun(folder=Path("a")), deleted=False)


def keys(document: dict[str, Any], above: str = "") -> Iterator[str]:
    for key, value in document.items():
        yield above + key
        if isinstance(value, list | tuple) and value and isinstance(value[0], dict):
            yield from keys(value[0], f"{above}{key}[].")
        elif isinstance(value, dict):
            yield from keys(value, f"{above}{key}.")


def first_cells(page: str, heading: str) -> list[str]:
    """Return what stands in backticks in the first column of a section's tables."""
    (section,) = re.findall(rf"^### `{heading}`\n(.*?)(?=^##|\Z)", page, re.MULTILINE | re.DOTALL)
    cells = re.findall(r"^\| (`.+?) \|", section, re.MULTILINE)
    return [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]


@pytest.mark.parametrize(
    ("heading", "made"),
    [
        ("kfpkit compile --json", compiled),
        ("kfpkit upload --json", uploaded),
        ("kfpkit env list --json", listed),
        ("kfpkit env audit --json", audited),
        ("kfpkit bundle show --json", shown),
        ("kfpkit config check --json", config_checked),
        ("kfpkit forecast --json", forecast),
        ("kfpkit runs list --json", listed_run),
        ("kfpkit runs prune --json", pruned),
    ],
)
def test_the_keys_are_those_of_the_reference(heading, made, page):
    assert first_cells(page, heading) == list(keys(made()))


def test_the_keys_and_reasons_of_a_plan_are_those_of_the_reference(page):
    found = list(keys(planned()))
    named = first_cells(page, "kfpkit env plan --json")
    reasons = {reason.partition(" (")[0] for reason in named[len(found) :]}

    assert named[: len(found)] == found
    assert reasons == {
        "never pushed",
        "never built here",
        "built, not pushed",
        "tag missing",
        *find_environment(find_project(ROOT), "gcp").content.parts,
    }


def test_the_keys_of_the_catalogue_are_those_of_the_reference(page):
    found = keys(dataclasses.asdict(find_entry("split_data", find_project(ROOT))))
    named = first_cells(page, "kfpkit components list --json")

    # Outputs have the keys of inputs.
    assert named == [name for name in found if not name.startswith("outputs[")]


def test_the_keys_of_a_comparison_are_those_of_the_reference(page):
    named = set(first_cells(page, "kfpkit runs compare --json"))

    assert {name for name in keys(compared()) if "." not in name} <= named
    assert {name for name in keys(compared()) if name.startswith(("tasks", "parameters"))} <= named


@pytest.fixture
def page(document) -> str:
    return document("docs/reference/command-line.md").text
