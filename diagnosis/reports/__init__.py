"""The diagnosis report: what is known of phase 3, section by section."""

from diagnosis.reports.report import build_diagnosis_report

__all__ = ["build_diagnosis_report"]
