"""Forms of the budget: lines, entries, tranches and the first benefit range."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from programmes.forms.records import RecordForm
from programmes.models import BudgetEntry, BudgetLine, Estimate, Tranche


class BudgetLineForm(RecordForm):
    class Meta:
        model = BudgetLine
        fields = [
            "title",
            "phase",
            "category",
            "planned",
            "currency",
            "planned_foreign",
            "rate",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        planned = self.fields["planned"]
        planned.required = False
        planned.help_text = _("Computed where the line is in another currency")

    def clean_currency(self) -> str:
        code: str = self.cleaned_data["currency"].upper()
        return "" if code == self.programme.currency else code

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("currency"):
            data["planned"] = Decimal(0)  # the model computes it from the rate
            for name in ("planned_foreign", "rate"):
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Needed for a line in another currency."))
            return data
        data["rate"] = data["planned_foreign"] = None
        if data.get("planned") is None and "planned" not in self.errors:
            self.add_error("planned", _("Say how much is planned."))
        return data


class BudgetEntryForm(RecordForm):
    class Meta:
        model = BudgetEntry
        fields = ["line", "kind", "amount", "booked_on", "document", "note"]


class TrancheForm(RecordForm):
    class Meta:
        model = Tranche
        fields = ["gate", "amount"]


class EstimateForm(RecordForm):
    class Meta:
        model = Estimate
        fields = [
            "benefit_low",
            "benefit_likely",
            "benefit_high",
            "horizon_years",
            "owner",
            "basis",
            "contingency",
        ]
