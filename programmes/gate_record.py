"""The facts of a gate record: what one round asked, rested on, and was answered.

Before the decision the same document is the gate pack. Everything stands as it was
frozen with the round; only what came after (ballots, decision, signatures) is added.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.apps import apps
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from programmes import gate_changes
from programmes.figure_table import figure_blocks
from programmes.gate_changes import Value, in_words
from programmes.gating import known_criteria, rules_at
from programmes.kit import formats
from programmes.lifecycle import OPENING, ReviewState
from programmes.models import Document, GateReview, Person, Signature, Vote
from programmes.phases import QUESTIONS, Phase
from programmes.reports import (
    Block,
    Box,
    Cell,
    CoverLine,
    Report,
    Section,
    Words,
    pairs,
    table,
    words,
)

LONGEST_VALUE = 160
TONES = {"fail": "critical", "waived": "attention"}


def build(review: GateReview, as_of: datetime) -> Report:
    """The record of a round, or its pack while it waits for the decision."""
    gate = review.gate
    programme = gate.programme
    is_open = review.state == ReviewState.OPEN
    title = _("Pack of %(gate)s") if is_open else _("Record of %(gate)s")
    found = [
        decision_section(review),
        criteria_section(review),
        panel_section(review),
        changes_section(review),
        evidence_section(review),
        proof_section(review),
    ]
    sections = tuple(one for one in found if one is not None)
    return Report(
        kind=Document.Kind.GATE.value,
        title=title % {"gate": gate.words},
        programme=programme.name,
        code=programme.code,
        enterprise=programme.enterprise.name,
        phase=int(gate.phase),
        message=sections[0].lead,
        as_of=as_of.isoformat(),
        as_of_words=formats.moment(as_of),
        cover=cover_of(review, as_of),
        sections=sections,
    )


def cover_of(review: GateReview, as_of: datetime) -> tuple[CoverLine, ...]:
    decided = review.decided_by
    return (
        CoverLine(_("As of"), formats.day(as_of), f"{as_of:%H:%M} UTC"),
        CoverLine(
            _("Asked by"), str(review.submitted_by), formats.day(review.submitted_at)
        ),
        CoverLine(
            _("Decided by"),
            str(decided) if decided else formats.MISSING,
            formats.day(review.decided_at) if review.decided_at else "",
        ),
        CoverLine(
            _("Round"),
            str(review.round),
            _("evidence %(hash)s") % {"hash": review.pack_hash[:12]},
        ),
    )


# --- the decision -------------------------------------------------------------------


def decision_section(review: GateReview) -> Section:
    gate = review.gate
    rules = rules_at(gate)
    blocks: list[Block] = [
        pairs(
            [
                (_("Question"), rules.question or QUESTIONS[Phase(gate.phase)]),
                (_("What is asked"), review.ask),
                (_("Money"), money_words(review)),
                (_("Next phase"), next_words(review)),
                (_("Due"), formats.day(review.due_on)),
                (_("Outcome"), review.outcome_words),
                (_("Reason"), review.rationale),
                (_("Looked at again on"), day_words(review.review_on)),
                (_("What becomes of it"), review.disposal),
                (_("State"), state_words(review)),
            ]
        ),
        *figure_blocks(review),
    ]
    conditions = condition_rows(review)
    if conditions:
        head = [_("Condition"), _("Owner"), _("Due"), _("Met when")]
        blocks.append(table(head, conditions, title=_("Conditions")))
    signatures = review.signatures.select_related("person", "on_behalf_of")
    blocks += [signature_box(one) for one in signatures.order_by("signed_at", "pk")]
    return Section("decision", _("Decision"), lead_of(review), tuple(blocks))


def condition_rows(review: GateReview) -> list[tuple[str, ...]]:
    return [
        (one.text, str(one.owner), formats.day(one.due_on), words(one.proof))
        for one in review.conditions.select_related("owner").order_by("pk")
    ]


def lead_of(review: GateReview) -> str:
    told = {
        "gate": review.gate.words,
        "round": review.round,
        "name": str(review.submitted_by),
        "on": formats.day(review.submitted_at),
    }
    if not review.outcome:
        return _("%(name)s asked for the decision at %(gate)s on %(on)s.") % told
    told |= {
        "gate": str(review.gate),
        "name": by_whom(review),
        "on": formats.day(review.decided_at),
        "outcome": review.outcome_words,
    }
    return (
        _("%(gate)s, round %(round)s: %(outcome)s. Decided by %(name)s, %(on)s.") % told
    )


def by_whom(review: GateReview) -> str:
    """B, or “B for A”."""
    if review.decided_for is None:
        return str(review.decided_by)
    names = {"name": review.decided_by, "other": review.decided_for}
    return _("%(name)s for %(other)s") % names


def state_words(review: GateReview) -> str:
    """Only where it is not what one expects."""
    usual = (ReviewState.DECIDED, ReviewState.OPEN)
    return "" if review.state in usual else review.get_state_display()


def day_words(day: Any) -> str:
    return formats.day(day) if day else ""


def next_words(review: GateReview) -> str:
    """What the decision opens, as it was planned then."""
    planned = review.pack.get("next") or {}
    if not planned.get("starts_on"):
        return ""
    told = {"phase": Phase(int(planned["phase"])).label, "from": planned["starts_on"]}
    if not planned.get("ends_on"):
        return _("%(phase)s from %(from)s") % told
    return _("%(phase)s, %(from)s to %(to)s") % {**told, "to": planned["ends_on"]}


def money_words(review: GateReview) -> str:
    money = review.pack.get("money") or {}
    if not money:
        return ""
    return formats.money(money["tranche"], money["currency"])


def signature_box(signature: Signature) -> Box:
    """Name, time, meaning and hash, as they were signed."""
    who = signature.name or str(signature.person)
    if signature.on_behalf_of is not None:
        names = {"name": who, "other": signature.on_behalf_of}
        who = _("%(name)s for %(other)s") % names
    text = _("%(name)s, %(at)s UTC: “%(meaning)s” Signed: %(hash)s") % {
        "name": who,
        "at": formats.moment(signature.signed_at),
        "meaning": signature.meaning,
        "hash": signature.mark,
    }
    note = f"\n{signature.note}" if signature.note else ""
    return Box(_("Signature"), f"{text}{note}")


# --- criteria -----------------------------------------------------------------------


def criteria_section(review: GateReview) -> Section:
    pack = review.pack
    titles = {code: str(one.title) for code, one in known_criteria().items()}
    frozen = pack.get("criteria", ())
    musts = [one for one in frozen if one["kind"] == "must"]
    met = [one for one in musts if one["waived"] or one["result"] != "fail"]
    rows = [
        (
            one["code"],
            titles.get(one["code"], one["code"]),
            _("must") if one["kind"] == "must" else _("optional"),
            result_cell(one),
            Cell(f"{one['done']}/{one['of']}" if one["of"] else "", is_number=True),
        )
        for one in frozen
    ]
    head = [_("Code"), _("Criterion"), _("Kind"), _("Result"), _("Done")]
    blocks: list[Block] = [table(head, rows, numbers=[4])]
    waivers = waiver_rows(review, titles)
    if waivers:
        head = [_("Criterion"), _("Reason"), _("Granted by")]
        blocks.append(table(head, waivers, title=_("Let go by the chair")))
    lead = _("%(met)s of %(of)s mandatory criteria were met when it was asked.")
    told = lead % {"met": len(met), "of": len(musts)}
    return Section("criteria", _("Criteria"), told, tuple(blocks))


def result_cell(frozen: dict[str, Any]) -> Cell:
    if frozen["waived"]:
        return Cell(_("let go"), tone="attention")
    word = gate_changes.result_word(frozen["result"])
    return Cell(word, tone=TONES.get(frozen["result"], ""))


def waiver_rows(review: GateReview, titles: dict[str, str]) -> list[tuple[str, ...]]:
    rows = review.waivers.select_related("answered_by").order_by("code")
    return [
        (titles.get(one.code, one.code), one.reason, words(one.answered_by))
        for one in rows
    ]


# --- the panel ----------------------------------------------------------------------


def panel_section(review: GateReview) -> Section | None:
    if not review.panel:
        return None
    seats = {one["person"]: one for one in review.panel}
    names = dict(Person.objects.filter(pk__in=seats).values_list("pk", "name"))
    votes = list(review.votes.select_related("person").order_by("pk"))
    title = _("Panel and ballots")
    told = {"cast": len(votes), "seats": len(seats)}
    if review.state == ReviewState.OPEN and review.revealed_at is None:
        lead = _("%(cast)s of %(seats)s ballots are cast; they are still sealed.")
        seated = [(names.get(key, ""), seat_words(one)) for key, one in seats.items()]
        block = table([_("Seat of"), _("Role")], seated)
        return Section("panel", title, lead % told, (block,))
    by_person = {one.person_id: one for one in votes}
    rows = [
        ballot_row(names.get(key, ""), one, by_person.get(key))
        for key, one in seats.items()
    ]
    head = [_("Seat of"), _("Role"), _("Advice"), _("Comment")]
    blocks: list[Block] = [table(head, rows), *judged_table(review, votes)]
    told["against"] = sum(one.outcome not in OPENING for one in votes)
    lead = _("%(cast)s of %(seats)s ballots were cast; %(against)s against approval.")
    return Section("panel", title, lead % told, tuple(blocks))


def judged_table(review: GateReview, votes: list[Vote]) -> list[Block]:
    """Lowest, mean and highest answer, where anything was judged."""
    rows = judged_rows(review, votes)
    head = [_("Question"), _("Lowest"), _("Mean"), _("Highest")]
    title = _("Judged from 1 to 5")
    return [table(head, rows, title=title, numbers=[1, 2, 3])] if rows else []


def seat_words(seat: dict[str, Any]) -> str:
    from_role = dict(Vote._meta.get_field("role").flatchoices)
    role = str(from_role.get(seat["role"], seat["role"]))
    return f"{role}, {seat['seat']}" if seat.get("seat") else role


def ballot_row(
    name: str, seat: dict[str, Any], vote: Vote | None
) -> tuple[str | Cell, ...]:
    if vote is None:
        return (name, seat_words(seat), formats.MISSING, "")
    said = str(vote.get_outcome_display())
    tone = "" if vote.outcome in OPENING else "critical"
    late = _("late") if vote.is_late else ""
    comment = " · ".join(filter(None, [late, vote.comment]))
    return (name, seat_words(seat), Cell(said, tone=tone), comment)


def judged_rows(review: GateReview, votes: list[Vote]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for one in review.pack.get("judged", ()):
        given = [vote.scores[one["key"]] for vote in votes if one["key"] in vote.scores]
        if given:
            mean = formats.number(sum(given) / len(given), 1)
            rows.append((one["title"], str(min(given)), mean, str(max(given))))
    return rows


# --- what changed, and the evidence -------------------------------------------------


def changes_section(review: GateReview) -> Section | None:
    """Against the round before; nothing in the first one."""
    before = review.gate.reviews.filter(round=review.round - 1).first()
    if before is None:
        return None
    changes = gate_changes.compare(before.pack, review.pack)
    title = _("What changed since the round before")
    if not changes:
        lead = _("The evidence is the same as in round %(round)s.")
        return Section("changes", title, lead % {"round": before.round})
    rows = [
        (one.what, one.field, short(one.before), short(one.after)) for one in changes
    ]
    head = [_("What"), _("Field"), _("Before"), _("After")]
    lead = _("%(n)s differences to round %(round)s.")
    told = lead % {"n": len(changes), "round": before.round}
    return Section("changes", title, told, (table(head, rows),))


def evidence_section(review: GateReview) -> Section | None:
    """Every record that the decision rests on, with its version and values."""
    rows = review.pack.get("evidence", ())
    if not rows:
        return None
    texts = in_words(value for row in rows for value in values_of(row))
    by_kind: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for row in rows:
        said = [
            f"{gate_changes.field_label(one.kind, one.field)}: {short(texts[one])}"
            for one in values_of(row)
            if one.text
        ]
        label = row["label"] or f"#{row['id']}"
        by_kind[row["type"]].append((label, str(row["version"]), " · ".join(said)))
    head = [_("Record"), _("Version"), _("What the decision rests on")]
    tables = tuple(
        table(head, lines, title=plural(kind), numbers=[1])
        for kind, lines in by_kind.items()
    )
    lead = _("%(n)s records were frozen with the round.") % {"n": len(rows)}
    return Section("evidence", _("Evidence"), lead, tables)


def values_of(row: dict[str, Any]) -> list[Value]:
    return [Value(row["type"], name, text) for name, text in row["fields"].items()]


def plural(kind: str) -> str:
    try:
        found = str(apps.get_model(kind)._meta.verbose_name_plural)
    except LookupError:
        return kind
    return found[:1].upper() + found[1:]


def short(text: str) -> str:
    return Truncator(text).chars(LONGEST_VALUE)


# --- proof --------------------------------------------------------------------------


def proof_section(review: GateReview) -> Section:
    """How anybody can check that nothing was changed."""
    rows = [
        (_("Pack (SHA-256)"), review.pack_hash),
        (_("Criteria (SHA-256)"), review.fingerprint),
    ]
    text = _(
        "The frozen pack is attached as pack.json and the facts of this document as "
        "facts.json; sha256sum on pack.json gives the first hash. The number and the "
        "seal of the ledger's last entry stand at the foot of every page."
    )
    blocks = (pairs(rows), Words(text))
    lead = _("Hashes of what was decided on, as they were signed.")
    return Section("proof", _("Proof"), lead, blocks)
