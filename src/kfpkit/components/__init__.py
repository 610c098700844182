"""The catalogue: one component per file, named after it.

    from kfpkit.components.train_model import train_model

This module stays empty: it ships with every component, and would pull its neighbours along.
"""
