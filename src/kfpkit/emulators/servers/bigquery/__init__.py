"""BigQuery on this machine: `local-bigquery`, with corrections for wrong answers.

Tables are stored in the data folder. `gs://` addresses refer to the Cloud Storage emulator at
`STORAGE_EMULATOR_HOST`. The default project of clients is `GOOGLE_CLOUD_PROJECT`. Nothing is
downloaded: DuckDB's extensions come from installed packages.

The rule for each feature: it is correct, or it is refused with "not emulated" and an alternative.
Each module implements a feature, with a function `install` that adds it at the package's extension
point:

- `files`: addresses in Cloud Storage, with `*` across folders, and no other addresses.
- `avro`: Avro files are written without an extension of DuckDB.
- `external`, `external_statements`: external tables are read when they are queried.
- `partitions`: `table$20240501` as the destination of a job.
- `locations`: jobs and tables have the location of their data.
- `limits`: `maximum_bytes_billed`.
- `statements`: SQL that the package misreads or silently ignores.
- `row_counts`: tables have the number of their rows after deletions, too.
- `json_rows`: the fields of JSON rows, including those that the schema lacks.
- `refusals`: everything else.

In addition to HTTP, a `gateway` directs clients of the Storage Read API to this server, without
changes in the clients.
"""

from __future__ import annotations

from .serving import serve

__all__ = ["serve"]
