"""Files that are no event log, told by how they begin: what each is, and what helps."""

import re

MAGIC = {
    b"\xd0\xcf\x11\xe0": "is a workbook of the old kind; save it as XLSX.",
    b"PARE": "is an encrypted Parquet file; write it without encryption.",
    **dict.fromkeys(
        (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF"),
        "is neither CSV nor XES; export it as one of them.",
    ),
    **dict.fromkeys(
        (b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf", b"Rar!"),
        "is an archive of another kind than gzip; unpack it and import what is in it.",
    ),
}
LOCKED = "EncryptedPackage".encode("utf-16-le")
"""The part of a file of the old kind that holds a workbook with a password."""
TEXTS = {
    r"\[\s*[\[{]|\{\s*\"": "is JSON; export the log as CSV or XES.",
    r"HTTP/\d": "is the answer of a web server and no event log; fetch it once more.",
    r"(?i)INSERT INTO|CREATE TABLE": "is SQL; export the table as CSV.",
}
WEB = "is a web page and no event log; perhaps the export asked you to sign in first."
ROOTS = {
    **dict.fromkeys(("html", "head", "body", "table", "div", "script"), WEB),
    "definitions": "is a BPMN model and no event log; import it at its process.",
    "workflowlog": "is MXML, which came before XES; save it as XES.",
    "worksheet": "is a part of a workbook; save the workbook as XLSX.",
    "workbook": "is a workbook of the old kind; save it as XLSX.",
    "svg": "is a drawing and no event log; export the log as XES.",
    "pnml": "is a Petri net and no event log; export the log as XES.",
}
OBJECT_CENTRIC = (
    "is an object-centric log (OCEL); choose one type of object as the case and export "
    "it as XES or CSV."
)
BEFORE_ROOT = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)


def other_kind(head: bytes) -> str | None:
    """What a file is, from its first bytes, when they are no text of a log."""
    return next(
        (words for start, words in MAGIC.items() if head.startswith(start)), None
    )


def other_text(text: str) -> str | None:
    """What a text is that is neither a table nor XES, from its beginning."""
    for pattern, words in TEXTS.items():
        if re.match(pattern, text):
            return words
    while found := BEFORE_ROOT.match(text):
        text = text[found.end() :]
    if re.match(r"(?i)<!doctype html", text):
        return WEB
    root = re.match(r"<(?:[\w.-]+:)?([A-Za-z]+)", text)
    if root and re.search(r"<(?:object-types|objects|global-object)[\s>/]", text):
        return OBJECT_CENTRIC
    return ROOTS.get(root.group(1).lower()) if root else None


def other_archive(names: list[str]) -> str:
    """What a packed file is that is no workbook, from the names in it."""
    if "xl/workbook.bin" in names:
        return "is a binary workbook (XLSB); save it as XLSX or as CSV."
    if "mimetype" in names:
        return "is an OpenDocument file; save its table as XLSX or as CSV."
    if any(name.startswith(("word/", "ppt/")) for name in names):
        return "is a document and no workbook; save its table as XLSX or as CSV."
    return (
        "is an archive and no workbook; unpack it and import the table that is in it."
    )
