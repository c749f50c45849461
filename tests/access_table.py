"""Who may open what: written by hand from the design, not read from the policy.

`WHO` names the addresses that differ from the rule of the house: everybody with a role
in the programme (and the auditor) reads, the lead writes, others get 403, people
without a role 404. An address that only accepts POST is a write.
"""

from __future__ import annotations

from dataclasses import dataclass
from re import fullmatch

LEAD = frozenset({"lead"})
ROLES = frozenset(
    {
        "lead",
        "sponsor",
        "gatekeeper",
        "controller",
        "owner",
        "member",
        "champion",
        "viewer",
    }
)
READERS = ROLES | {"auditor"}
EXPORTERS = READERS - {"member", "champion"}
SIGNED_IN = READERS | {"admin", "outsider", "stranger"}
EVERYBODY = SIGNED_IN | {"anonymous"}
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Who:
    """`may` always succeed; `own` succeed on what is theirs, else are told no."""

    may: frozenset[str]
    own: frozenset[str] = NOBODY


def who(*may: str, own: tuple[str, ...] = ()) -> Who:
    return Who(frozenset(may), frozenset(own))


LEADS = who("lead")
SHOWN = Who(NOBODY)
# Registers by slug: who adds, edits, deletes and restores their rows. Those of phases
# 1 and 2 that are not named are written by the lead.
# fmt: off
WRITERS: dict[str, Who] = {
    # Phases 1 and 2
    "announcements": who("lead", "champion"),
    "training": who("lead", "champion"),
    "participants": who("lead", "champion"),
    "questions": who("lead", "champion"),
    "communications": who("lead", "champion"),
    "sessions": who("lead", "champion"),
    "quiz": who("lead", "champion"),
    "indicators": who("lead", own=("owner",)),
    "risks": who("lead", own=("owner", "member", "champion")),
    # Phase 3
    "factors": LEADS,
    "swot": LEADS,
    "surveys": LEADS,
    "survey-question": LEADS,
    "processes": who("lead", own=("owner",)),
    "logs": LEADS,
    "problems": who("lead", own=("owner", "member", "champion")),
    "causes": who("lead", own=("owner", "member", "champion")),
    "evidence": who("lead", own=("owner", "member", "champion")),
    "findings": LEADS,
    # Phases 4, 5 and 6
    "goals": LEADS,
    "options": LEADS,
    "criteria": LEADS,
    "case": who("lead", "controller"),
    "discount-rate": who("lead", "controller"),
    "scheme": LEADS,
    "scheme-steps": LEADS,
    "information": LEADS,
    "support": LEADS,
    "responsibilities": LEADS,
    "rollout": LEADS,
    # Phases 7 and 8
    "index-weights": LEADS,
    "qualitative": LEADS,
    "limit-changes": who("lead", own=("owner",)),
    "economics": LEADS,
    "lessons": who("lead", "owner"),
    "actions": who("lead", own=("owner", "member", "champion")),
}
# Pages that are no register's: who writes there. A page that only
# shows is written by nobody; a form is shown to its writers only.
PAGES: dict[str, Who] = {
    # Phase 1
    "budget-confirm": who("controller"),
    "charter": SHOWN,
    "charter-step": LEADS,
    "charter-save": LEADS,
    "plan-dates": LEADS,
    "plan-undo": LEADS,
    "work-calendar": LEADS,
    # Phase 3
    "environment": SHOWN,
    "survey-results": SHOWN,
    "survey-turn": LEADS,
    "survey-import": LEADS,
    "survey-question-move": LEADS,
    "process-describe": who("lead", own=("owner",)),
    "process-sipoc": who("lead", own=("owner",)),
    "process-ipo": who("lead", own=("owner",)),
    "process-steps": who("lead", own=("owner",)),
    "log-filter": SHOWN,
    "log-cases": SHOWN,
    "log-case": SHOWN,
    "log-paths": SHOWN,
    "log-times": SHOWN,
    "log-contrast": SHOWN,
    "log-work": SHOWN,
    "log-workload": SHOWN,
    "log-events-csv": Who(EXPORTERS),
    "log-events-xes": Who(EXPORTERS),
    "log-conformance": SHOWN,
    "log-mapping": LEADS,
    "log-problem": who("lead", "owner", "member", "champion"),
    "log-step-times": who("lead", own=("owner",)),
    "log-upload": LEADS,
    "log-connect": LEADS,
    "log-columns": LEADS,
    "log-import": LEADS,
    "log-closing": LEADS,
    "log-quality": SHOWN,
    "log-bad-rows": Who(EXPORTERS),
    "log-clean": LEADS,
    "log-versions": SHOWN,
    "log-version-add": LEADS,
    "log-derive": LEADS,
    "log-compare": SHOWN,
    "log-compare-csv": Who(EXPORTERS),
    "log-filter-save": LEADS,
    "log-filter-change": LEADS,
    "log-feed": who("lead", own=("owner", "controller")),
    "problems-pareto": SHOWN,
    "problems-merge": who("lead", own=("owner", "member", "champion")),
    "report-diagnosis": SHOWN,
    "report-diagnosis-issue": LEADS,
    # Phases 4, 5 and 6
    "comparison": SHOWN,
    "scores": LEADS,
    "step-matrix": LEADS,
    "support-task": LEADS,
    "work-plan": SHOWN,
    # Phases 7 and 8, and the pages over all apps
    "cockpit": SHOWN,
    "dashboard": SHOWN,
    "scorecard": SHOWN,
    "effects": SHOWN,
    "evaluation-setup": LEADS,
    "ratings": Who(READERS - {"auditor", "viewer"}),
    "economics-confirm": who("controller"),
    "report-evaluation": SHOWN,
    "report-evaluation-issue": LEADS,
    "monitor": SHOWN,
    "monitor-one": SHOWN,
    "signal-action": who("lead", own=("owner", "member", "champion")),
    "signal-close": who("lead", own=("owner", "member", "champion")),
    "cycle": LEADS,
}
SHOWN_WITH_A_FORM = {"step-matrix", "cycle"}
# (pattern of the name, method or "*") -> who.
WHO: dict[tuple[str, str], Who] = {
    # The enterprise
    ("ledger.*", "*"): who("admin", "auditor"),
    ("people|person-.*|unit-.*|tokens|token-.*", "*"): who("admin"),
    ("programme-new|programme-new-keep", "*"): who("lead", "stranger"),
    # The viewer of the world is the method owner of its enterprise.
    ("pack-(take|draft|release|delete|import|edit|gate)", "*"): who("viewer"),
    ("packs?|pack-file", "*"): Who(SIGNED_IN),
    ("programme-pack-move", "*"): Who(LEAD),
    # Everybody who is signed in; rows are narrowed to what they may see
    ("portfolio.*|my-work.*|settings|menu|help|methods?|search.*", "*"): Who(SIGNED_IN),
    ("choose-enterprise|library|reports|api-docs|api-schema|lessons-all", "*"):
        Who(SIGNED_IN),
    ("told|told-read|change-load", "*"): Who(SIGNED_IN),
    # Open by purpose
    ("healthz|readyz|dev-mails|verify|survey-(answer|thanks)", "*"): Who(EVERYBODY),
    ("staff-.*", "*"): Who(EVERYBODY),
    # Programme
    ("questions-ask", "*"): Who(ROLES),
    ("announcements-acknowledge", "*"): Who(READERS),
    ("mandate-sign", "*"): who("sponsor"),
    ("team", "POST"): Who(LEAD),
    ("risks-reviewed|needs-triage.*|copy-lists", "*"): LEADS,
    ("(objectives|needs|it|scope|budget|tasks)-import", "*"): LEADS,
    ("risks-import", "*"): who("lead", own=("owner", "member", "champion")),
    ("problems-import", "*"): who("lead", "owner", "member", "champion"),
    ("lessons-import", "*"): who("lead", "owner"),
    ("tasks-finish", "*"): who("lead", own=tuple(READERS - {"viewer", "auditor"})),
    ("indicators-(import|value|value-remove)", "*"):
        who("lead", own=("owner", "controller")),
    ("indicators-contract", "*"): who("lead", own=("owner",)),
    ("process-confirm", "*"): who(own=("owner",)),
    ("problems-new", "*"): who("lead", "owner", "member", "champion"),
    ("(job-again|job-cancel)", "*"): Who(LEAD),
    # Gates
    ("gate-(submit|withdraw)", "*"): Who(LEAD),
    ("review-(open|case)|rollout-ask", "*"): Who(LEAD),
    ("gate-record", "*"): who("lead", "sponsor", "owner"),
    ("gate-confirm", "*"): who("controller"),
    ("gate-(decide|undo|resume|reveal|waiver-answer)", "POST"): who("sponsor"),
    ("gate-(reaffirm|reopen)", "*"): who("sponsor"),
    # Who has no seat is told so once there is a panel.
    ("gate-vote", "*"): Who(READERS),
    ("inbox|inbox-follow", "*"): Who(SIGNED_IN),
    ("gate-waiver-ask", "*"): Who(LEAD),
    ("delegation-(new|end)", "*"): who("sponsor", "gatekeeper", "controller", "owner"),
    ("gate-condition", "*"): who("lead", "sponsor"),
    # Ratings are given by each for themselves
    (r"(qualitative|ratings)-(new|edit|delete|restore)", "*"):
        Who(NOBODY, READERS - {"auditor", "viewer"}),
    ("(log|process|survey)-.*-export|.*-export", "*"): Who(EXPORTERS),
}
# What a POST carries where an empty one would not reach the rule.
POSTS: dict[str, dict[str, str]] = {
    "charter-save": {"field": "objectives-new-title"},
    "gate-decide": {"outcome": "return", "rationale": "§No", "fingerprint": "x"},
    "gate-waiver-ask": {"code": "G1.A3", "reason": "§Later"},
}
# fmt: on
ASSIGNED = ("new", "edit", "delete", "restore")


def expected(name: str, method: str, only_post: bool) -> Who:
    """Who may send this method to the address of this name."""
    for (pattern, way), found in WHO.items():
        if way in ("*", method) and fullmatch(pattern, name):
            return found
    if name in PAGES:
        is_shown = PAGES[name] == SHOWN or name in SHOWN_WITH_A_FORM
        return Who(READERS) if is_shown and method == "GET" else PAGES[name]
    topic, _, page = name.rpartition("-")
    if page in ASSIGNED:
        return WRITERS.get(topic, LEADS)
    if only_post or method == "POST":
        return WRITERS.get(topic, LEADS)
    return Who(READERS)


# Act of the policy -> who may, who may on what is theirs (roles of the programme), and
# who may by a role of the enterprise. From TRUST 4.2; every line of the policy is here.
ALL = "lead sponsor gatekeeper controller owner member champion viewer"
TEAM = "lead sponsor gatekeeper controller owner member champion"
ACTS: dict[str, tuple[str, str, str]] = {
    "people.edit": ("", "", "administrator"),
    "token.edit": ("", "", "administrator"),
    "ledger.read": ("", "", "administrator auditor"),
    "programme.create": ("", "", "creator"),
    "pack.edit": ("", "", "method_owner"),
    "pack.move": ("lead", "", ""),
    "programme.read": (ALL, "", "auditor"),
    "export": ("lead sponsor gatekeeper controller owner viewer", "", "auditor"),
    "programme.edit": ("lead", "", ""),
    "mandate.edit": ("lead", "", ""),
    "mandate.sign": ("sponsor", "", ""),
    "objective.edit": ("lead", "", ""),
    "need.edit": ("lead", "", ""),
    "scope.edit": ("lead", "", ""),
    "it.edit": ("lead", "", ""),
    "budget.edit": ("lead", "", ""),
    "budget.confirm": ("controller", "", ""),
    "plan.edit": ("lead", "", ""),
    "team.edit": ("lead", "", ""),
    "risk.edit": ("lead", "owner member champion", ""),
    "meeting.edit": ("lead", "", ""),
    "notice.edit": ("lead champion", "", ""),
    "training.edit": ("lead champion", "", ""),
    "question.edit": ("lead champion", "", ""),
    "question.ask": (ALL, "", ""),
    "stakeholder.edit": ("lead", "", ""),
    "pulse.edit": ("lead", "", ""),
    "environment.edit": ("lead", "", ""),
    "survey.edit": ("lead", "", ""),
    "process.edit": ("lead", "owner", ""),
    "process.confirm": ("", "owner", ""),
    "log.edit": ("lead", "", ""),
    "problem.create": ("lead owner member champion", "", ""),
    "problem.edit": ("lead", "owner member champion", ""),
    "finding.edit": ("lead", "", ""),
    "report.issue": ("lead", "", ""),
    "goal.edit": ("lead", "", ""),
    "option.edit": ("lead", "", ""),
    "case.edit": ("lead controller", "", ""),
    "scheme.edit": ("lead", "", ""),
    "support.edit": ("lead", "", ""),
    "work.edit": ("lead", "", ""),
    "work.finish": ("lead", TEAM, ""),
    "indicator.edit": ("lead", "owner", ""),
    "measurement.record": ("lead", "owner controller", ""),
    "evaluation.edit": ("lead", "", ""),
    "rating.give": (TEAM, "", ""),
    "economics.edit": ("lead", "", ""),
    "economics.confirm": ("controller", "", ""),
    "lesson.edit": ("lead owner", "", ""),
    "action.edit": ("lead", "owner member champion", ""),
    "cycle.start": ("lead", "", ""),
    "exception.edit": ("lead", "", ""),
    "gate.submit": ("lead", "", ""),
    "gate.withdraw": ("lead", "", ""),
    "gate.confirm": ("controller", "", ""),
    "gate.decide": ("sponsor", "", ""),
    "gate8.decide": ("owner", "", ""),
    "gate.record": ("lead sponsor owner", "", ""),
    "gate.delegate": ("sponsor owner gatekeeper controller", "", ""),
    "waiver.ask": ("lead", "", ""),
    "condition.close": ("lead sponsor", "", ""),
}
