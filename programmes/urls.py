"""The addresses of this app, by topic."""

from django.urls import URLPattern, URLResolver

from programmes.views import (
    activity,
    documents,
    gates,
    indicators,
    jobs,
    mandate,
    meetings,
    methods,
    notices,
    people,
    phases,
    programmes,
    pulses,
    questions,
    settings,
    staff_pages,
    stakeholders,
    team,
    tokens,
    training,
    work,
)

urlpatterns: list[URLPattern | URLResolver] = [
    *activity.urlpatterns,
    *documents.urlpatterns,
    *gates.urlpatterns,
    *indicators.urlpatterns,
    *jobs.urlpatterns,
    *mandate.urlpatterns,
    *meetings.urlpatterns,
    *methods.urlpatterns,
    *notices.urlpatterns,
    *people.urlpatterns,
    *phases.urlpatterns,
    *programmes.urlpatterns,
    *pulses.urlpatterns,
    *questions.urlpatterns,
    *settings.urlpatterns,
    *staff_pages.urlpatterns,
    *stakeholders.urlpatterns,
    *team.urlpatterns,
    *tokens.urlpatterns,
    *training.urlpatterns,
    *work.urlpatterns,
]
for module in (
    mandate,
    meetings,
    stakeholders,
    notices,
    training,
    questions,
    pulses,
    indicators,
    work,
):
    for register in module.REGISTERS:
        urlpatterns += register.urls()
