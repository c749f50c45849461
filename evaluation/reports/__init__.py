"""The evaluation report: what was reached, what it was worth, what was learned."""

from evaluation.reports.report import PARTS, build_evaluation_report

__all__ = ["PARTS", "build_evaluation_report"]
