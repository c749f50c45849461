"""Endpoints for systems: measurements in, methods run."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from programmes.access import access
from programmes.accounts.tokens import Machine
from programmes.kit.api import problem
from programmes.maths import catalogue
from programmes.models import ApiToken, Programme
from programmes.services.measurements import RowsRejected, record_measurements


class MeasurementSerializer(serializers.Serializer[Any]):
    series = serializers.SlugField(help_text="Code of the indicator")
    at = serializers.CharField(help_text="Day, or moment with its offset (RFC 3339)")
    value = serializers.CharField(help_text="Decimal number")
    key = serializers.CharField(required=False, help_text="Your own id of the value")
    version = serializers.IntegerField(required=False, help_text="Higher replaces")
    note = serializers.CharField(required=False)


class BatchSerializer(serializers.Serializer[Any]):
    programme = serializers.SlugField(help_text="Code of the programme")
    rows = MeasurementSerializer(many=True)


class BatchResultSerializer(serializers.Serializer[Any]):
    accepted = serializers.IntegerField()
    replaced = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    stale = serializers.IntegerField()
    rejected = serializers.IntegerField()
    errors = serializers.ListField(  # type: ignore[assignment]
        child=serializers.DictField()
    )


def programmes_of(request: Request) -> QuerySet[Programme]:
    """What the caller may address: a token's own, or a person's programmes."""
    if isinstance(request.user, Machine):
        token: ApiToken = request.user.token
        rows = Programme.objects.filter(enterprise=token.enterprise)
        return rows.filter(pk=token.programme_id) if token.programme_id else rows
    return Programme.objects.visible_to(request.user)


def require_scope(request: Request, scope: str) -> None:
    if isinstance(request.user, Machine) and scope not in request.user.token.scopes:
        raise PermissionDenied(f"The token needs the scope {scope}.")


class MeasurementBatches(APIView):
    """Send measurements. Sending the same batch again changes nothing."""

    @extend_schema(
        request=BatchSerializer,
        responses={200: BatchResultSerializer},
        summary="Send measurements",
        description=(
            "Rows are identified by series, at and key. Give an Idempotency-Key to "
            "make a retry safe, and ?atomic=true to store all rows or none."
        ),
    )
    def post(self, request: Request) -> Response:
        require_scope(request, ApiToken.Scope.MEASUREMENTS)
        body = request.data if isinstance(request.data, dict) else {}
        code, rows = body.get("programme"), body.get("rows")
        if not isinstance(code, str) or not isinstance(rows, list):
            raise serializers.ValidationError(
                {"programme": "Give the programme's code and a list of rows."}
            )
        programme = programmes_of(request).filter(code=code).first()
        if programme is None:
            raise NotFound("No such programme.")
        user: Any = request.user
        person = None if isinstance(user, Machine) else user
        try:
            result = record_measurements(
                by=person,
                programme=programme,
                rows=rows,
                source="api",
                now=timezone.now(),
                key=request.headers.get("Idempotency-Key", "")[:120],
                atomic=request.query_params.get("atomic") == "true",
            )
        except RowsRejected as refusal:
            return problem(422, refusal.code, str(refusal), refusal.errors)
        return Response(result.as_json())


class MethodRun(APIView):
    """Run a method of the catalogue on given inputs."""

    @extend_schema(
        request={"application/json": {"type": "object"}},
        responses={200: {"type": "object"}},
        summary="Run a method",
    )
    def post(self, request: Request, key: str) -> Response:
        require_scope(request, ApiToken.Scope.METHODS)
        try:
            method = catalogue.get(key)
        except KeyError:
            raise NotFound("No such method.") from None
        if not isinstance(request.data, dict):
            raise serializers.ValidationError({"inputs": "Send an object of inputs."})
        return Response(method.run(request.data))


urlpatterns = [
    path(
        "v1/measurement-batches",
        access(api=True)(MeasurementBatches.as_view()),
        name="api-measurement-batches",
    ),
    path(
        "v1/methods/<str:key>", access(api=True)(MethodRun.as_view()), name="api-method"
    ),
]
