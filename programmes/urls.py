"""The addresses of this app, by topic."""

from django.urls import URLPattern, URLResolver

from programmes.views import (
    activity,
    documents,
    gate_decisions,
    gate_panel,
    gates,
    indicators,
    jobs,
    kickoff,
    mandate,
    methods,
    people,
    phases,
    programmes,
    risks,
    settings,
    team,
    tokens,
    work,
)

urlpatterns: list[URLPattern | URLResolver] = [
    *activity.urlpatterns,
    *documents.urlpatterns,
    *gate_decisions.urlpatterns,
    *gate_panel.urlpatterns,
    *gates.urlpatterns,
    *indicators.urlpatterns,
    *jobs.urlpatterns,
    *kickoff.urlpatterns,
    *mandate.urlpatterns,
    *methods.urlpatterns,
    *people.urlpatterns,
    *phases.urlpatterns,
    *programmes.urlpatterns,
    *risks.urlpatterns,
    *settings.urlpatterns,
    *team.urlpatterns,
    *tokens.urlpatterns,
    *work.urlpatterns,
]
for module in (mandate, risks, kickoff, indicators, work):
    for register in module.REGISTERS:
        urlpatterns += register.urls()
