"""`breast_cancer_data`: write the Wisconsin breast cancer data set from scikit-learn."""

from kfp import dsl

import kfpkit


@kfpkit.component(environment="sklearn")
def breast_cancer_data(data: dsl.Output[dsl.Dataset]) -> None:
    """Write the Wisconsin breast cancer data set: real measurements to try a pipeline with.

    Source: W. Wolberg, O. Mangasarian, N. Street, W. Street, Breast Cancer Wisconsin (Diagnostic),
    UCI Machine Learning Repository, 1993, https://doi.org/10.24432/C5DW2B, as included in
    scikit-learn (`load_breast_cancer`).

    Returns:
        data: 569 rows as Parquet, one per sample. Columns: `sample_id` (string, `wdbc-001` to
            `wdbc-569`, in the order of the source), `malignant` (1 malignant, 0 benign) and 30
            floating-point features of the cell nuclei: `mean_`, `error_` (standard error) and
            `worst_` (mean of the three largest values) of radius, texture, perimeter, area and
            six other measurements. Lengths are in pixels of the source images.
    """
    from kfpkit.helpers.samples import breast_cancer
    from kfpkit.helpers.tables import write_table

    table = breast_cancer()
    write_table(table, data.path)
    data.metadata = {"rows": len(table), "columns": len(table.columns)}
