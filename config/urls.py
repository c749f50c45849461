"""The addresses of all apps. An address without an access rule is closed."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

import design.urls
import diagnosis.urls
import evaluation.urls
import programmes.urls
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
    # Side by side, not included: a list that holds no match tells all that it tried.
    *evaluation.urls.urlpatterns,
    *design.urls.urlpatterns,
    *diagnosis.urls.urlpatterns,
    *programmes.urls.urlpatterns,
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
