"""`breast_cancer_data`: the Wisconsin breast cancer data, which scikit-learn carries."""

from kfp import dsl

import kfpkit


@kfpkit.component(environment="sklearn")
def breast_cancer_data(data: dsl.Output[dsl.Dataset]) -> None:
    """Write the Wisconsin breast cancer data: real measurements for trying a pipeline out.

    Source: W. Wolberg, O. Mangasarian, N. Street, W. Street, Breast Cancer Wisconsin (Diagnostic),
    UCI Machine Learning Repository, 1993, https://doi.org/10.24432/C5DW2B, as scikit-learn's
    `load_breast_cancer` carries it.

    Returns:
        data: 569 rows as Parquet, one for each sample: `sample_id` (text, `wdbc-001` to `wdbc-569`
            in the order of the source), `malignant` (1 malignant, 0 benign) and 30 features
            of the cell nuclei, floating point: `mean_`, `error_` (standard error) and `worst_`
            (mean of the three largest) of radius, texture, perimeter, area and six more. Lengths
            are in pixels of the source's images.
    """
    from kfpkit.helpers.samples import breast_cancer
    from kfpkit.helpers.tables import write_table

    table = breast_cancer()
    write_table(table, data.path)
    data.metadata = {"rows": len(table), "columns": len(table.columns)}
