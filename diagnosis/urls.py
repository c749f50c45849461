"""The addresses of this app, by topic."""

from django.urls import URLPattern, URLResolver

from diagnosis.views import (
    environment,
    findings,
    library,
    log_cases,
    log_compare,
    log_filters,
    log_quality,
    log_times,
    log_versions,
    log_work,
    logs,
    problems,
    processes,
    public_surveys,
    reports,
    saved_filters,
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
    *log_compare.urlpatterns,
    *log_quality.urlpatterns,
    *log_versions.urlpatterns,
    *saved_filters.urlpatterns,
    *log_cases.urlpatterns,
    *log_times.urlpatterns,
    *log_work.urlpatterns,
    *logs.urlpatterns,
    *processes.urlpatterns,
    *reports.urlpatterns,
]
for topic in (environment, surveys, processes, logs, problems, findings):
    for register in topic.REGISTERS:
        urlpatterns += register.urls()
