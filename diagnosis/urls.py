"""The addresses of this app, by topic."""

from django.urls import URLPattern, URLResolver

from diagnosis.views import library, logs, processes

urlpatterns: list[URLPattern | URLResolver] = [
    *library.urlpatterns,
    *logs.urlpatterns,
    *processes.urlpatterns,
]
for module in (processes, logs):
    for register in module.REGISTERS:
        urlpatterns += register.urls()
