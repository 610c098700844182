"""The tables of targets: what is read, and what is refused, with the line of each fault."""

import pytest

from kfpkit.errors import InvalidTargetsError, UnknownTargetError
from kfpkit.project import find_project
from kfpkit.targets import find_target, read_targets
from kfpkit.targets.reading import list_keys
from kfpkit.targets.target import VertexTarget

HEAD = "[tool.kfpkit]\n"
DEV = """
[tool.kfpkit.targets.dev]
kind = "vertex"
project = "my-project"
location = "europe-west4"
pipeline-root = "gs://my-bucket/pipelines"
"""
ALL_KEYS = """
[tool.kfpkit.targets.prod]
kind = "vertex"
project = "example.com:my-project"
location = "europe-west4"
pipeline-root = "gs://my-bucket"
service-account = "pipelines@my-project.iam.gserviceaccount.com"
network = "projects/123456/global/networks/vpc"
encryption-key = "projects/p/locations/europe-west4/keyRings/r/cryptoKeys/k"
labels = {team = "churn"}
experiment = "churn"
failure-policy = "fast"
preflight = true
impersonate-service-account = "ci@my-project.iam.gserviceaccount.com"
quota-project = "my-quota"
confirm = true
allow-dirty = true
"""


@pytest.fixture
def read(tmp_path):
    def read_text(text):
        (tmp_path / "pyproject.toml").write_text(HEAD + text)
        return read_targets(find_project(tmp_path))

    return read_text


@pytest.fixture
def refuse(read):
    def list_faults(text):
        with pytest.raises(InvalidTargetsError) as refused:
            read(text)
        return [(fault.where.line, fault.problem) for fault in refused.value.faults]

    return list_faults


def test_a_project_without_targets_has_none(read, tmp_path):
    assert read("") == {}
    with pytest.raises(UnknownTargetError, match=r"has no target `dev`. Add one, for example:\n"):
        find_target(find_project(tmp_path), "dev")


def test_a_target_is_found_by_its_name(read, tmp_path):
    read(DEV)
    target = find_target(find_project(tmp_path), "dev")

    assert (target.name, target.kind, target.bucket) == ("dev", "vertex", "my-bucket")
    assert target.parent == "projects/my-project/locations/europe-west4"


def test_every_key_is_read(read):
    targets = read(DEV + ALL_KEYS)

    assert list(targets) == ["dev", "prod"]
    given = {line.split(" = ")[0] for line in ALL_KEYS.splitlines() if " = " in line}
    assert {*list_keys(VertexTarget)} - given == {
        "psc-interface",
        "template-repository",
    }
    assert targets["prod"].labels == {"team": "churn"}
    assert targets["prod"].confirm


def test_an_unknown_target_is_refused_with_the_nearest_name(read, tmp_path):
    read(DEV + ALL_KEYS)
    with pytest.raises(UnknownTargetError, match=r"has no target `prdo`\. Did you mean `prod`\?"):
        find_target(find_project(tmp_path), "prdo")
    with pytest.raises(UnknownTargetError, match="Choose one of `dev`, `prod`") as refused:
        find_target(find_project(tmp_path), "x")
    assert (refused.value.name, refused.value.known) == ("x", ("dev", "prod"))


def test_all_faults_of_all_targets_are_listed_with_their_lines(refuse):
    text = DEV.replace('location = "europe-west4"\n', "") + ALL_KEYS.replace(
        "preflight", "preflite"
    )
    [missing, unknown] = refuse(text)

    assert missing[0] == 3
    assert "`location` is missing; there is no default" in missing[1]
    assert unknown[0] == 19
    assert "`preflite`: it is not a key of targets; did you mean `preflight`?" in unknown[1]


def test_the_message_names_file_and_line(read, tmp_path):
    with pytest.raises(InvalidTargetsError) as refused:
        read(DEV.replace("gs://", "s3://"))
    assert str(refused.value) == (
        "The project's targets have 1 fault:\n"
        f"  {tmp_path / 'pyproject.toml'}:7: [tool.kfpkit.targets.dev] `pipeline-root` is "
        "'s3://my-bucket/pipelines': write a folder such as `gs://my-bucket/pipelines`\n"
        "Correct each place."
    )


@pytest.mark.parametrize(
    ("before", "after", "line", "problem"),
    [
        (
            'kind = "vertex"',
            'kind = "vertx"',
            4,
            "`kind` is 'vertx'; choose one of `vertex`, `kubeflow`, `emulator`",
        ),
        (
            'kind = "vertex"',
            "",
            3,
            "`kind` is missing; choose one of `vertex`, `kubeflow`, `emulator`",
        ),
        ('"my-project"', '"My Project"', 5, "`project` is 'My Project': write the id"),
        ('"my-project"', "123456", 5, "`project` is 123456: input should be a valid string"),
        ("europe-west4", "europe-west4-a", 6, "that is a zone; write its region, `europe-west4`"),
        ("europe-west4", "Europe", 6, "write the name of a region, such as `europe-west4`"),
        ("gs://my-bucket", "my-bucket", 7, "`pipeline-root` is 'my-bucket/pipelines': write a"),
        ("[tool.kfpkit.targets.dev]", "[tool.kfpkit.targets.Dev]", 3, "`Dev` can't be the name"),
    ],
)
def test_a_wrong_value_is_refused_at_its_line(refuse, before, after, line, problem):
    [fault] = refuse(DEV.replace(before, after))
    assert fault[0] == line
    assert problem in fault[1]


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ('registry = "eu.pkg.dev/p/r"', "`registry`: one registry serves all targets"),
        ('endpoint = "http://localhost"', "`endpoint`: the addresses of Vertex AI follow from"),
        ('pipeline_root = "gs://b"', "`pipeline_root`: it is not a key of targets; did you mean"),
        ('service-account = "me@example.com"', "write the email address of a service account"),
        ('network = "projects/my-project/global/networks/vpc"', "with the project's number"),
        ('template-repository = "eu.pkg.dev"', "`https://LOCATION-kfp.pkg.dev/PROJECT/REPOSITORY`"),
        ('psc-interface = "attachment"', "`projects/PROJECT/regions/REGION/networkAttachments/"),
        ('encryption-key = "key"', "`projects/PROJECT/locations/REGION/keyRings/RING/cryptoKeys/"),
        ('failure-policy = "never"', "`failure-policy` is 'never': input should be 'fast' or"),
        ('preflight = "yes"', "`preflight` is 'yes': input should be a valid boolean"),
        ("labels = 3", "`labels` is 3: input should be a valid dictionary"),
        ('labels = {Team = "x"}', "a key begins with a lowercase letter"),
        ('labels = {team = "A B"}', "the value may have lowercase letters, digits, `_` and `-`"),
        ('labels = {kfpkit-run = "a"}', "keys that begin with `kfpkit-` are kfpkit's"),
    ],
)
def test_a_wrong_key_is_refused_at_its_line(refuse, key, problem):
    [fault] = refuse(f"{DEV}{key}\n")
    assert fault[0] == 8
    assert problem in fault[1]


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        (
            """network = "projects/1/global/networks/v"
psc-interface = "projects/p/regions/r/networkAttachments/a"
""",
            "`network` and `psc-interface` exclude each other",
        ),
        (
            'encryption-key = "projects/p/locations/us-east1/keyRings/r/cryptoKeys/k"\n',
            "`encryption-key` is in `us-east1`; Vertex AI needs one in the target's location",
        ),
        ("allow-dirty = true\n", "`allow-dirty` has no effect without `confirm = true`"),
    ],
)
def test_keys_that_contradict_each_other_are_refused(refuse, keys, problem):
    [fault] = refuse(DEV + keys)
    assert problem in fault[1]


def test_the_emulator_needs_no_keys_and_takes_few(read, refuse):
    target = read('[tool.kfpkit.targets.laptop]\nkind = "emulator"\n')["laptop"]
    assert (target.project, target.bucket) == ("local-project", "local-bucket")
    [fault] = refuse('[tool.kfpkit.targets.laptop]\nkind = "emulator"\nconfirm = true\n')
    assert fault[0] == 4
    assert "`confirm`: it is not a key of targets; the keys are `kind`, `project`" in fault[1]


def test_a_target_that_is_no_table_is_refused(refuse):
    assert refuse('targets.dev = "vertex"\n') == [
        (2, "[tool.kfpkit.targets.dev] `dev` must be a table: `[tool.kfpkit.targets.NAME]`")
    ]
    assert refuse("targets = 3\n") == [(None, "`tool.kfpkit.targets` is not a table")]


def test_other_commands_ignore_targets(tmp_path):
    (tmp_path / "pyproject.toml").write_text(f'{HEAD}registry = "eu.pkg.dev/p/r"\n{DEV}x = 1\n')
    assert find_project(tmp_path).registry == "eu.pkg.dev/p/r"
