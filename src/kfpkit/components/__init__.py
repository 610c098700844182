"""The catalogue: one component per file, named after it.

    from kfpkit.components.train_model import train_model

Keep this module empty: it ships with every component, and so does anything that it imports.
"""
