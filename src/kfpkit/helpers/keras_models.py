"""Keras networks by name, and the files of their models: `.keras`, read without code in it."""

from __future__ import annotations

import inspect
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from kfpkit.helpers.fitting import Job, both_probabilities
from kfpkit.helpers.hyperparameters import Names

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
try:
    import keras
except ImportError:
    keras = None

NAME = "keras"
_FILE = "model.keras"
_BATCH = 4096
_FARTHEST = 5.0  # standard deviations from the mean


def version() -> str:
    """Return the installed version."""
    return str(keras.__version__)


def takes_gaps(estimator: str) -> bool:  # noqa: ARG001 - none of them does
    """Return whether features may be missing."""
    return False


def list_names(estimator: str, task: str) -> Names:  # noqa: ARG001 - all have the same
    """Return the names of hyperparameters: the arguments of `fit_network`."""
    names = inspect.signature(fit_network).parameters
    return Names(known=frozenset(names) - {"job"})


def fit(job: Job) -> Any:
    """Train a network."""
    return fit_network(job, **job.hyperparameters)


def fit_network(
    job: Job,
    *,
    hidden_units: Sequence[int] = (64, 32),
    activation: str = "relu",
    dropout: float = 0.0,
    l2: float = 0.0,
    learning_rate: float = 0.001,
    epochs: int = 30,
    batch_size: int = 64,
) -> Any:
    """Train a network of dense layers on standardized features, with Adam.

    Standardized features are clipped, because a network extrapolates without bounds from values
    that are far from those in training. A feature that is constant in training is ignored.

    Source: D. Kingma, J. Ba, Adam: A Method for Stochastic Optimization, 2015, arXiv:1412.6980.

    Args:
        job: What to train.
        hidden_units: The number of units of each hidden layer.
        activation: The activation of hidden layers, by Keras's name.
        dropout: The share of units that are left out at a time.
        l2: The factor of the squared weights in the loss.
        learning_rate: The step of the optimizer.
        epochs: The number of passes over the rows, at most.
        batch_size: The number of rows of a step.

    Returns:
        The network.
    """
    keras.utils.set_random_seed(job.seed)
    layers = [keras.Input((job.rows.features.shape[1],)), *_first_layers(job.rows.features)]
    for units in hidden_units:
        penalty = keras.regularizers.L2(l2) if l2 else None
        layers.append(keras.layers.Dense(int(units), activation, kernel_regularizer=penalty))
        layers += [keras.layers.Dropout(dropout)] if dropout else []
    center, width = _scale_of(job)
    layers += _last_layers(job, center, width)
    network = keras.Sequential(layers)
    losses = {"binary": "binary_crossentropy", "multiclass": "sparse_categorical_crossentropy"}
    network.compile(
        keras.optimizers.Adam(learning_rate), loss=losses.get(job.task, _scaled_loss(width))
    )
    stopping, validation = _stopping_of(job)
    network.fit(
        job.rows.features,
        job.rows.target,
        sample_weight=job.rows.weights,
        epochs=int(epochs),
        batch_size=int(batch_size),
        validation_data=validation,
        callbacks=stopping,
        verbose=0,
    )
    _require_numbers(network)
    return network


def predict(network: Any, features: np.ndarray, task: str) -> np.ndarray:
    """Return probabilities by class, or values."""
    parts = [
        np.asarray(network(features[at : at + _BATCH].astype("float32"), training=False))
        for at in range(0, len(features), _BATCH)
    ]
    predicted = np.concatenate(parts).astype("float64")
    if task == "multiclass":
        return predicted
    return both_probabilities(predicted[:, 0]) if task == "binary" else predicted[:, 0]


def explain(network: Any, features: np.ndarray) -> np.ndarray | None:  # noqa: ARG001 - one interface
    """Return None: Keras has no SHAP values of its own."""
    return None


def save(network: Any, folder: Path) -> None:
    """Write a network."""
    network.save(folder / _FILE)


def load(folder: Path, task: str) -> Any:  # noqa: ARG001 - one interface
    """Read a network. Its optimizer and loss stay behind."""
    return keras.models.load_model(folder / _FILE, compile=False, safe_mode=True)


def _scale_of(job: Job) -> tuple[float, float]:
    if not job.is_regression:
        return 0.0, 1.0
    return float(job.rows.target.mean()), float(job.rows.target.std()) or 1.0


def _first_layers(features: np.ndarray) -> list[Any]:
    """Return the layers that standardize and clip. They are part of the model's file."""
    width = features.std(axis=0)
    # Variation within the rounding of 32-bit numbers must not be blown up to noise.
    tiny = 10 * np.finfo("float32").eps * np.abs(features).max(axis=0, initial=0)
    variance = np.where(width > tiny, np.square(width * _FARTHEST), np.finfo("float32").max)
    return [
        keras.layers.Normalization(mean=features.mean(axis=0), variance=variance),
        keras.layers.Activation("hard_tanh"),  # clips to -1 and 1
        keras.layers.Rescaling(_FARTHEST),
    ]


def _last_layers(job: Job, center: float, width: float) -> list[Any]:
    if job.task == "binary":
        return [keras.layers.Dense(1, "sigmoid", name="probability")]
    if job.task == "multiclass":
        return [keras.layers.Dense(job.classes, "softmax", name="probabilities")]
    # A network learns numbers around 0 far better than, say, prices.
    return [keras.layers.Dense(1), keras.layers.Rescaling(width, center, name="value")]


def _scaled_loss(width: float) -> Any:
    def loss(target: Any, predicted: Any) -> Any:
        return keras.ops.mean(keras.ops.square((target - predicted) / width), axis=-1)

    return loss


def _stopping_of(job: Job) -> tuple[list[Any], Any]:
    if job.validation is None:
        return [], None
    stops = keras.callbacks.EarlyStopping(patience=job.patience, restore_best_weights=True)
    rows = (job.validation.features, job.validation.target)
    weights = job.validation.weights
    return [stops], rows if weights is None else (*rows, weights)


def _require_numbers(network: Any) -> None:
    if not all(np.isfinite(weights).all() for weights in network.get_weights()):
        raise ValueError(
            "The network has diverged: its weights are no numbers. Use a lower `learning_rate`."
        )
