"""The addresses of this app, by topic."""

from django.urls import URLPattern, URLResolver

from diagnosis.views import (
    environment,
    library,
    problems,
    public_surveys,
    survey_results,
    surveys,
)

TOPICS = (environment, surveys, problems)
urlpatterns: list[URLPattern | URLResolver] = [
    *library.urlpatterns,
    *public_surveys.urlpatterns,
    *survey_results.urlpatterns,
]
for topic in TOPICS:
    urlpatterns += topic.urlpatterns
    for register in topic.REGISTERS:
        urlpatterns += register.urls()
