"""Hostile files at every door that takes one: a sentence, and nothing half stored."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from diagnosis.models import EventLog, Question, Response, Survey
from programmes.models import Indicator, Measurement
from tests.diagnosis.fill import import_now
from tests.stage import Stage, rolled_back

pytestmark = pytest.mark.django_db


def zipped(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, content)
    return out.getvalue()


def tarred(content: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as file:
        entry = tarfile.TarInfo("../../etc/passwd")
        entry.size = len(content)
        file.addfile(entry, io.BytesIO(content))
    return out.getvalue()


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {n} "{f"&{p};" * 10}">' for p, n in zip("abcdef", "bcdefg"))  # noqa: B905
    + "]><log><trace>&g;</trace></log>"
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    '<log><trace><string key="concept:name" value="1"/><event>'
    '<string key="concept:name" value="&x;"/>'
    '<date key="time:timestamp" value="2025-01-01T00:00:00Z"/></event></trace></log>'
)
HEAD = b"case;activity;time\n"
LOGS: dict[str, tuple[str, bytes]] = {
    "nothing": ("a.csv", b""),
    "only a head": ("a.csv", HEAD),
    "one column": ("a.csv", b"case\n1\n2\n"),
    "one line": ("a.csv", b"\n\n\n"),
    "hundred columns": ("a.csv", b";".join([b"c"] * 100) + b"\n" + b";" * 99 + b"\n"),
    "five thousand columns": ("a.csv", b";".join([b"c"] * 5000) + b"\n"),
    "binary": ("a.csv", bytes(range(256)) * 100),
    "null bytes": ("a.csv", HEAD + b"1;\0;2025-01-01\n"),
    "an open quote": ("a.csv", HEAD + b'1;"Check;2025-01-01\n' * 3000),
    "a long cell": ("a.csv", HEAD + b"1;" + b"x" * 3_000_000 + b";2025-01-01\n"),
    "zip renamed": ("a.csv", zipped("a.csv", HEAD)),
    "zip as gzip": ("a.csv.gz", zipped("a.csv", HEAD)),
    "xlsx renamed": ("a.csv", zipped("xl/workbook.xml", b"<x/>")),
    "tar in gzip": ("a.csv.gz", tarred(HEAD)),
    "broken gzip": ("a.csv.gz", gzip.compress(HEAD * 1000)[:40]),
    "gzip bomb": ("a.csv.gz", gzip.compress(b"0" * 60_000_000)),
    "gzip bomb of XES": ("a.xes.gz", gzip.compress(b"<log>" + b" " * 60_000_000)),
    "gzip in gzip": ("a.csv.gz", gzip.compress(gzip.compress(HEAD))),
    "laughs": ("a.xes", LAUGHS.encode()),
    "outside entity": ("a.xes", OUTSIDE.encode()),
    "cut XES": ("a.xes", b'<?xml version="1.0"?><log><trace><event>'),
    "deep XES": ("a.xes", b'<?xml version="1.0"?><log>' + b"<trace>" * 20_000),
    "other XML": ("a.xes", b'<?xml version="1.0"?><svg onload="alert(1)"/>'),
    "HTML": ("a.csv", b"<!doctype html><script>alert(1)</script>"),
    "UTF-16 half": ("a.csv", b"\xff\xfeh"),
    "UTF-32": ("a.csv", "case;activity;time\n".encode("utf-32")),
}
VALUES: dict[str, bytes] = {
    "nothing": b"",
    "blank": b" \n\n",
    "only a head": b"series;at;value\n",
    "one column": b"series\na\n",
    "binary": bytes(range(256)) * 10,
    "null bytes": b"series;at;value\nx;2026-01-01;1\0\n",
    "null bytes late": b"series;at;value\n" + b"x;2026-01-01;1\n" * 500 + b"\0;\0;\0\n",
    "hundred columns": b";".join([b"series;at;value"] * 40) + b"\n" + b"1;" * 120,
    "more cells": b"series;at;value\n1;2;3;4;5;6\n",
    "an open quote": b'series;at;value\n"x;1;2\n' + b"y;1;2\n" * 100,
    "a long cell": b"series;at;value\nx;2026-01-01;" + b"9" * 200_000 + b"\n",
    "zip": zipped("a.csv", b"series;at;value\n"),
    "gzip": gzip.compress(b"series;at;value\n"),
    "UTF-16 half": b"\xff\xfeh",
    "lone surrogate": "series;at;value\n\ud800;1;2\n".encode("utf-16", "surrogatepass"),
    "one byte": b"\xff",
    "HTML": b"<script>alert(1)</script>,b\n1,2\n",
    "version": b"series;at;value;version\nx;2026-01-01;1;" + b"9" * 5000 + b"\n",
    "superscript": "series;at;value;version\nx;2026-01-01;1;²\n".encode(),
}


def file_of(content: bytes, name: str = "a.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def media(settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


class TestEventLogs:
    @pytest.mark.parametrize("label", LOGS)
    def test_refuse_or_ask(self, label: str, stage: Stage, media: Any) -> None:
        name, content = LOGS[label]
        url = stage.paths["log-upload"]
        client = stage.clients["lead"]
        before = EventLog.objects.count()
        with rolled_back():
            answer = client.post(url, {"file": file_of(content, name), "name": "§"})
            assert answer.status_code in (302, 422)
            if answer.status_code == 302:
                page = client.get(answer["Location"])
                assert page.status_code in (200, 302)
                assert "<script>alert" not in page.content.decode()
                settled(client, answer["Location"])
                return

        said = str(answer.context["form"].errors.get("file", ""))
        assert len(said) > 20
        assert str(media) not in said
        assert EventLog.objects.count() == before
        assert not [one for one in media.rglob("*") if one.is_file()]

    def test_show_html_in_activities(self, stage: Stage, media: Any) -> None:
        rows = "".join(
            f"{n};<script>alert(1)</script>;2025-01-0{n}\n"
            f"{n};{{{{ 7*7 }}}}\"'><img src=x onerror=y>\u202e;2025-01-0{n} 09:00\n"
            for n in range(1, 4)
        )
        mapping = {"case": "case", "activity": "activity", "timestamp": "time"}
        client = stage.clients["lead"]
        with rolled_back():
            file = file_of(HEAD + rows.encode(), "<b>&.csv")
            answer = client.post(stage.paths["log-upload"], {"file": file})
            columns = client.get(answer["Location"])
            log = EventLog.objects.latest("pk")
            import_now(stage.world, log, mapping)
            page = client.get(f"/p/{stage.world.programme.code}/logs/{log.pk}/")

        for one in (columns.content.decode(), page.content.decode()):
            assert "<script>alert" not in one
            assert "<img src=x" not in one
            assert "<b>&.csv" not in one
        assert "Cases with rework" in page.content.decode()


def settled(client: Any, where: str) -> None:
    """A table whose columns are confirmed wrongly fails in words, too."""
    if "/columns/" not in where:
        return
    answer = client.post(where, {"case": "c", "activity": "c", "timestamp": "c"})
    assert answer.status_code in (302, 422)


class TestMeasurements:
    @pytest.mark.parametrize("label", VALUES)
    @pytest.mark.parametrize("whole", ["on", ""])
    def test_refuse(self, label: str, whole: str, stage: Stage) -> None:
        before = Measurement.objects.count()
        code = Indicator.objects.of(stage.world.programme)[0].code.encode()
        content = VALUES[label].replace(b"\nx;", b"\n" + code + b";")
        data = {"file": file_of(content), "all_or_nothing": whole}
        with rolled_back():
            answer = stage.clients["lead"].post(stage.paths["indicators-import"], data)

            assert answer.status_code in (200, 302, 422)
            stored = Measurement.objects.count()

        assert answer.status_code == 422 or not whole, label
        if label != "null bytes late" or whole:
            assert stored == before
        assert "<script>alert" not in answer.content.decode()

    def test_keep_the_names_of_all_wrong_lines(self, stage: Stage) -> None:
        lines = b"".join(b"nothing;31.02.2026;x\n" for _ in range(3000))
        data = {"file": file_of(b"series;at;value\n" + lines), "all_or_nothing": "on"}

        with rolled_back():
            answer = stage.clients["lead"].post(stage.paths["indicators-import"], data)

        assert answer.status_code == 422
        assert "2" in answer.content.decode()
        assert len(answer.content) < 300_000


class TestSurveyAnswers:
    @pytest.mark.parametrize("label", VALUES)
    def test_refuse(self, label: str, stage: Stage) -> None:
        survey = Survey.objects.of(stage.world.programme).exclude(state="draft")[0]
        questions = Question.objects.filter(survey=survey).count()
        head = b";".join(b"q%d" % n for n in range(1, questions + 1))
        content = VALUES[label].replace(b"series;at;value", head)
        before = Response.objects.count()
        with rolled_back():
            answer = stage.clients["lead"].post(
                f"/p/{stage.world.programme.code}/surveys/{survey.pk}/import/",
                {"file": file_of(content)},
            )
            stored = Response.objects.count()

        assert answer.status_code == 422
        assert answer.context["form"].errors
        assert stored == before
