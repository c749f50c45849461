"""The addresses of this app, by topic."""

from django.urls import URLPattern, URLResolver

from programmes.views import (
    activity,
    budget,
    charter,
    documents,
    gates,
    indicators,
    jobs,
    kickoff,
    mandate,
    methods,
    people,
    phases,
    plan,
    programmes,
    settings,
    team,
    tokens,
    work,
)

urlpatterns: list[URLPattern | URLResolver] = [
    *activity.urlpatterns,
    *budget.urlpatterns,
    *charter.urlpatterns,
    *documents.urlpatterns,
    *gates.urlpatterns,
    *indicators.urlpatterns,
    *jobs.urlpatterns,
    *kickoff.urlpatterns,
    *mandate.urlpatterns,
    *methods.urlpatterns,
    *people.urlpatterns,
    *phases.urlpatterns,
    *plan.urlpatterns,
    *programmes.urlpatterns,
    *settings.urlpatterns,
    *team.urlpatterns,
    *tokens.urlpatterns,
    *work.urlpatterns,
]
for module in (mandate, budget, plan, kickoff, indicators, work):
    for register in module.REGISTERS:
        urlpatterns += register.urls()
