"""The addresses of this app, by topic."""

from django.urls import URLPattern, URLResolver

from diagnosis.views import findings, library, reports

urlpatterns: list[URLPattern | URLResolver] = [
    *library.urlpatterns,
    *reports.urlpatterns,
]
for register in findings.REGISTERS:
    urlpatterns += register.urls()
