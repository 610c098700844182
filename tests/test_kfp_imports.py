"""What the door to KFP leans on, and that nobody notices it."""

import json
import os
import subprocess
import sys

import pytest

OPEN = "from kfpkit.kfp_imports import import_without_client\nimport_without_client()\n"
HEAVY = """\
heavy = {"kubernetes", "kfp.client", "google.auth", "kfp_server_api", "requests"}
print(sorted(heavy & set(sys.modules)))
"""


def printed(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", f"import sys\n{code}"],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"]},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_what_compiling_and_running_imports_leaves_the_client_out():
    modules = "kfp.dsl, kfp.compiler, kfp.local, kfpkit.compiler.compiler, kfpkit.local"

    assert printed(f"{OPEN}import {modules}\n{HEAVY}") == "[]"


def test_compiling_needs_no_library_that_checks_or_asks():
    heavy = "print(sorted({'pydantic', 'requests', 'rich', 'typer'} & set(sys.modules)))"

    assert (
        printed(f"{OPEN}import kfpkit.compiler.compiler, kfpkit.loading.pipelines\n{heavy}") == "[]"
    )


def test_without_the_door_kfp_imports_its_client():
    assert "kubernetes" in printed(f"import kfp\n{HEAVY}")


def test_the_switch_is_not_left_behind():
    assert printed(f"{OPEN}import os\nprint('_KFP_RUNTIME' in os.environ)") == "False"


@pytest.mark.parametrize(
    "use",
    [
        "import kfp\nprint(kfp.Client)",
        "import kfp\nprint(kfp.client.Client)",
        "from kfp import Client\nprint(Client)",
        "from kfp import client\nprint(client.Client)",
        "from kfp.client import Client\nprint(Client)",
        "import kfp.client\nimport kfp\nprint(kfp.Client)",
        "from kfp import *\nprint(Client)",
        "import kfp.dsl, kfp\nprint(kfp.client.client.Client)",
    ],
)
def test_whoever_asks_for_the_client_gets_the_real_one(use):
    assert printed(OPEN + use) == "<class 'kfp.client.client.Client'>"


def test_the_rest_of_kfp_is_what_it_always_is():
    uses = (
        "from kfp import compiler, components, dsl\nprint(compiler, components, dsl)\n"
        "import kfp\nprint(kfp.components, kfp.dsl, kfp.compiler, kfp.local)\n"
        "print(hasattr(kfp, 'registry'), hasattr(kfp, 'cli'))\n"
        "from kfp import registry\nprint(registry)\n"
        "print(kfp.__version__, kfp.TYPE_CHECK, kfp.__path__, kfp.__name__)\n"
        "print(hasattr(kfp, 'absent'), hasattr(kfp, '_absent'))\n"
        "print(hasattr(kfp, '__all__'), kfp.Client)\n"
    )

    assert printed(OPEN + uses) == printed(uses)


def test_every_attribute_is_there_and_the_same():
    describe = (
        "import kfp, json\n"
        "print(json.dumps({name: type(getattr(kfp, name)).__name__ for name in dir(kfp)}))"
    )

    assert json.loads(printed(OPEN + describe)) == json.loads(printed(describe))


def test_nothing_of_the_door_is_left_once_the_client_is_there():
    code = (
        "import kfp\nkfp.Client\nprint('__getattr__' in vars(kfp), kfp.Client is kfp.client.Client)"
    )

    assert printed(OPEN + code) == "False True"


def test_what_is_not_there_is_an_attribute_error_that_names_it():
    code = "import kfp\ntry:\n    kfp.absent\nexcept AttributeError as error:\n    print(error)"

    assert printed(OPEN + code) == printed(code) == "module 'kfp' has no attribute 'absent'"


def test_modules_have_no_stand_ins():
    code = (
        "import kfp.dsl, kfp.compiler\n"
        "print([name for name, module in sys.modules.items() if name[:3] == 'kfp' and "
        "'kfpkit' not in name and not module.__spec__.origin.endswith('.py')])"
    )

    assert printed(OPEN + code) == "[]"


def test_an_imported_kfp_and_a_container_are_left_alone():
    assert printed(f"import kfp\n{OPEN}print('__getattr__' in vars(kfp))") == "False"
    started = "import os\nos.environ['_KFP_RUNTIME'] = 'true'\n"
    assert printed(f"{started}{OPEN}print('kfp' in sys.modules)") == "False"


PIPELINE = """\
import sys

import kfpkit
{imports}
from kfp import dsl

print(*sorted({{"kubernetes", "requests"}} & set(sys.modules)), {uses})


@kfpkit.component(base_image="python:3.11")
def one() -> int:
    return 1


@dsl.pipeline(name="ones")
def ones() -> int:
    return one().output
"""


@pytest.mark.parametrize(
    ("imports", "uses", "seen"),
    [
        ("", "''", ""),
        ("import kfp", "kfp.dsl.__name__", "kfp.dsl"),
        ("import kfp", "kfp.Client.__name__", "Client"),
        ("from kfp import client", "client.Client.__name__", "kubernetes requests Client"),
        ("from kfp import *", "Client.__name__", "kubernetes requests Client"),
    ],
)
def test_a_pipeline_file_meets_the_client_when_it_asks_for_it(project, imports, uses, seen):
    root = project({"pipeline.py": PIPELINE.format(imports=imports, uses=uses)})

    done = subprocess.run(
        [sys.executable, "-m", "kfpkit", "compile", str(root), "-o", str(root / "ones.yaml")],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.splitlines()[0].strip() == seen
    assert "python:3.11" in (root / "ones.yaml").read_text()
