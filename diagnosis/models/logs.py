"""Event logs: the rows keep what is known about them, the events live in files."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Self
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diagnosis.models.problems import Problem
from diagnosis.models.processes import Process
from programmes.models import Account, Indicator, Job, Programme, Record
from programmes.models.programme import RecordQuerySet

FOLDER = "eventlogs"


def folder_of(uuid: object) -> Path:
    """Where the files of a log lie, by the uuid of its row."""
    return Path(settings.MEDIA_ROOT) / FOLDER / str(uuid)


class EventLogQuerySet(RecordQuerySet):
    def of_line(self, line: UUID) -> Self:
        """The versions of a log, deleted ones as well."""
        return self.filter(Q(uuid=line) | Q(series=line))


class EventLog(Record):
    """What a system recorded about the cases of a process; immutable once imported.

    A connected log has no files: its events are asked for where they are.
    """

    act = "log.edit"

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Columns to confirm")
        IMPORTING = "importing", _("Being imported")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    name = models.CharField(_("name"), max_length=120)
    process = models.ForeignKey(
        Process,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="logs",
        verbose_name=_("process"),
    )
    closing = models.JSONField(_("closing activities"), default=list, editable=False)
    # Which activity is which step: {"process", "activities": {name: key}, "unrecorded"}
    step_mapping = models.JSONField(default=dict, editable=False)
    file_name = models.CharField(_("file"), max_length=200, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    mapping = models.JSONField(default=dict, editable=False)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=State,
        default=State.UPLOADED,
        editable=False,
    )
    error = models.CharField(max_length=500, blank=True, editable=False)
    events = models.PositiveBigIntegerField(_("events"), default=0, editable=False)
    cases = models.PositiveBigIntegerField(_("cases"), default=0, editable=False)
    activities = models.PositiveIntegerField(default=0, editable=False)
    variants = models.PositiveIntegerField(default=0, editable=False)
    first_at = models.DateTimeField(_("from"), null=True, editable=False)
    last_at = models.DateTimeField(_("to"), null=True, editable=False)
    quality = models.JSONField(default=dict, editable=False)
    bytes = models.PositiveBigIntegerField(default=0, editable=False)
    job = models.ForeignKey(
        Job, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )

    # The versions of a log share the uuid of the first one, which may be deleted.
    series = models.UUIDField(null=True, editable=False)
    edition = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    # Files that the log was read from: the export and what was appended to it.
    parts = models.PositiveSmallIntegerField(default=1, editable=False)
    # What an import leaves out, or which activities a derived log has.
    recipe = models.JSONField(default=dict, editable=False)
    derived_from = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        related_name="derived",
        editable=False,
    )

    # The events stay in a database of the enterprise: the name of the connection that
    # the operator set, when its tables were read last, and their further columns.
    connection = models.CharField(max_length=40, blank=True, editable=False)
    read_at = models.DateTimeField(null=True, editable=False)
    attributes = models.JSONField(default=list, editable=False)

    # The key by which a system may send the same log twice without harm.
    key = models.CharField(max_length=120, blank=True, editable=False)

    objects: ClassVar[Any] = EventLogQuerySet.as_manager()

    class Meta:
        verbose_name = _("event log")
        verbose_name_plural = _("event logs")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "key"],
                condition=~Q(key=""),
                name="event_log_sent_once",
            ),
            models.UniqueConstraint(
                fields=["series", "edition"], name="one_log_per_version"
            ),
        ]

    @property
    def folder(self) -> Path:
        return folder_of(self.uuid)

    @property
    def source(self) -> Path:
        return self.folder / "source"

    @property
    def store(self) -> Path:
        return self.folder / "store"

    @property
    def sources(self) -> list[Path]:
        """The files in the order in which they came."""
        later = [self.folder / f"source-{one}" for one in range(1, self.parts)]
        return [self.source, *later]

    @property
    def line(self) -> UUID:
        """The uuid of the first version, which all versions share."""
        return self.series or self.uuid

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY


class SavedFilter(models.Model):
    """A choice of cases under a name, for all versions of a log."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    line = models.UUIDField()
    name = models.CharField(_("name"), max_length=80)
    filters = models.JSONField(default=list)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("saved choice of cases")
        verbose_name_plural = _("saved choices of cases")
        constraints = [
            models.UniqueConstraint(fields=["line", "name"], name="filter_named_once")
        ]

    def __str__(self) -> str:
        return self.name


class LogFeed(models.Model):
    """A measure of a log that goes into an indicator, again with each import."""

    class Period(models.TextChoices):
        MONTH = "month", _("by month")
        WEEK = "week", _("by week")

    log = models.ForeignKey(EventLog, on_delete=models.CASCADE, related_name="feeds")
    indicator = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, related_name="feeds"
    )
    measure = models.CharField(max_length=40)
    # What the measure is about: an activity, an edge, the number of a path.
    about = models.JSONField(default=list)
    filters = models.JSONField(default=list)
    period = models.CharField(max_length=5, choices=Period, default=Period.MONTH)
    created_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+"
    )
    fed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator"], name="indicator_fed_once")
        ]

    def __str__(self) -> str:
        return f"{self.log}: {self.measure}"


class LogEvidence(models.Model):
    """What a log showed of a problem when it was reported; its figures never change."""

    problem = models.ForeignKey(
        Problem, on_delete=models.CASCADE, related_name="log_evidence"
    )
    log = models.ForeignKey(
        EventLog, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    text = models.CharField(_("what the log shows"), max_length=500)
    # Pairs of label and value, as they were shown.
    figures = models.JSONField(default=list)
    filters = models.JSONField(default=list)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return self.text
