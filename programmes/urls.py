"""The addresses of this app, by topic."""

from django.urls import URLPattern, URLResolver

from programmes.views import (
    activity,
    budget,
    charter,
    documents,
    gate_decisions,
    gate_panel,
    gate_records,
    gates,
    indicators,
    jobs,
    kickoff,
    ledger,
    mandate,
    methods,
    pack_forms,
    packs,
    people,
    phases,
    plan,
    programmes,
    risks,
    settings,
    team,
    tokens,
    verify,
    work,
)

urlpatterns: list[URLPattern | URLResolver] = [
    *activity.urlpatterns,
    *budget.urlpatterns,
    *charter.urlpatterns,
    *documents.urlpatterns,
    *gate_decisions.urlpatterns,
    *gate_panel.urlpatterns,
    *gate_records.urlpatterns,
    *gates.urlpatterns,
    *indicators.urlpatterns,
    *jobs.urlpatterns,
    *kickoff.urlpatterns,
    *ledger.urlpatterns,
    *mandate.urlpatterns,
    *methods.urlpatterns,
    *pack_forms.urlpatterns,
    *packs.urlpatterns,
    *people.urlpatterns,
    *phases.urlpatterns,
    *plan.urlpatterns,
    *programmes.urlpatterns,
    *risks.urlpatterns,
    *settings.urlpatterns,
    *team.urlpatterns,
    *tokens.urlpatterns,
    *verify.urlpatterns,
    *work.urlpatterns,
]
for module in (mandate, budget, plan, risks, kickoff, indicators, work):
    for register in module.REGISTERS:
        urlpatterns += register.urls()
