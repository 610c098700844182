"""BigQuery on this machine: `local-bigquery`, mended where its answers would be wrong.

Tables live in the data folder. `gs://` addresses go to the Cloud Storage emulator that
`STORAGE_EMULATOR_HOST` names, and a client that names no project gets the one of
`GOOGLE_CLOUD_PROJECT`. Nothing is downloaded: DuckDB's extensions come from installed packages.

The rule for each feature: it is right, or it is refused with "not emulated" and what to do instead.
A module stands for one of them, with a function `install` that puts it where the package asks:

- `files`: addresses in Cloud Storage, with `*` across folders; no other addresses.
- `avro`: Avro files are written without an extension of DuckDB.
- `external`, `external_statements`: external tables are read when they are queried.
- `partitions`: `table$20240501` as the destination of a job.
- `locations`: jobs and tables are where their data is.
- `limits`: `maximum_bytes_billed`.
- `statements`: SQL that the package misreads, or would seem to run.
- `json_rows`: the fields of JSON rows, and those that the schema lacks.
- `refusals`: what remains.

Besides HTTP, a `gateway` leads clients of the Storage Read API here, without their knowing.
"""

from __future__ import annotations

from .serving import serve

__all__ = ["serve"]
