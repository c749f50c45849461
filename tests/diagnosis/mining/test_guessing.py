"""Columns of enterprise exports are guessed right, whatever the system and language."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from diagnosis.mining.preview import preview

STEPS = ("Create", "Approve", "Release", "Pick", "Ship", "Invoice", "Pay")
STATES = ("New", "In Progress", "On Hold", "Resolved", "Closed", "Reopened", "Void")
PEOPLE = ("Ann Lee", "Bob Ray", "Cy Doe", "D Eve", "E Fox", "G Hu", "H Io")
SECOND = "%Y-%m-%d %H:%M:%S"
CELLS = {
    "case": lambda n, k: f"C{k:05d}",
    "digits": lambda n, k: f"{4_500_000_000 + k}",
    "ticket": lambda n, k: f"INC{k:07d}",
    "long": lambda n, k: f"{k:08x}-aaaa-4bbb-8ccc-123456789abc",
    "step": lambda n, k: STEPS[(n * 5 + k) % 7],
    "code": lambda n, k: f"ME2{(n * 5 + k) % 7}N",
    "state": lambda n, k: STATES[(n * 5 + k) % 7],
    "done": lambda n, k: moment(n, k, 40).strftime(SECOND),
    "begun": lambda n, k: moment(n, k, 0).strftime(SECOND),
    "opened": lambda n, k: moment(k * 5, k, 0).strftime(SECOND),
    "due": lambda n, k: moment(k * 5, k, 9_000).strftime(SECOND),
    "german": lambda n, k: moment(n, k, 40).strftime("%d.%m.%Y %H:%M"),
    "user": lambda n, k: PEOPLE[(n * 3) % 7],
    "number": lambda n, k: f"{1000 + (n * 3) % 7}",
    "customer": lambda n, k: f"K{k % 9:03d}",
    "amount": lambda n, k: f"{k * 37 % 500}.{k % 90 + 10}",
    "row": lambda n, k: f"{n}",
    "group": lambda n, k: ("Clerk", "Manager")[n % 2],
}


def moment(n: int, k: int, minutes: int) -> datetime:
    begin = datetime(2025, 1, 6, 8, tzinfo=UTC)
    return begin + timedelta(hours=k * 7, minutes=n * 47 + minutes)


def write(path, columns: str) -> None:
    """`columns` names header and kind of cell, as in `VBELN:digits`."""
    pairs = [one.rpartition(":")[::2] for one in columns.split(", ")]
    rows = [[CELLS[kind](n, n // 5) for _, kind in pairs] for n in range(300)]
    random.Random(3).shuffle(rows)
    lines = [[name for name, _ in pairs], *rows]
    path.write_text("".join(";".join(line) + "\n" for line in lines), "utf-8")


# columns; case, activity, time, start, resource
EXPORTS = [
    (
        "Case ID:case, Activity:step, Resource:user, Start Timestamp:begun, "
        "Complete Timestamp:done, Variant index:group",
        "Case ID, Activity, Complete Timestamp, Start Timestamp, Resource",
    ),
    (
        "_CASE_KEY:digits, ACTIVITY_EN:step, EVENTTIME:done, USER_NAME:user",
        "_CASE_KEY, ACTIVITY_EN, EVENTTIME, , USER_NAME",
    ),
    (
        "OBJECTID:digits, CHANGENR:row, USERNAME:user, UDATE:german, TCODE:code",
        "OBJECTID, TCODE, UDATE, , USERNAME",
    ),
    (
        "Vorgang:case, Aktivität:step, Zeitpunkt:german, Bearbeiter:user",
        "Vorgang, Aktivität, Zeitpunkt, , Bearbeiter",
    ),
    (
        "Vorgangsnummer:case, Arbeitsgang:step, Beginn:begun, Ende:done, "
        "Sachbearbeiter:user",
        "Vorgangsnummer, Arbeitsgang, Ende, Beginn, Sachbearbeiter",
    ),
    (
        "Belegnummer:digits, Aktion:step, Belegdatum:opened, Änderungsdatum:german",
        "Belegnummer, Aktion, Änderungsdatum, , ",
    ),
    (
        "order_id:case, status:state, changed_at:done, changed_by:user",
        "order_id, status, changed_at, , changed_by",
    ),
    (
        "number:ticket, state:state, sys_updated_on:done, sys_updated_by:user, "
        "opened_at:opened, assignment_group:group",
        "number, state, sys_updated_on, , sys_updated_by",
    ),
    (
        "sys_id:long, number:ticket, incident_state:state, sys_created_on:opened, "
        "sys_updated_on:done, assigned_to:user, due_date:due",
        "number, incident_state, sys_updated_on, , assigned_to",
    ),
    (
        "Key:ticket, Status:state, Updated:done, Created:opened, Assignee:user",
        "Key, Status, Updated, , Assignee",
    ),
    (
        "Issue key:ticket, From:state, To:step, Author:user, Changed:done",
        "Issue key, To, Changed, , Author",
    ),
    (
        "CaseNumber:digits, OldValue:state, NewValue:step, CreatedDate:done, "
        "CreatedBy:user",
        "CaseNumber, NewValue, CreatedDate, , CreatedBy",
    ),
    (
        "TicketNo:digits, OldStatus:state, NewStatus:step, ModifiedOn:done, "
        "ModifiedBy:user",
        "TicketNo, NewStatus, ModifiedOn, , ModifiedBy",
    ),
    (
        ":row, concept:name:step, org:resource:user, time:timestamp:done, "
        "case:concept:name:case, case:amount:amount",
        "case:concept:name, concept:name, time:timestamp, , org:resource",
    ),
    (
        "Numéro de dossier:case, Étape:step, Date de début:begun, Date de fin:done, "
        "Responsable:user",
        "Numéro de dossier, Étape, Date de fin, Date de début, Responsable",
    ),
    (
        "Id Caso:case, Actividad:step, Fecha y hora:done, Usuario:user",
        "Id Caso, Actividad, Fecha y hora, , Usuario",
    ),
    (
        "Zaaknummer:case, Activiteit:step, Datum tijd:done, Medewerker:user",
        "Zaaknummer, Activiteit, Datum tijd, , Medewerker",
    ),
    (
        "案例编号:case, 活动:step, 时间:done, 处理人:user",
        "案例编号, 活动, 时间, , 处理人",
    ),
    (
        "PatientID:digits, Department:group, Treatment:step, Admission:opened, "
        "Timestamp:done, Physician:user",
        "PatientID, Treatment, Timestamp, , Physician",
    ),
    (
        "claim_id:case, customer_id:customer, event_type:step, event_time:done, "
        "handler:user, claim_amount:amount",
        "claim_id, event_type, event_time, , handler",
    ),
    (
        "employee_id:number, request_no:digits, step_name:step, start_time:begun, "
        "end_time:done",
        "request_no, step_name, end_time, start_time, employee_id",
    ),
    (
        "PROC_INST_ID_:long, ACT_ID_:code, ACT_NAME_:step, ASSIGNEE_:user, "
        "START_TIME_:begun, END_TIME_:done",
        "PROC_INST_ID_, ACT_NAME_, END_TIME_, START_TIME_, ASSIGNEE_",
    ),
    (
        "ApplicationID:case, Action:step, EventOrigin:group, EventID:row, "
        "Completed:done, User:user, RequestedAmount:amount",
        "ApplicationID, Action, Completed, , User",
    ),
    (
        "Shipment Number:case, Milestone:step, Actual Date:done, Planned Date:due",
        "Shipment Number, Milestone, Actual Date, , ",
    ),
    (
        "Purchase Order:digits, Vendor:customer, Transaction:step, Posted:done, "
        "Entered By:user",
        "Purchase Order, Transaction, Posted, , Entered By",
    ),
    (
        "event_id:row, case_id:case, activity:step, timestamp:done",
        "case_id, activity, timestamp, , ",
    ),
]


class TestGuessRoles:
    @pytest.mark.parametrize(
        ("columns", "roles"), EXPORTS, ids=[one[0][:30] for one in EXPORTS]
    )
    def test_of_an_export(self, tmp_path, columns, roles):
        path = tmp_path / "export.csv"
        write(path, columns)

        guess = preview(path).mapping

        assert guess is not None
        found = (guess.case, guess.activity, guess.timestamp, guess.start)
        said = [one or "" for one in (*found, guess.resource)]
        assert ", ".join(said) == roles
