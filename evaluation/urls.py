"""The addresses of this app, by topic."""

from django.urls import URLPattern, URLResolver

from evaluation.views import (
    cockpit,
    cycle,
    dashboard,
    economics,
    lessons,
    monitor,
    my_work,
    portfolio,
    reports,
    scorecard,
    search,
)

urlpatterns: list[URLPattern | URLResolver] = [
    *portfolio.urlpatterns,
    *cockpit.urlpatterns,
    *my_work.urlpatterns,
    *reports.urlpatterns,
    *search.urlpatterns,
    *dashboard.urlpatterns,
    *scorecard.urlpatterns,
    *economics.urlpatterns,
    *lessons.urlpatterns,
    *monitor.urlpatterns,
    *cycle.urlpatterns,
]
for module in (scorecard, economics, lessons, monitor):
    for register in module.REGISTERS:
        urlpatterns += register.urls()
