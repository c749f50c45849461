"""The addresses of this app, by topic."""

from django.urls import URLPattern, URLResolver

from diagnosis.views import library

urlpatterns: list[URLPattern | URLResolver] = [*library.urlpatterns]
