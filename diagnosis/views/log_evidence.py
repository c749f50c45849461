"""What event logs showed of a problem, for the page of the problem."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from diagnosis.models import LogEvidence, Problem
from diagnosis.views.log_filters import query_of


def evidence_rows(problem: Problem) -> list[dict[str, Any]]:
    """What logs showed of a problem, for its page; one query."""
    rows = LogEvidence.objects.filter(problem=problem).select_related("log")
    return [
        {
            "text": one.text,
            "figures": one.figures,
            "taken_at": one.taken_at,
            "log": one.log,
            "href": log_link(problem, one),
        }
        for one in rows.order_by("pk")
    ]


def log_link(problem: Problem, one: LogEvidence) -> str:
    if one.log is None or one.log.deleted_at is not None:
        return ""
    code = problem.programme.code
    page = reverse("logs-detail", args=[code, one.log.pk])
    return f"{page}?{query_of(one.filters)}"
