"""Environments that tests of several components claim."""

# What trains, measures and predicts ships for both libraries, and needs scikit-learn at least.
WITH_SKLEARN = ("catboost-*", "lightgbm", "sklearn", "tensorflow", "xgboost-*")
