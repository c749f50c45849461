"""Whether the process lives, and whether it can serve."""

from django.db import connection
from django.http import HttpRequest, JsonResponse

from programmes.access import access


@access(public=True)
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@access(public=True)
def readyz(request: HttpRequest) -> JsonResponse:
    """503 while the database does not answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:  # noqa: BLE001 - any failure means not ready
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ok"})
