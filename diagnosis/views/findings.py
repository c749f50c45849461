"""Phase 3: the register of conclusions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from diagnosis.forms.findings import FindingForm
from diagnosis.models import Finding
from programmes.kit.pages import Column, Filter
from programmes.phases import Phase
from programmes.views.register import Register, add_register

PRIORITY_TONES = {"1critical": "critical", "2high": "attention"}

FINDINGS = add_register(
    Register(
        slug="findings",
        phase=Phase.DIAGNOSIS,
        model=Finding,
        title=gettext_lazy("Conclusions"),
        one=gettext_lazy("conclusion"),
        empty=gettext_lazy("What the diagnosis found: cause, evidence and cost."),
        icon="scan-search",
        columns=[
            Column("title", gettext_lazy("Finding"), order="title"),
            Column("cause", gettext_lazy("Root cause")),
            Column("process", gettext_lazy("Process"), order="process__name"),
            Column(
                "cost_a_year",
                gettext_lazy("Cost a year"),
                kind="money",
                order="cost_a_year",
            ),
            Column(
                "priority",
                gettext_lazy("Priority"),
                kind="choice",
                order="priority",
                tones=PRIORITY_TONES,
            ),
        ],
        form=FindingForm,
        rows=lambda rows: rows.select_related("process"),
        search=["title", "cause", "evidence"],
        filters=[
            Filter(
                "priority",
                gettext_lazy("Priority"),
                lambda: Finding.Priority.choices,
                "priority",
            )
        ],
        sort="priority",
    )
)
REGISTERS = [FINDINGS]
