"""The diagnosis report: what is known of phase 3, section by section."""

from diagnosis.reports.report import PARTS, build_diagnosis_report

__all__ = ["PARTS", "build_diagnosis_report"]
