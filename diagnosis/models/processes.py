"""How a process works today: its lines, the study of its parts, its steps."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from diagnosis.bpmn.flow import FlowStep
from programmes.models import Person, Programme, Record, ScopeItem
from programmes.models.programme import RecordQuerySet
from programmes.phases import Phase

IPO_CELLS = 9


def rows_of(model: type[Record], *where: Q) -> Coalesce:
    """How many rows below a process stand, as a subquery of its own."""
    manager: Any = model._default_manager
    rows = manager.alive().filter(*where, process=OuterRef("pk")).order_by()
    counted = rows.values("process").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


class ProcessQuerySet(RecordQuerySet):
    def of(self, programme: Programme) -> Self:
        """With the scope item, from which a process reads its name and owner."""
        return super().of(programme).select_related("scope_item__owner")

    def with_counts(self) -> ProcessQuerySet:
        """Annotate how many steps, inputs, outputs, customers and cells there are."""
        kind = SipocItem.Kind
        rows: ProcessQuerySet = self.annotate(
            step_count=rows_of(Step),
            input_count=rows_of(SipocItem, Q(kind=kind.INPUT)),
            output_count=rows_of(SipocItem, Q(kind=kind.OUTPUT)),
            customer_count=rows_of(SipocItem, Q(kind=kind.CUSTOMER)),
            cell_count=rows_of(IpoCell, ~Q(text="") | Q(is_not_applicable=True)),
        )
        return rows


class Process(Record):
    """The description of one process in scope, as it runs today."""

    act = "process.edit"
    evidence_of = (Phase.DIAGNOSIS,)
    material = frozenset({"customer", "trigger"})

    scope_item = models.ForeignKey(
        ScopeItem,
        on_delete=models.PROTECT,
        related_name="descriptions",
        verbose_name=_("process in scope"),
        editable=False,
    )
    trigger = models.CharField(
        _("trigger"),
        max_length=200,
        blank=True,
        help_text=_("What starts it, such as “an order arrives”"),
    )
    customer = models.CharField(
        _("customer"),
        max_length=200,
        blank=True,
        help_text=_("Who receives the result, inside or outside"),
    )
    purpose = models.TextField(_("purpose"), max_length=2000, blank=True)
    map_is_valid = models.BooleanField(
        _("flow is sound"), default=False, editable=False
    )
    confirmed_at = models.DateTimeField(null=True, editable=False)
    confirmed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    confirmed_version = models.PositiveIntegerField(null=True, editable=False)

    objects: ClassVar[Any] = ProcessQuerySet.as_manager()

    class Meta:
        verbose_name = _("process")
        verbose_name_plural = _("processes")
        constraints = [
            models.UniqueConstraint(
                fields=["scope_item"],
                condition=Q(deleted_at=None),
                name="process_described_once",
                violation_error_message=_("This process is described already."),
            ),
        ]

    def __str__(self) -> str:
        return self.scope_item.name

    @property
    def name(self) -> str:
        return self.scope_item.name

    @property
    def owner(self) -> Person | None:
        return self.scope_item.owner

    @property
    def owner_id(self) -> int | None:
        """Ownership is read from the scope, so that there is one truth about it."""
        return self.scope_item.owner_id

    @property
    def is_confirmed(self) -> bool:
        """Confirmed by the owner, and nothing of it changed since."""
        return self.confirmed_at is not None and self.confirmed_version == self.version


class SipocItem(Record):
    """One line of a process's suppliers, inputs, process, outputs or customers."""

    act = "process.edit"
    evidence_of = (Phase.DIAGNOSIS,)
    material = frozenset({"kind", "text"})

    class Kind(models.TextChoices):
        SUPPLIER = "supplier", _("Suppliers")
        INPUT = "input", _("Inputs")
        PROCESS = "process", _("Process")
        OUTPUT = "output", _("Outputs")
        CUSTOMER = "customer", _("Customers")

    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="sipoc")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    place = models.PositiveSmallIntegerField(default=1)
    text = models.CharField(_("what"), max_length=200)
    requirement = models.CharField(_("requirement"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("SIPOC line")
        verbose_name_plural = _("SIPOC lines")


class IpoCell(Record):
    """One cell of the input-processing-output study of a process."""

    act = "process.edit"
    evidence_of = (Phase.DIAGNOSIS,)
    material = frozenset({"is_not_applicable", "severity", "text"})

    class Row(models.TextChoices):
        INPUT = "input", _("Input")
        PROCESSING = "processing", _("Processing")
        OUTPUT = "output", _("Output")

    class Column(models.TextChoices):
        CONTENTS = "contents", _("Contents")
        FORMS = "forms", _("Forms")
        METHODS = "methods", _("Methods")

    class Severity(models.IntegerChoices):
        NONE = 0, _("0 no harm")
        LOW = 1, _("1 nuisance")
        MIDDLE = 2, _("2 costs time or money")
        HIGH = 3, _("3 hurts customers")

    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="cells")
    row = models.CharField(max_length=10, choices=Row)
    column = models.CharField(max_length=8, choices=Column)
    text = models.CharField(_("as it is"), max_length=500, blank=True)
    finding = models.CharField(_("finding"), max_length=300, blank=True)
    severity = models.PositiveSmallIntegerField(
        _("severity"), choices=Severity, default=Severity.NONE
    )
    is_not_applicable = models.BooleanField(_("not applicable"), default=False)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("cell of the study")
        verbose_name_plural = _("cells of the study")
        constraints = [
            models.UniqueConstraint(
                fields=["process", "row", "column"],
                condition=Q(deleted_at=None),
                name="ipo_cell_once",
            ),
            models.CheckConstraint(
                name="ipo_not_applicable_has_reason",
                condition=Q(is_not_applicable=False) | ~Q(reason=""),
                violation_error_message=_("Say why it is not applicable."),
            ),
            models.CheckConstraint(
                name="ipo_filled_or_not_applicable",
                condition=Q(is_not_applicable=False) | Q(text=""),
                violation_error_message=_(
                    "Describe the cell or mark it not applicable, not both."
                ),
            ),
        ]

    @property
    def is_filled(self) -> bool:
        return bool(self.text) or self.is_not_applicable


def minutes(label: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(
        label,
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )


class Step(Record):
    """One step of a process: who does what with which system, how long, and then."""

    act = "process.edit"
    evidence_of = (Phase.DIAGNOSIS,)
    material = frozenset({"kind", "name", "role", "system", "ways"})

    class Kind(models.TextChoices):
        START = "start", _("Start")
        TASK = "task", _("Task")
        DECISION = "decision", _("Decision")
        END = "end", _("End")

    class Value(models.TextChoices):
        VA = "VA", _("Adds value")
        BVA = "BVA", _("Needed by business or law")
        NVA = "NVA", _("Adds no value")

    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="steps")
    place = models.PositiveSmallIntegerField(default=1)
    key = models.SlugField(_("no."), max_length=12)
    name = models.CharField(_("step"), max_length=120)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.TASK)
    role = models.CharField(_("role"), max_length=80, blank=True)
    system = models.CharField(_("system"), max_length=80, blank=True)
    work_minutes = minutes(_("work, min"))
    wait_minutes = minutes(_("wait, min"))
    volume = models.PositiveIntegerField(_("times a year"), null=True, blank=True)
    value_class = models.CharField(_("value"), max_length=3, choices=Value, blank=True)
    ways = models.CharField(
        _("then"),
        max_length=200,
        blank=True,
        help_text=_("Empty: the next row. Or “5”, or “yes: 5; no: 8”."),
    )

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        constraints = [
            models.UniqueConstraint(
                fields=["process", "key"],
                condition=Q(deleted_at=None),
                name="step_key_once",
                violation_error_message=_("Two steps have the same number."),
            ),
        ]


def read_ways(text: str) -> list[tuple[str, str]]:
    """ "yes: 5; no: 8" as pairs of key and label."""
    found = []
    for part in filter(None, (one.strip() for one in text.split(";"))):
        label, colon, key = part.rpartition(":")
        found.append((key.strip(), label.strip() if colon else ""))
    return found


def as_flow(steps: list[Step]) -> list[FlowStep]:
    """The table as a flow: a step without ways goes on to the next row."""
    flow = []
    for index, step in enumerate(steps):
        ways = read_ways(step.ways)
        if not ways and step.kind != Step.Kind.END and index + 1 < len(steps):
            ways = [(steps[index + 1].key, "")]
        flow.append(
            FlowStep(
                key=step.key,
                name=step.name,
                kind=Step.Kind(step.kind).value,  # type: ignore[arg-type]
                role=step.role,
                next=tuple(ways),
            )
        )
    return flow
