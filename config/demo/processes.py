"""Texts of the demo: how the processes of the programmes work before they change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from diagnosis.services.processes import Cell, Line, StepRow

GRID = [
    (row, column)
    for row in ("input", "processing", "output")
    for column in ("contents", "forms", "methods")
]


@dataclass(frozen=True)
class Description:
    """All that is written down about one process."""

    trigger: str
    customer: str
    purpose: str
    lines: list[Line]
    cells: list[Cell]
    steps: list[StepRow]


def lines(**columns: list[str]) -> list[Line]:
    """ "Released order | within 4 hours" a line."""
    found = []
    for kind, texts in columns.items():
        for text in texts:
            what, _bar, requirement = text.partition(" | ")
            found.append(Line(kind, what, requirement))
    return found


def cells(*texts: tuple[str, str, int] | str) -> list[Cell]:
    """Nine cells in reading order: text, finding, severity; or why not applicable."""
    return [
        Cell(row, column, is_not_applicable=True, reason=given)
        if isinstance(given, str)
        else Cell(row, column, text=given[0], finding=given[1], severity=given[2])
        for (row, column), given in zip(GRID, texts, strict=True)
    ]


def table(text: str, volume: int) -> Iterator[StepRow]:
    """Rows "key ; kind ; name ; role ; system ; work ; wait ; value ; then"."""
    for line in text.strip().splitlines():
        key, kind, name, role, system, work, wait, value, ways = (
            part.strip() for part in line.split("¦")
        )
        yield StepRow(
            key=key,
            kind=kind,
            name=name,
            role=role,
            system=system,
            work_minutes=Decimal(work) if work else None,
            wait_minutes=Decimal(wait) if wait else None,
            volume=volume if kind in ("task", "decision") else None,
            value_class=value,
            ways=ways,
        )


CREDIT = Description(
    trigger="An order is complete in the ERP",
    customer="Warehouse, and the customer who waits",
    purpose="Release orders that will be paid, fast enough that nobody has to ask.",
    lines=lines(
        supplier=["Order entry", "Credit agency", "Sales"],
        input=["Complete order", "Credit rating", "Open invoices"],
        process=["Read credit limit", "Compare open items", "Decide", "Inform sales"],
        output=["Released order | within 4 working hours", "Refusal with reason"],
        customer=["Warehouse", "Customer", "Sales"],
    ),
    cells=cells(
        ("Order, limit, open items", "The rating is up to 90 days old", 2),
        ("ERP record, agency PDF, a list on paper", "Limits are typed again", 2),
        ("Desk pulls a list twice a day", "Orders wait for the next list", 3),
        ("Compare order value with the free limit", "Every order, also small ones", 3),
        ("ERP screen and a spreadsheet", "The spreadsheet is kept by one person", 2),
        ("By hand, second check by the team lead", "No rule says when", 3),
        ("Release or refusal", "", 0),
        ("Status in the ERP, mail to sales", "Mail is forgotten at month end", 1),
        ("Set by the clerk", "", 0),
    ),
    steps=list(
        table(
            """
1 ¦ start ¦ Order entered ¦ Credit clerk ¦ ERP ¦ ¦ ¦ ¦
2 ¦ task ¦ Pull list of orders ¦ Credit clerk ¦ ERP ¦ 6 ¦ 240 ¦ NVA ¦
3 ¦ task ¦ Read credit limit ¦ Credit clerk ¦ ERP ¦ 4 ¦ 30 ¦ BVA ¦
4 ¦ task ¦ Compare open items ¦ Credit clerk ¦ Spreadsheet ¦ 9 ¦ 60 ¦ BVA ¦
5 ¦ decision ¦ Within limit? ¦ Credit clerk ¦ ERP ¦ 1 ¦ 0 ¦ BVA ¦ yes: 9; no: 6
6 ¦ task ¦ Second check ¦ Team lead ¦ Spreadsheet ¦ 14 ¦ 1900 ¦ NVA ¦
7 ¦ decision ¦ Acceptable? ¦ Team lead ¦ ¦ 2 ¦ 0 ¦ BVA ¦ yes: 9; too high: 8
8 ¦ task ¦ Ask for security ¦ Sales ¦ Mail ¦ 12 ¦ 700 ¦ BVA ¦ 11
9 ¦ task ¦ Release order ¦ Credit clerk ¦ ERP ¦ 3 ¦ 20 ¦ VA ¦
10 ¦ end ¦ Released ¦ Credit clerk ¦ ERP ¦ ¦ ¦ ¦
11 ¦ end ¦ Refused ¦ Sales ¦ Mail ¦ ¦ ¦ ¦
""",
            36_900,
        )
    ),
)
ENTRY = Description(
    trigger="A customer sends an order",
    customer="Credit desk and warehouse",
    purpose="Turn what the customer wants into an order that needs no question later.",
    lines=lines(
        supplier=["Customer", "Sales", "Price master"],
        input=["Order by web, EDI or phone", "Prices and terms"],
        process=["Receive", "Check data", "Ask what is missing", "Enter", "Confirm"],
        output=["Complete order | 98 % without question", "Confirmation | same day"],
        customer=["Credit desk", "Warehouse", "Customer"],
    ),
    cells=cells(
        ("Items, amounts, address, date", "One in five lacks the delivery date", 3),
        ("Web form, EDI, phone notes, mail", "Phone notes are typed twice", 2),
        ("Three inboxes, read by whoever is free", "No owner of the inbox", 2),
        ("Check data against the price master", "Special prices live in two places", 3),
        ("ERP and a folder of price agreements", "Agreements are scanned PDFs", 2),
        ("By hand, field by field", "No check at entry", 3),
        ("Order and confirmation", "", 0),
        ("ERP record, mail", "Confirmation lacks the date", 1),
        ("Sent by hand after entry", "Sometimes a day late", 1),
    ),
    steps=list(
        table(
            """
1 ¦ start ¦ Order arrives ¦ Customer ¦ ¦ ¦ ¦ ¦
2 ¦ task ¦ Receive order ¦ Order desk ¦ Mail ¦ 3 ¦ 45 ¦ BVA ¦
3 ¦ task ¦ Check data ¦ Order desk ¦ ERP ¦ 12 ¦ 240 ¦ BVA ¦
4 ¦ decision ¦ Complete? ¦ Order desk ¦ ¦ 1 ¦ 0 ¦ BVA ¦ yes: 7; no: 5
5 ¦ task ¦ Ask customer ¦ Order desk ¦ Phone ¦ 9 ¦ 180 ¦ NVA ¦
6 ¦ task ¦ Answer ¦ Customer ¦ Phone ¦ 5 ¦ 1100 ¦ NVA ¦ 3
7 ¦ task ¦ Look up price ¦ Order desk ¦ Price folder ¦ 6 ¦ 30 ¦ NVA ¦
8 ¦ task ¦ Enter order ¦ Order desk ¦ ERP ¦ 8 ¦ 20 ¦ VA ¦
9 ¦ task ¦ Confirm to customer ¦ Order desk ¦ Mail ¦ 2 ¦ 120 ¦ VA ¦
10 ¦ end ¦ Order entered ¦ Order desk ¦ ERP ¦ ¦ ¦ ¦
""",
            38_400,
        )
    ),
)
INVOICE = Description(
    trigger="Goods have left the warehouse",
    customer="Customer's accounts payable",
    purpose="Bill what was delivered at the agreed price, once, and be paid on time.",
    lines=lines(
        supplier=["Warehouse", "Price master", "Carrier"],
        input=["Delivery note", "Prices and terms", "Freight"],
        process=["Match", "Price", "Print", "Send", "Correct"],
        output=["Invoice | right first time in 98 %", "Correction | within 2 days"],
        customer=["Customer", "Accounts receivable"],
    ),
    cells=cells(
        ("Delivery, prices, freight", "Freight arrives after the invoice", 2),
        ("ERP record, carrier's PDF", "Carrier data is typed", 2),
        ("Nightly run, freight by mail", "", 0),
        ("Match delivery with order, add freight", "One in nine is corrected", 3),
        ("ERP and a spreadsheet of special prices", "Two sources of prices", 3),
        ("Batch at night, special prices by hand", "No check before sending", 2),
        ("Invoice, correction", "", 0),
        ("PDF by mail, EDI for 30 customers", "Paper for 200 customers", 1),
        ("Sent in the morning", "", 0),
    ),
    steps=list(
        table(
            """
1 ¦ start ¦ Goods shipped ¦ Warehouse ¦ ERP ¦ ¦ ¦ ¦
2 ¦ task ¦ Match delivery and order ¦ Billing ¦ ERP ¦ 5 ¦ 600 ¦ BVA ¦
3 ¦ task ¦ Add freight ¦ Billing ¦ Spreadsheet ¦ 7 ¦ 240 ¦ BVA ¦
4 ¦ decision ¦ Special price? ¦ Billing ¦ ¦ 1 ¦ 0 ¦ BVA ¦ yes: 5; no: 6
5 ¦ task ¦ Look up agreement ¦ Billing ¦ Price folder ¦ 11 ¦ 90 ¦ NVA ¦
6 ¦ task ¦ Write invoice ¦ Billing ¦ ERP ¦ 4 ¦ 30 ¦ VA ¦
7 ¦ task ¦ Send invoice ¦ Billing ¦ Mail ¦ 2 ¦ 480 ¦ VA ¦
8 ¦ decision ¦ Accepted? ¦ Customer ¦ ¦ 3 ¦ 1440 ¦ BVA ¦ yes: 10; no: 9
9 ¦ task ¦ Correct invoice ¦ Billing ¦ ERP ¦ 25 ¦ 2300 ¦ NVA ¦ 7
10 ¦ end ¦ Invoiced ¦ Billing ¦ ERP ¦ ¦ ¦ ¦
""",
            17_650,
        )
    ),
)
DESCRIPTIONS = {
    "release": CREDIT,
    "credit": CREDIT,
    "entry": ENTRY,
    "order desk": ENTRY,
    "invoic": INVOICE,
    "billing": INVOICE,
}


ORDINARY_CELLS = cells(
    ("Request with its reason and amount", "Reason is missing in a third", 2),
    ("Mail and a paper form", "Forms are scanned and typed", 2),
    ("Sent to a shared inbox", "Nobody owns the inbox", 2),
    ("Check against rules and budget", "Rules are read differently", 2),
    ("ERP and two spreadsheets", "Numbers differ between them", 2),
    ("Two approvals one after the other", "The second never refuses", 3),
    ("Carried-out request, record", "", 0),
    ("ERP record", "", 0),
    "The record is made by the system itself",
)


def ordinary(name: str) -> Description:
    """A process that ends in an approval, told for any name."""
    return Description(
        trigger=f"A request for {name.lower()} arrives",
        customer="The unit that asked",
        purpose=f"{name}: done once, on time, by those whose task it is.",
        lines=lines(
            supplier=["Requesting unit", "Suppliers"],
            input=["Request", "Terms and rules"],
            process=["Receive", "Check", "Approve", "Carry out", "Record"],
            output=["Request carried out | within 5 working days", "Record | complete"],
            customer=["Requesting unit", "Finance"],
        ),
        cells=ORDINARY_CELLS,
        steps=list(
            table(
                """
1 ¦ start ¦ Request arrives ¦ Requester ¦ Mail ¦ ¦ ¦ ¦
2 ¦ task ¦ Receive request ¦ Clerk ¦ Mail ¦ 4 ¦ 300 ¦ BVA ¦
3 ¦ task ¦ Check request ¦ Clerk ¦ ERP ¦ 11 ¦ 240 ¦ BVA ¦
4 ¦ decision ¦ Complete? ¦ Clerk ¦ ¦ 1 ¦ 0 ¦ BVA ¦ yes: 6; no: 5
5 ¦ task ¦ Complete request ¦ Requester ¦ Mail ¦ 8 ¦ 900 ¦ NVA ¦ 3
6 ¦ task ¦ First approval ¦ Team lead ¦ ERP ¦ 5 ¦ 1300 ¦ BVA ¦
7 ¦ task ¦ Second approval ¦ Head of unit ¦ ERP ¦ 3 ¦ 2100 ¦ NVA ¦
8 ¦ task ¦ Carry out ¦ Clerk ¦ ERP ¦ 26 ¦ 180 ¦ VA ¦
9 ¦ task ¦ Record ¦ Clerk ¦ ERP ¦ 4 ¦ 30 ¦ BVA ¦
10 ¦ end ¦ Done ¦ Clerk ¦ ERP ¦ ¦ ¦ ¦
""",
                4_200,
            )
        ),
    )
