"""The eight phases, in order."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Phase(models.IntegerChoices):
    MASTER_PLAN = 1, _("Master plan")
    KICK_OFF = 2, _("Kick-off")
    DIAGNOSIS = 3, _("Diagnosis")
    DESIGN = 4, _("Optimisation design")
    SUPPORT = 5, _("Supporting schemes")
    IMPLEMENTATION = 6, _("Implementation")
    EVALUATION = 7, _("Evaluation")
    IMPROVEMENT = 8, _("Continuous improvement")


QUESTIONS = {
    Phase.MASTER_PLAN: _("Is this programme entrusted, wanted, bounded and paid for?"),
    Phase.KICK_OFF: _("Do people know, understand and take part?"),
    Phase.DIAGNOSIS: _("Do we know what is wrong, and why, from evidence?"),
    Phase.DESIGN: _("Is this the right scheme, and worth it?"),
    Phase.SUPPORT: _("Is everything the new process leans on in place on paper?"),
    Phase.IMPLEMENTATION: _("Is it really running?"),
    Phase.EVALUATION: _("Did it work, what was it worth, what did we learn?"),
    Phase.IMPROVEMENT: _("Is the gain held, and what next?"),
}

# Gates at which the controller confirms the money before the chair can approve.
MONEY_GATES = frozenset({Phase.MASTER_PLAN, Phase.DESIGN, Phase.EVALUATION})
