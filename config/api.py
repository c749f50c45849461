"""The API's addresses under /api/, from all apps."""

from django.urls import URLPattern, URLResolver, path
from drf_spectacular.views import SpectacularJSONAPIView

from diagnosis.api import urlpatterns as diagnosis
from programmes.access import access
from programmes.api import urlpatterns as programmes
from programmes.views.api_docs import api_docs

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema.json", access()(SpectacularJSONAPIView.as_view()), name="api-schema"),
    path("docs/", api_docs, name="api-docs"),
    *programmes,
    *diagnosis,
]
