"""Train a model on tumour samples, and measure it."""

from kfp import dsl
from kfpkit.components import breast_cancer_data, evaluate_model, split_data, train_model

from my_project.components import prepare_samples

KEY = "sample_id"
TARGET = "malignant"


@dsl.pipeline(name="training")
def training(estimator: str = "random_forest", test_fraction: float = 0.25) -> None:
    """Tell malignant from benign samples.

    Args:
        estimator: `random_forest` or `logistic_regression`.
        test_fraction: Which share of the samples measures the model.
    """
    samples = breast_cancer_data().outputs["data"]
    prepared = prepare_samples(samples=samples).outputs["prepared_samples"]
    # The catalogue runs this component in the environment `gcp`; here, one environment is enough.
    split = split_data.in_environment("sklearn")(
        data=prepared, key=KEY, test_fraction=test_fraction
    )
    trained = train_model(
        train_data=split.outputs["train_data"], estimator=estimator, target=TARGET, key=KEY
    )
    evaluate_model(test_data=split.outputs["test_data"], model=trained.outputs["model"])
