"""The addresses of this app, by topic."""

from django.urls import URLPattern, URLResolver

from evaluation.views import (
    actions,
    change_load,
    cockpit,
    cycle,
    dashboard,
    economics,
    lessons,
    monitor,
    my_work,
    portfolio,
    ratings,
    reports,
    scorecard,
    search,
    timeline,
)

urlpatterns: list[URLPattern | URLResolver] = [
    *portfolio.urlpatterns,
    *timeline.urlpatterns,
    *change_load.urlpatterns,
    *cockpit.urlpatterns,
    *my_work.urlpatterns,
    *reports.urlpatterns,
    *search.urlpatterns,
    *dashboard.urlpatterns,
    *scorecard.urlpatterns,
    *ratings.urlpatterns,
    *economics.urlpatterns,
    *lessons.urlpatterns,
    *monitor.urlpatterns,
    *actions.urlpatterns,
    *cycle.urlpatterns,
]
for module in (scorecard, economics, lessons, monitor, actions):
    for register in module.REGISTERS:
        urlpatterns += register.urls()
