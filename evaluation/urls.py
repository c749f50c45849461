"""The addresses of this app, by topic."""

from django.urls import URLPattern, URLResolver

from evaluation.views import cockpit, my_work, portfolio, reports, search

urlpatterns: list[URLPattern | URLResolver] = [
    *portfolio.urlpatterns,
    *cockpit.urlpatterns,
    *my_work.urlpatterns,
    *reports.urlpatterns,
    *search.urlpatterns,
]
