"""The scheme chosen from the options, and the steps of the process to be."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from design.models.options import Option
from programmes.models import Person, Record
from programmes.phases import Phase


class Scheme(Record):
    """The option that is carried out, with the reason; one a programme."""

    act = "scheme.edit"
    evidence_of = (Phase.DESIGN,)
    material = frozenset({"option"})

    title = models.CharField(_("scheme"), max_length=160)
    option = models.ForeignKey(
        Option,
        on_delete=models.PROTECT,
        related_name="schemes",
        verbose_name=_("chosen option"),
    )
    reason = models.TextField(
        _("reason"), max_length=2000, help_text=_("Why this option and no other")
    )

    class Meta:
        verbose_name = _("scheme")
        verbose_name_plural = _("schemes")
        constraints = [
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(deleted_at=None),
                name="scheme_once",
                violation_error_message=_("The programme has chosen a scheme."),
            ),
        ]


class SchemeStep(Record):
    """A step of the process to be: who does it, and what changes for them."""

    act = "scheme.edit"
    evidence_of = (Phase.DESIGN, Phase.SUPPORT)
    material = frozenset({"is_changed", "name", "role"})

    scheme = models.ForeignKey(
        Scheme, on_delete=models.CASCADE, related_name="steps", editable=False
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=1, validators=[MinValueValidator(1)]
    )
    name = models.CharField(_("step"), max_length=160)
    role = models.CharField(_("role"), max_length=120, blank=True)
    is_changed = models.BooleanField(_("changed"), default=True)
    change = models.TextField(_("what changes"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")


class Responsibility(Record):
    """What a person or role has to do with a step (RACI)."""

    act = "scheme.edit"
    evidence_of = (Phase.SUPPORT,)
    material = frozenset({"letter", "person", "role"})

    class Letter(models.TextChoices):
        ACCOUNTABLE = "A", _("Accountable: answers for it")
        RESPONSIBLE = "R", _("Responsible: does the work")
        CONSULTED = "C", _("Consulted: is asked before")
        INFORMED = "I", _("Informed: is told after")

    step = models.ForeignKey(
        SchemeStep,
        on_delete=models.CASCADE,
        related_name="responsibilities",
        verbose_name=_("step"),
    )
    letter = models.CharField(_("letter"), max_length=1, choices=Letter)
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person"),
    )
    role = models.CharField(
        _("role"), max_length=120, blank=True, help_text=_("Where no person is named")
    )

    class Meta:
        verbose_name = _("responsibility")
        verbose_name_plural = _("responsibilities")
        constraints = [
            models.UniqueConstraint(
                fields=["step"],
                condition=Q(letter="A", deleted_at=None),
                name="one_accountable",
                violation_error_message=_("This step has its accountable already."),
            ),
            models.CheckConstraint(
                name="responsibility_of_somebody",
                condition=~Q(person=None) | ~Q(role=""),
                violation_error_message=_("Name a person or a role."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter}: {self.holder}, {self.step}"

    @property
    def holder(self) -> str:
        return self.person.name if self.person else self.role
