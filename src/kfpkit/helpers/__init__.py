"""Modules for component bodies. They ship into containers and import only other helpers."""
