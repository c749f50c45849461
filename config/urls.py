"""The addresses of all apps. An address without an access rule is closed."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config import health
from programmes.access import access

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("api/", include("config.api")),
    path("", include("evaluation.urls")),
    path("", include("design.urls")),
    path("", include("diagnosis.urls")),
    path("", include("programmes.urls")),
]
if settings.DEMO:
    from programmes.views.dev import urlpatterns as dev

    urlpatterns += dev
if settings.DEBUG:
    from programmes.views.styleguide import styleguide

    urlpatterns.append(
        path("styleguide/", access(public=True)(styleguide), name="styleguide")
    )
