"""The tables of the methods that Vertex AI's emulator knows."""

from __future__ import annotations

from itertools import groupby

from kfpkit.emulators.servers.vertex.methods_table import Row, list_rows

TESTS = "tests/emulators/vertex"
JOBS = f"{TESTS}/test_pipeline_jobs.py"
EXAMPLE = f"{TESTS}/test_example.py"
REGISTRY = f"{TESTS}/test_registry.py"
# The methods that clients for people call in tests: those of Vertex AI and of kfp's registry.
OFFICIAL = {
    **dict.fromkeys(
        (
            *("CreatePipelineJob", "GetPipelineJob", "ListPipelineJobs", "CancelPipelineJob"),
            *("DeletePipelineJob", "GetOperation", "GetProject"),
        ),
        JOBS,
    ),
    **dict.fromkeys(
        (
            *("UploadModel", "GetModel", "ListModelVersions", "MergeVersionAliases", "DeleteModel"),
            *("GetMetadataStore", "CreateContext", "GetContext", "GetArtifact", "ListExecutions"),
            *("ListContexts", "UpdateContext", "DeleteContext", "AddContextChildren"),
        ),
        EXAMPLE,
    ),
    **dict.fromkeys(
        (
            *("GetPackage", "ListPackages", "DeletePackage", "GetVersion", "ListVersions"),
            *("DeleteVersion", "GetTag", "ListTags", "CreateTag", "UpdateTag", "DeleteTag"),
            *("Upload", "Download"),
        ),
        REGISTRY,
    ),
    "ListLogEntries": f"{TESTS}/test_services.py",
}


def write_reference() -> str:
    """Return a table for each service."""
    rows = [row for row in list_rows() if row.service.rpartition(".")[2] != "ScheduleService"]
    rows += [row for row in list_rows() if row not in rows]
    tables = []
    for service, methods in groupby(rows, lambda row: row.service):
        head = ["| Method | Served | Address over REST | Test |", "| --- | --- | --- | --- |"]
        tables.append("\n".join([f"## `{service}`\n", *head, *map(_write_row, methods)]))
    return "\n\n".join(tables)


def _write_row(row: Row) -> str:
    served = ("REST, gRPC" if row.has_rpc else "REST") if row.is_served else "no"
    test = f"`{OFFICIAL[row.name].rpartition('/')[2]}`" if row.name in OFFICIAL else ""
    return f"| `{row.name}` | {served} | `{row.verb} {row.uri}` | {test} |"
