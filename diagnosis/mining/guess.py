"""Which column plays which part, from its name and from what stands in it."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from diagnosis.mining.clock import is_clock, is_day, joined
from diagnosis.mining.dates import DateGuess, guess_format

EXACT = {
    "case": ("case:concept:name", "case id", "caseid", "case", "case key", "trace id"),
    "activity": ("concept:name", "activity", "activity name", "event name"),
    "timestamp": ("time:timestamp", "timestamp", "complete timestamp", "end timestamp"),
    "start": ("start timestamp", "start time", "start date"),
    "resource": ("org:resource", "resource", "user name", "username", "ernam", "usnam"),
    "cost": ("cost:total", "cost", "costs"),
    "amount": ("amount", "case:amount", "order value", "amount req", "net value"),
    "lifecycle": ("lifecycle:transition", "lifecycle", "transition"),
}
WORDS = {
    "case": (
        "case", "trace", "ticket", "incident", "order", "instance", "request",
        "application", "claim", "invoice", "service", "document", "patient", "process",
        "vorgang", "fall", "auftrag", "antrag", "beleg", "bestellung", "dossier",
        "commande", "caso", "pedido", "zaak", "pratica", "candidate", "vbeln", "ebeln",
        "belnr", "aufnr", "banfn", "objectid", "案例", "编号", "工单", "订单", "ケース",
    ),
    "activity": (
        "activity", "operation", "task", "event", "step", "action", "state", "status",
        "stage", "aktivitaet", "aktivität", "taetigkeit", "tätigkeit", "schritt",
        "ereignis", "activite", "activité", "tache", "tâche", "etape", "étape",
        "actividad", "tarea", "atividade", "attivita", "attività", "activiteit", "taak",
        "vorgangsschritt", "arbeitsschritt", "prozessschritt", "arbeitsgang", "aktion",
        "treatment", "transaction", "milestone", "tcode", "vtext", "accion", "acción",
        "活动", "步骤", "操作", "环节", "アクティビティ", "действие", "операция",
        "этап",
    ),
    "timestamp": (
        "timestamp", "complete", "completed", "end", "finish", "finished", "time",
        "date", "datetime", "ende", "zeitstempel", "zeitpunkt", "datum", "zeit", "fin",
        "fecha", "hora", "heure", "data", "tijd", "abschluss", "horodatage", "updated",
        "changed", "modified", "时间", "日期", "日時", "дата", "время",
    ),
    "start": (
        "start", "started", "begin", "began", "beginn", "anfang", "debut", "début",
        "inicio", "início", "inizio", "from", "von",
    ),
    "resource": (
        "resource", "user", "agent", "employee", "performer", "owner", "worker",
        "staff", "originator", "clerk", "operator", "bearbeiter", "mitarbeiter",
        "benutzer", "ressource", "recurso", "utilisateur", "usuario", "risorsa",
        "medewerker", "responsible", "assignee", "handler", "author", "recruiter",
        "assigned", "physician", "doctor", "nurse", "sachbearbeiter", "responsable",
        "usuário", "operatore", "处理人", "用户", "人员", "担当者", "исполнитель",
        "пользователь",
    ),
    "cost": (
        "cost", "costs", "kosten", "cout", "coût", "coste", "costo", "custo", "fee",
        "expense", "expenses", "aufwand",
    ),
    "amount": (
        "amount", "price", "value", "betrag", "preis", "montant", "importe", "valor",
        "wert", "auftragswert", "bestellwert", "netwr", "prix", "prezzo", "bedrag",
        "total", "sum", "summe",
    ),
}  # fmt: skip
ID_WORDS = {"id", "key", "no", "nr", "number", "nummer", "numero", "numéro", "#"}
CLOCKS = {
    "time", "utime", "erzet", "cputm", "uzeit", "aezet", "uhrzeit", "zeit", "hora",
    "heure", "tijd", "ora",
}  # fmt: skip
STATES = {"state", "status", "type", "category", "priority", "class"}
NEXT = {"new", "to", "after", "neu", "neuer", "current"}
PAST = {"old", "previous", "prior", "from", "before", "alt", "alter"}
OTHER = {"origin", "source", "department", "city", "country", "group", "priority"}
IDENTIFIER = re.compile(r"[A-Z]{1,6}[-_]?\d{2,}")
PEOPLE = {"customer", "client", "kunde", "agent", "user", "employee", "product"}


@dataclass(frozen=True)
class ColumnFacts:
    """What the first rows say about one column; values are in the file's order."""

    index: int
    name: str
    values: tuple[str, ...]
    date: DateGuess | None

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the name, in small letters."""
        spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", self.name)
        return frozenset(re.findall(r"[^\W_]+|#", spaced.lower()))

    @cached_property
    def plain(self) -> str:
        """The name in small letters, with blanks for underscores."""
        spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", self.name)
        return re.sub(r"[\s_]+", " ", spaced).strip().lower()

    @cached_property
    def filled(self) -> int:
        return sum(bool(value.strip()) for value in self.values)

    @cached_property
    def distinct(self) -> int:
        return len({value for value in self.values if value.strip()})

    @cached_property
    def clock(self) -> bool:
        """Whether the values are times of day."""
        return is_clock(self.values, bool(self.words & CLOCKS))

    def joined(self, clock: "ColumnFacts") -> list[str]:
        """The different texts of this day with that time of day."""
        pairs = zip(self.values, clock.values, strict=True)
        return list(dict.fromkeys(joined(*pair) for pair in pairs if all(pair)))

    @cached_property
    def numeric(self) -> bool:
        """Whether nearly all values are numbers, whatever the decimal mark."""
        shape = re.compile(r"[-+]?[\d.,' \u00a0]*\d[\d.,]*\s?([€$£%]|[A-Z]{3})?")
        good = sum(bool(shape.fullmatch(value.strip())) for value in self.values)
        return good - (len(self.values) - self.filled) >= 0.95 * max(self.filled, 1) > 0


def guess_roles(columns: list[ColumnFacts]) -> dict[str, str]:
    """Role -> column name. Roles that nothing fits are left out."""
    roles: dict[str, ColumnFacts] = {}
    dated = [column for column in columns if column.date]
    clocks = [column for column in columns if not column.date and column.clock]
    plain = [one for one in columns if not one.date and one not in clocks]
    _assign(roles, "case", plain, _case_score)
    _assign(roles, "activity", plain, _activity_score)
    if "case" in roles:
        dated = _varying(dated, roles["case"]) or dated
    _assign(roles, "timestamp", dated, _time_score)
    if len(dated) > 1:
        _assign(roles, "start", dated, _start_score)
    _assign(roles, "lifecycle", plain, lambda column: 0.0)
    _assign(roles, "resource", plain, _resource_score)
    _assign(roles, "cost", plain, _cost_score)
    _assign(roles, "amount", plain, _amount_score)
    _order_times(roles)
    _add_clock(roles, clocks)
    return {role: column.name for role, column in roles.items()}


def _assign(
    roles: dict[str, ColumnFacts],
    role: str,
    columns: list[ColumnFacts],
    score: Callable[[ColumnFacts], float],
) -> None:
    """Give the role to the best column that has none yet, if it fits at all."""
    taken = set(roles.values())
    found = []
    for column in columns:
        if column in taken or not column.filled:
            continue
        points = score(column)
        if column.plain in EXACT[role]:
            points += 1000 - 50 * EXACT[role].index(column.plain)
        if points > 0:
            found.append((points, -column.index, column))
    if found:
        roles[role] = max(found)[2]


def _named(column: ColumnFacts, role: str) -> float:
    """Points for words of the name: the earlier in the list, the more."""
    hits = [WORDS[role].index(w) for w in column.words if w in WORDS[role]]
    inside = any(
        (len(w) > 4 or w >= "\u2e80") and w in column.plain for w in WORDS[role]
    )
    return max(8, 20 - min(hits) * 0.3) if hits else 6.0 if inside else 0.0


def _repeats(column: ColumnFacts) -> float:
    """Rows for each distinct value."""
    return column.filled / max(column.distinct, 1)


def _case_score(column: ColumnFacts) -> float:
    if column.filled < 0.5 * len(column.values):
        return -1
    points = _named(column, "case") * (0.5 if column.name.startswith("case:") else 1)
    points += 8 if column.words & ID_WORDS else 0
    points -= 12 if column.words & PEOPLE else 0
    points -= 16 if column.words & STATES else 0
    example = next(value for value in column.values if value.strip())
    points += 8 if re.match(r"(?i)(case|trace|fall|ticket)\b", example) else 0
    points += 3 if IDENTIFIER.fullmatch(example) else 0
    if column.distinct == 1 or column.name.startswith("@@"):
        points -= 30
    if 1.2 <= _repeats(column) <= 200:
        points += 6
    return points + (2 if column.index == 0 else 0)


def _activity_score(column: ColumnFacts) -> float:
    if column.name.startswith(("case:", "@@", "lifecycle:")) or column.distinct < 2:
        return -1
    points = _named(column, "activity")
    points -= 12 if column.numeric else 0
    points -= 10 if column.words & (PEOPLE | ID_WORDS) else 0
    points -= 8 if column.words & {*WORDS["resource"], "by"} else 0
    points += 6 if column.words & NEXT else -6 if column.words & PAST else 0
    points -= 12 if column.words & OTHER else 0
    if _repeats(column) >= 3 and column.distinct <= 1000:
        points += 6
    return points


def _time_score(column: ColumnFacts) -> float:
    points = 5 + _named(column, "timestamp")
    points -= 15 if column.words & set(WORDS["start"]) else 0
    points -= (
        12 if column.words & {"planned", "due", "deadline", "birth", "plan"} else 0
    )
    points -= 10 if column.name.startswith("case:") else 0
    return max(points, 1) + column.filled / len(column.values)


def _start_score(column: ColumnFacts) -> float:
    if column.name.startswith("case:") or not column.words & set(WORDS["start"]):
        return -1
    return 10


def _resource_score(column: ColumnFacts) -> float:
    if column.name.startswith(("case:", "@@")) or column.distinct < 2:
        return -1
    extra = WORDS["case"] + ("position", "group", "role")
    penalty = 4 if column.words & (ID_WORDS | set(extra)) else 0
    return _named(column, "resource") + (18 if "by" in column.words else 0) - penalty


def _cost_score(column: ColumnFacts) -> float:
    if not column.numeric or column.name.startswith(("@@", "case:")):
        return -1
    return _named(column, "cost") - (12 if column.words & ID_WORDS else 0)


def _amount_score(column: ColumnFacts) -> float:
    if not column.numeric or column.name.startswith("@@"):
        return -1
    return _named(column, "amount") - (12 if column.words & ID_WORDS else 0)


def amount_among(names: Iterable[str]) -> str | None:
    """The attribute of numbers whose name says what a case is worth, if one does."""
    found = [ColumnFacts(index, name, (), None) for index, name in enumerate(names)]
    scored = [
        (_named(one, "amount") + (one.plain in EXACT["amount"]) * 100, -one.index, one)
        for one in found
        if not one.words & ID_WORDS
    ]
    best = max(scored, default=None)
    # A word inside another is not enough where nobody looks at the guess.
    return best[2].name if best and best[0] >= 10 else None


def _varying(dated: list[ColumnFacts], case: ColumnFacts) -> list[ColumnFacts]:
    """The date columns whose value changes inside at least one case in ten."""
    kept = []
    for column in dated:
        seen: dict[str, set[str]] = {}
        for key, value in zip(case.values, column.values, strict=True):
            seen.setdefault(key, set()).add(value)
        if sum(len(values) > 1 for values in seen.values()) >= 0.1 * len(seen):
            kept.append(column)
    return kept


def _order_times(roles: dict[str, ColumnFacts]) -> None:
    """A start without another time is the time of the event."""
    if "start" in roles and "timestamp" not in roles:
        roles["timestamp"] = roles.pop("start")


def _add_clock(roles: dict[str, ColumnFacts], clocks: list[ColumnFacts]) -> None:
    """The time of day that belongs to a day without one: the nearest behind it."""
    day = roles.get("timestamp")
    if day is None or not is_day(day.values):
        return
    fitting = [one for one in clocks if guess_format(day.joined(one)[:200])]
    if fitting:
        roles["time"] = min(
            fitting, key=lambda one: (one.index < day.index, abs(one.index - day.index))
        )
