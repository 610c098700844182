"""The component object: KFP's own, with the bundle in its command."""

import importlib
import sys

import pytest
import yaml
from kfp import compiler, components, dsl, local
from kfp.dsl.python_component import PythonComponent

from kfpkit.authoring.component import Component
from kfpkit.compiler.compiler import to_yaml
from kfpkit.components.train_model import train_model
from kfpkit.errors import (
    ConflictingOptionsError,
    NoImageError,
    UnknownEnvironmentError,
    UnresolvedAnnotationError,
)

HELPER = "def twice(number):\n    return 2 * number\n"
DOUBLING = """\
import kfpkit
from helping import twice


@kfpkit.component(base_image="python:3.11"{options})
def double(number: int) -> int:
    \"\"\"Doubles.

    Args:
        number: What to double.
    \"\"\"
    return twice(number)
"""


@pytest.fixture
def load(project, monkeypatch):
    """Return a function that writes modules as a project and imports one of them."""
    before = set(sys.modules)

    def load(files, module):
        root = project(files)
        monkeypatch.syspath_prepend(root)
        monkeypatch.chdir(root)
        return importlib.import_module(module)

    yield load
    for name in set(sys.modules) - before:
        del sys.modules[name]


def test_another_environment_takes_further_helpers(load):
    double = load(
        {
            "helping.py": HELPER,
            "plugin.py": "VALUE = 1\n",
            "doubling.py": DOUBLING.format(options=", helpers=['helping']"),
        },
        "doubling",
    ).double

    bound = double.in_environment("any", helpers=["plugin"])

    assert bound.options.helpers == ("helping", "plugin")
    assert double.in_environment("any", helpers="plugin").options.helpers == bound.options.helpers
    assert double.in_environment("any").options.helpers == double.options.helpers == ("helping",)


@pytest.fixture
def doubling(load):
    return load({"helping.py": HELPER, "doubling.py": DOUBLING.format(options="")}, "doubling")


@pytest.fixture
def run_locally(tmp_path):
    local.init(
        local.SubprocessRunner(use_venv=False),
        pipeline_root=str(tmp_path / "root"),
        workspace_root=str(tmp_path / "workspace"),
        raise_on_error=True,
    )


def container(component) -> dict:
    [executor] = yaml.safe_load(to_yaml(component))["deploymentSpec"]["executors"].values()
    return executor["container"]


def test_the_component_is_kfps_own(doubling):
    assert isinstance(doubling.double, PythonComponent)
    assert doubling.double.name == "double"
    assert doubling.double.component_spec.inputs["number"].description == "What to double."


def test_the_function_stays_a_plain_function(doubling):
    assert doubling.double.python_func(4) == 8


def test_the_interface_is_the_one_that_kfp_gives(doubling):
    plain = dsl.component(base_image="python:3.11")(doubling.double.python_func)

    ours, kfps = (yaml.safe_load(to_yaml(one)) for one in (doubling.double, plain))

    for document in (ours, kfps):
        del document["deploymentSpec"]["executors"]["exec-double"]["container"]["command"]
    assert ours == kfps


def test_kfps_own_compiler_writes_the_bundle(doubling, tmp_path):
    compiler.Compiler().compile(doubling.double, str(tmp_path / "kfp.yaml"))

    written = yaml.safe_load((tmp_path / "kfp.yaml").read_text())

    assert written == yaml.safe_load(to_yaml(doubling.double))


@pytest.mark.filterwarnings("ignore:You may be attemping:RuntimeWarning")
def test_kfp_local_runs_the_component_with_its_helper(doubling, run_locally):
    assert doubling.double(number=21).output == 42


def test_a_component_loaded_from_its_yaml_runs(doubling, run_locally):
    loaded = components.load_component_from_text(to_yaml(doubling.double))

    assert loaded(number=4).output == 8


def test_conditions_loops_order_and_limits_compile(doubling):
    double = doubling.double

    @dsl.pipeline(name="everything")
    def everything(number: int = 1) -> None:
        cleanup = double(number=0)
        with dsl.ExitHandler(cleanup):
            first = double(number=number).set_cpu_limit("2").set_retry(2)
            with dsl.If(first.output > 1):
                double(number=first.output).after(first).set_caching_options(False)
            with dsl.ParallelFor([1, 2], parallelism=1) as item:
                double(number=item)

    executors = yaml.safe_load(to_yaml(everything))["deploymentSpec"]["executors"]

    assert {executor["container"]["image"] for executor in executors.values()} == {"python:3.11"}


def test_an_edited_helper_reaches_the_next_task_and_not_the_last(load, project):
    files = {"helping.py": HELPER, "doubling.py": DOUBLING.format(options="")}
    double = load(files, "doubling").double
    before = container(double)["command"]

    project({**files, "helping.py": HELPER.replace("2", "3")})

    assert container(double)["command"] != before


def test_a_single_helper_needs_no_list(load):
    source = (
        "import kfpkit\n@kfpkit.component(base_image='python:3.11', helpers='plugin')\n"
        "def use() -> int:\n    return 1\n"
    )

    use = load({"using.py": source, "plugin.py": "number = 1\n"}, "using").use

    assert "plugin.py" in [file.path for file in use.bundle.files]


def test_a_module_that_appears_is_noticed(load, project):
    source = (
        "import kfpkit\n@kfpkit.component(base_image='python:3.11')\n"
        "def use() -> int:\n    import plugin\n    return plugin.number\n"
    )
    use = load({"using.py": source}, "using").use
    before = container(use)["command"]

    project({"using.py": source, "plugin.py": "number = 1\n"})

    assert container(use)["command"] != before


def test_an_edit_of_a_module_that_did_not_ship_is_noticed(load, project):
    files = {
        "using.py": (
            "import kfpkit\nfrom extra.plugins import late\nfrom registry import STEPS\n"
            "def other():\n    return late\n\n"
            "@kfpkit.component(base_image='python:3.11')\n"
            "def use() -> int:\n    return len(STEPS)\n"
        ),
        "registry.py": "STEPS = []\n",
        "extra/plugins.py": "late = 1\n",
    }
    use = load(files, "using").use
    assert "extra/plugins.py" not in [file.path for file in use.bundle.files]
    before = container(use)["command"]

    filling = "from registry import STEPS\nlate = 1\nSTEPS.append(late)\n"
    project({**files, "extra/plugins.py": filling})

    assert container(use)["command"] != before
    assert "extra/plugins.py" in [file.path for file in use.bundle.files]


@pytest.mark.parametrize("pattern", ["data/limits.json", "data/*.json"])
def test_a_data_file_that_appears_or_changes_is_noticed(load, project, pattern):
    source = (
        "from pathlib import Path\nimport kfpkit\n@kfpkit.component(base_image='python:3.11')\n"
        f"def use() -> str:\n    return str(list(Path(__file__).parent.glob('{pattern}')))\n"
    )
    use = load({"using.py": source, "data/x.txt": ""}, "using").use
    commands = [container(use)["command"]]
    for content in ("1", "22"):
        project({"using.py": source, "data/limits.json": content})
        commands.append(container(use)["command"])

    assert commands[0] != commands[1] != commands[2]


def test_string_annotations_are_resolved(load):
    source = (
        "from __future__ import annotations\n"
        "from typing import NamedTuple, Optional\n"
        "import kfpkit\nfrom kfp import dsl\n"
        "class Out(NamedTuple):\n    total: int\n"
        "@kfpkit.component(base_image='python:3.11')\n"
        "def add(data: dsl.Output[dsl.Dataset], a: int, b: Optional[int] = None) -> Out:\n"
        "    open(data.path, 'w').write('x')\n    return Out(a + (b or 0))\n"
        "@kfpkit.component(base_image='python:3.11')\n"
        "def nothing(a: int) -> None:\n    pass\n"
    )
    module = load({"adding.py": source}, "adding")

    assert set(module.add.component_spec.outputs) == {"data", "total"}
    assert module.nothing.component_spec.outputs is None


def test_string_annotations_run(load, run_locally):
    source = (
        "from __future__ import annotations\nimport kfpkit\n"
        "@kfpkit.component(base_image='python:3.11')\n"
        "def add(a: int, b: int = 1) -> int:\n    return a + b\n"
    )

    assert load({"adding.py": source}, "adding").add(a=2).output == 3


def test_an_annotation_that_does_not_exist_at_run_time_is_refused(load):
    source = (
        "from __future__ import annotations\nfrom typing import TYPE_CHECKING\nimport kfpkit\n"
        "if TYPE_CHECKING:\n    from decimal import Decimal\n"
        "@kfpkit.component(base_image='python:3.11')\n"
        "def add(a: Decimal) -> int:\n    return 1\n"
    )

    with pytest.raises(UnresolvedAnnotationError, match=r"adding\.py:6: .* uses `Decimal`"):
        load({"adding.py": source}, "adding")


@pytest.mark.parametrize(
    ("option", "remedy"),
    [
        ("packages_to_install=['numpy']", "poetry add --lock 'numpy'"),
        ("base_image='python:3.11'", "Remove one of them"),
        ("pip_index_urls=['https://example.org']", "Remove `pip_index_urls`"),
        ("use_venv=True", "Remove `use_venv`"),
        ("kfp_package_path='kfp'", "Remove `kfp_package_path`"),
    ],
)
def test_an_environment_excludes_what_it_replaces(load, option, remedy):
    source = (
        f"import kfpkit\n@kfpkit.component(environment='gcp', {option})\n"
        "def add(a: int) -> int:\n    return 1\n"
    )

    with pytest.raises(ConflictingOptionsError) as refused:
        load({"adding.py": source}, "adding")

    assert "adding.py:2: `environment='gcp'`" in str(refused.value)
    assert remedy in str(refused.value)


def test_an_unknown_environment_is_refused_at_the_component_that_asks_for_it(load):
    source = (
        "import kfpkit\n@kfpkit.component(environment='gpc')\n"
        "def add(a: int) -> int:\n    return 1\n"
    )
    add = load({"adding.py": source, "environments/gcp/pyproject.toml": ""}, "adding").add

    with pytest.raises(UnknownEnvironmentError, match="Did you mean `gcp`") as refused:
        _ = add.bundle

    assert "adding.py:2: the environment `gpc`" in str(refused.value)


def test_an_environment_of_tools_runs_no_component(load):
    source = (
        "import kfpkit\n@kfpkit.component(environment='tools')\n"
        "def add(a: int) -> int:\n    return 1\n"
    )
    tools = "[tool.kfpkit.environment]\nimage = false\n"
    add = load({"adding.py": source, "environments/tools/pyproject.toml": tools}, "adding").add

    with pytest.raises(NoImageError, match="`image = false`"):
        _ = add.bundle


@pytest.mark.parametrize(
    ("environment", "remedy"),
    [
        (
            "text",
            'Rebind it, `train_model.in_environment("NAME")`, or run ',
        ),
        (
            "sklearn2",
            'Did you mean `train_model.in_environment("sklearn2")`? Otherwise, run ',
        ),
    ],
)
def test_a_component_of_the_catalogue_can_be_bound_to_what_there_is(
    project, monkeypatch, environment, remedy
):
    monkeypatch.chdir(project({f"environments/{environment}/pyproject.toml": ""}))

    with pytest.raises(UnknownEnvironmentError) as refused:
        _ = train_model.bundle

    assert "train_model.py" in str(refused.value)
    assert f"{remedy}`kfpkit env new sklearn --from kfpkit:sklearn`" in str(refused.value)


def test_kfps_warnings_show_the_authors_line(load):
    source = "import kfpkit\n@kfpkit.component\ndef add(a: int) -> int:\n    return 1\n"

    with pytest.warns(FutureWarning, match="base_image") as caught:
        load({"adding.py": source}, "adding")

    assert (caught[0].filename[-9:], caught[0].lineno) == ("adding.py", 2)


def test_kfps_install_step_stands_in_front_of_the_start_up(load):
    source = DOUBLING.format(
        options=", packages_to_install=['six==1.17.0'], pip_index_urls=['https://example.org/']"
    )
    double = load({"helping.py": HELPER, "doubling.py": source}, "doubling").double

    command = container(double)["command"]

    assert command[:2] == ["sh", "-c"]
    assert "--index-url https://example.org/" in command[2]
    assert "'six==1.17.0'" in command[2]
    assert "kfp==" in command[2]
    assert command[3:5] == ["python3", "-c"]


def test_without_an_image_kfps_default_image_serves(load):
    source = "import kfpkit\n@kfpkit.component\ndef one() -> int:\n    return 1\n"

    assert container(load({"ones.py": source}, "ones").one)["image"].startswith("python:3")


def test_a_target_image_stays_kfps_containerized_component(load):
    source = DOUBLING.format(options=", target_image='registry/image'")
    double = load({"helping.py": HELPER, "doubling.py": source}, "doubling").double

    assert container(double)["image"] == "registry/image"
    assert container(double)["command"] == ["python3", "-m", "kfp.dsl.executor_main"]


def test_additional_functions_keep_their_meaning(load, run_locally):
    source = (
        "import kfpkit\ndef thrice(number):\n    return 3 * number\n"
        "@kfpkit.component(base_image='python:3.11', additional_funcs=[thrice])\n"
        "def triple(number: int) -> int:\n    return thrice(number)\n"
    )

    assert load({"tripling.py": source}, "tripling").triple(number=3).output == 9


def test_an_embedded_artifact_keeps_its_meaning(load, run_locally):
    source = (
        "import kfpkit\nfrom kfp import dsl\n"
        "@kfpkit.component(base_image='python:3.11', embedded_artifact_path='assets')\n"
        "def read(assets: dsl.EmbeddedInput[dsl.Dataset]) -> str:\n"
        "    import os\n"
        "    return open(os.path.join(assets.path, 'word.txt')).read()\n"
    )
    module = load({"reading.py": source, "assets/word.txt": "hello"}, "reading")

    assert module.read().output == "hello"


def test_an_output_file_holds_the_bundle(load, tmp_path):
    source = DOUBLING.format(options=f", output_component_file={str(tmp_path / 'c.yaml')!r}")
    load({"helping.py": HELPER, "doubling.py": source}, "doubling")

    [executor] = yaml.safe_load((tmp_path / "c.yaml").read_text())["deploymentSpec"][
        "executors"
    ].values()
    assert executor["container"]["command"][:2] == ["python3", "-c"]


def test_a_foreign_image_says_that_its_imports_are_not_checked(load, caplog):
    source = (
        "import kfpkit\n@kfpkit.component(base_image='team/image:1')\n"
        "def use() -> int:\n    import pandas\n    return len(pandas.__version__)\n"
    )
    use = load({"using.py": source}, "using").use

    to_yaml(use)

    assert "`use` runs in the image `team/image:1`" in caplog.text
    assert "`pandas` cannot be checked" in caplog.text


REPLACED = """\
import kfpkit
from helping import twice
from kfp import dsl

dsl.component = kfpkit.component


@dsl.component(base_image="python:3.11")
def double(number: int, log: dsl.Output[dsl.Artifact]) -> int:
    log.metadata["kind"] = type(log).__name__
    return twice(number)


@dsl.component
def quadruple(number: int) -> int:
    return twice(twice(number))


again = dsl.component(quadruple.python_func, base_image="python:3.11")
"""


@pytest.fixture
def replaced(load, monkeypatch):
    """Return a module that puts kfpkit's decorator in place of KFP's."""
    monkeypatch.setattr(dsl, "component", dsl.component)
    return load({"helping.py": HELPER, "replacing.py": REPLACED}, "replacing")


@pytest.mark.filterwarnings("ignore:The default base_image")
def test_kfps_decorator_can_be_replaced_by_kfpkits(replaced, run_locally):
    assert all(
        isinstance(each, Component)
        for each in (replaced.double, replaced.quadruple, replaced.again)
    )
    assert replaced.double(number=4).outputs["Output"] == 8
    assert replaced.quadruple(number=4).output == 16


def test_a_component_saved_before_its_first_use_holds_the_bundle(doubling, tmp_path, run_locally):
    doubling.double.component_spec.save_to_component_yaml(str(tmp_path / "double.yaml"))

    loaded = components.load_component_from_file(str(tmp_path / "double.yaml"))

    assert container(loaded)["command"][:2] == ["python3", "-c"]
    assert loaded(number=4).output == 8


def test_a_component_s_specification_always_holds_the_bundle_as_it_is_now(doubling, project):
    def command():
        return doubling.double.component_spec.implementation.container.command

    before = command()
    project({"helping.py": "def twice(number):\n    return number + number\n"})

    assert before[:2] == ["python3", "-c"]
    assert command() != before
