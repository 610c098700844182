from __future__ import annotations

from misbehaving import refused_address, serve

__all__ = ["refused_address", "serve"]  # fixtures
