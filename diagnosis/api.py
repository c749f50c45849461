"""Endpoints for systems that send event logs, and ask what became of them."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import QuerySet
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from diagnosis.models import EventLog
from diagnosis.services import log_intake, log_versions
from diagnosis.services.logs import allow
from programmes.access import access
from programmes.accounts.tokens import Machine
from programmes.api import programmes_of, require_scope
from programmes.models import Account, ApiToken

MOST_LISTED = 100
LONGEST_MAPPING = 4_000
KEY_NOTE = (
    "Give an Idempotency-Key to make a retry safe: the same file again is answered "
    "with the log that it made, another file is refused."
)


class FileSerializer(serializers.Serializer[Any]):
    file = serializers.FileField(
        help_text="CSV, TSV, XLSX, Parquet, XES or XES.gz", allow_empty_file=True
    )


class SendSerializer(FileSerializer):
    programme = serializers.SlugField(help_text="Code of the programme")
    name = serializers.CharField(
        required=False, max_length=120, help_text="Empty: that of the file"
    )
    mapping = serializers.CharField(
        required=False,
        max_length=LONGEST_MAPPING,
        help_text='Columns by role as JSON, such as {"case": "Order", "activity": '
        '"Step", "timestamp": "Done"}; also time, start, resource, cost, amount, '
        "lifecycle, timestamp_format, timezone, and a list case_attributes. "
        "Empty: guessed",
    )

    def validate_mapping(self, text: str) -> dict[str, Any]:
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise serializers.ValidationError("Send an object of roles and columns.")
        return found


class LogSerializer(serializers.Serializer[EventLog]):
    """What is known of a log; counts are 0 until its state is ready."""

    id = serializers.IntegerField(source="pk", read_only=True)
    name = serializers.CharField(read_only=True)
    version = serializers.IntegerField(source="edition", read_only=True)
    state = serializers.ChoiceField(EventLog.State.choices, read_only=True)
    error = serializers.CharField(read_only=True)
    file_name = serializers.CharField(read_only=True)
    sha256 = serializers.CharField(read_only=True)
    events = serializers.IntegerField(read_only=True)
    cases = serializers.IntegerField(read_only=True)
    activities = serializers.IntegerField(read_only=True)
    variants = serializers.IntegerField(read_only=True)
    first_at = serializers.DateTimeField(read_only=True)
    last_at = serializers.DateTimeField(read_only=True)
    bad_rows = serializers.SerializerMethodField()
    left_out = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

    def get_bad_rows(self, log: EventLog) -> int:
        return int(log.quality.get("bad_rows_total", 0))

    def get_left_out(self, log: EventLog) -> dict[str, int]:
        found: dict[str, int] = log.quality.get("left_out", {})
        return found

    def get_url(self, log: EventLog) -> str:
        return f"/api/v1/event-logs/{log.pk}"


def person_of(request: Request) -> Account | None:
    """None for a system, whose scope is checked here.

    :raises PermissionDenied: the token lacks the scope.
    """
    require_scope(request, ApiToken.Scope.LOGS)
    user: Any = request.user
    return None if isinstance(user, Machine) else user


def logs_of(request: Request) -> QuerySet[Any]:
    rows: QuerySet[Any] = EventLog.objects.alive()
    return rows.filter(programme__in=programmes_of(request)).select_related(
        "programme", "job"
    )


def log_of(request: Request, pk: int) -> EventLog:
    log: EventLog | None = logs_of(request).filter(pk=pk).first()
    if log is None:
        raise NotFound("No such event log.")
    return log


def key_of(request: Request) -> str:
    return request.headers.get("Idempotency-Key", "")[:120]


def accepted(log: EventLog, *, is_new: bool = True) -> Response:
    """202 while the job is at it; 200 when the file was here before."""
    log.refresh_from_db()
    body = LogSerializer(log).data
    answer = Response(body, status=202 if is_new else 200)
    answer["Location"] = body["url"]
    return answer


class EventLogs(APIView):
    """Send an event log, and list those of the programmes that the caller sees."""

    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="event_logs_list",
        parameters=[OpenApiParameter("programme", str, description="Code")],
        responses={200: LogSerializer(many=True)},
        summary="List event logs",
        description=f"The newest {MOST_LISTED}.",
    )
    def get(self, request: Request) -> Response:
        require_scope(request, ApiToken.Scope.LOGS)
        rows = logs_of(request)
        code = request.query_params.get("programme", "")
        if code:
            rows = rows.filter(programme__code=code[:60].replace("\0", ""))
        found: Any = rows.order_by("-pk")[:MOST_LISTED]
        return Response(LogSerializer(found, many=True).data)

    @extend_schema(
        operation_id="event_logs_send",
        request={"multipart/form-data": SendSerializer},
        responses={202: LogSerializer, 200: LogSerializer},
        summary="Send an event log",
        description=(
            f"It is imported in a job; ask its address how far it is. {KEY_NOTE}"
        ),
    )
    def post(self, request: Request) -> Response:
        by = person_of(request)
        form = SendSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        given = form.validated_data
        programme = programmes_of(request).filter(code=given["programme"]).first()
        if programme is None:
            raise NotFound("No such programme.")
        file, key = given["file"], key_of(request)
        allow(by, programme)
        earlier = log_intake.sent_before(programme, key, file.chunks)
        if earlier:
            return accepted(earlier, is_new=False)
        log = log_intake.send_log(
            by=by,
            programme=programme,
            name=given.get("name", ""),
            file_name=file.name,
            chunks=file.chunks,
            mapping=given.get("mapping", {}),
            now=timezone.now(),
            key=key,
        )
        return accepted(log)


class EventLogDetail(APIView):
    """One event log."""

    @extend_schema(
        operation_id="event_logs_read",
        responses={200: LogSerializer},
        summary="Read what is known of an event log",
    )
    def get(self, request: Request, log: int) -> Response:
        require_scope(request, ApiToken.Scope.LOGS)
        return Response(LogSerializer(log_of(request, log)).data)


def further(request: Request, pk: int, take: Any) -> Response:
    """The next version of a log, as `take` makes it of a further file."""
    by = person_of(request)
    log = log_of(request, pk)
    form = FileSerializer(data=request.data)
    form.is_valid(raise_exception=True)
    file, key = form.validated_data["file"], key_of(request)
    allow(by, log.programme)
    earlier = log_intake.sent_before(log.programme, key, file.chunks)
    if earlier:
        return accepted(earlier, is_new=False)
    log_intake.refuse_too_many(log.programme)
    newer = take(
        by=by,
        log=log,
        file_name=file.name,
        chunks=file.chunks(),
        now=timezone.now(),
        key=key,
    )
    return accepted(newer)


class AppendEvents(APIView):
    """More events for a log."""

    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="event_logs_append",
        request={"multipart/form-data": FileSerializer},
        responses={202: LogSerializer, 200: LogSerializer},
        summary="Append events to an event log",
        description=(
            "Makes the next version: the log's events and those of the file, which has "
            "the same columns. Events that are there already are left out. "
            f"{KEY_NOTE}"
        ),
    )
    def post(self, request: Request, log: int) -> Response:
        return further(request, log, log_versions.append_events)


class NewerLog(APIView):
    """A newer export of a log."""

    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="event_logs_replace",
        request={"multipart/form-data": FileSerializer},
        responses={202: LogSerializer, 200: LogSerializer},
        summary="Send a newer export of an event log",
        description=(
            f"Makes the next version, read with the columns of the log. {KEY_NOTE}"
        ),
    )
    def post(self, request: Request, log: int) -> Response:
        return further(request, log, log_versions.add_version)


def endpoint(view: type[APIView]) -> Any:
    return access(api=True)(view.as_view())


ONE = "v1/event-logs/<int:log>"
urlpatterns = [
    path("v1/event-logs", endpoint(EventLogs), name="api-event-logs"),
    path(ONE, endpoint(EventLogDetail), name="api-event-log"),
    path(
        "v1/event-logs/<int:log>/events",
        endpoint(AppendEvents),
        name="api-event-append",
    ),
    path(
        "v1/event-logs/<int:log>/versions", endpoint(NewerLog), name="api-event-version"
    ),
]
