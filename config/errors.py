"""The answer to a request that cannot even be read."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 with the limit where the form was too large."""
    is_too_large = isinstance(exception, RequestDataTooBig)
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024**2 if is_too_large else 0
    page = render_to_string("400.html", {"most": most})
    return HttpResponse(page, status=413 if is_too_large else 400)
