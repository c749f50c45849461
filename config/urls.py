"""The addresses of all apps. An address without an access rule is closed."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config import health
from programmes.access import access

# The admin has no sign-in of its own, which nothing would slow down.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

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
handler400 = "config.errors.bad_request"
if settings.DEMO:
    from programmes.views.dev import urlpatterns as dev

    urlpatterns += dev
if settings.DEBUG:
    from programmes.views.styleguide import styleguide

    urlpatterns.append(
        path("styleguide/", access(public=True)(styleguide), name="styleguide")
    )
