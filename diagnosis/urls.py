"""The addresses of this app, by topic."""

from django.urls import URLPattern, URLResolver

from diagnosis.views import findings, library, logs, processes, reports

urlpatterns: list[URLPattern | URLResolver] = [
    *library.urlpatterns,
    *logs.urlpatterns,
    *processes.urlpatterns,
    *reports.urlpatterns,
]
for module in (processes, logs, findings):
    for register in module.REGISTERS:
        urlpatterns += register.urls()
