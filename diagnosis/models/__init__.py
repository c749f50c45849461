"""All tables of the app, by topic."""

from diagnosis.models.findings import Finding

__all__ = ["Finding"]
