"""Audits locked environments: vulnerabilities, licenses, bills of materials."""

from __future__ import annotations

from kfpkit.environments.audit.audit import Audit, audit_environments
from kfpkit.environments.audit.sbom import make_sbom
from kfpkit.environments.audit.vulnerabilities import Vulnerability

__all__ = ["Audit", "Vulnerability", "audit_environments", "make_sbom"]
