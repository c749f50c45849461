"""The addresses of this app, by topic."""

from django.urls import URLPattern, URLResolver

from diagnosis.views import (
    conformance,
    environment,
    findings,
    library,
    log_filters,
    log_problems,
    log_series,
    logs,
    problems,
    processes,
    public_surveys,
    reports,
    step_times,
    survey_results,
    surveys,
)

urlpatterns: list[URLPattern | URLResolver] = [
    *library.urlpatterns,
    *public_surveys.urlpatterns,
    *survey_results.urlpatterns,
    *environment.urlpatterns,
    *surveys.urlpatterns,
    *problems.urlpatterns,
    *log_filters.urlpatterns,
    *logs.urlpatterns,
    *step_times.urlpatterns,
    *log_problems.urlpatterns,
    *log_series.urlpatterns,
    *conformance.urlpatterns,
    *processes.urlpatterns,
    *reports.urlpatterns,
]
for topic in (environment, surveys, processes, logs, problems, findings):
    for register in topic.REGISTERS:
        urlpatterns += register.urls()
