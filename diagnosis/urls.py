"""The addresses of this app, by topic."""

from django.urls import URLPattern, URLResolver

from diagnosis.views import (
    conformance,
    environment,
    findings,
    library,
    log_cases,
    log_compare,
    log_contrast,
    log_costs,
    log_filters,
    log_map,
    log_problems,
    log_quality,
    log_series,
    log_times,
    log_versions,
    log_work,
    logs,
    problems,
    processes,
    public_surveys,
    reports,
    saved_filters,
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
    *log_map.urlpatterns,
    *log_cases.urlpatterns,
    *log_times.urlpatterns,
    *log_contrast.urlpatterns,
    *log_work.urlpatterns,
    *log_costs.urlpatterns,
    *log_compare.urlpatterns,
    *log_quality.urlpatterns,
    *log_versions.urlpatterns,
    *saved_filters.urlpatterns,
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
