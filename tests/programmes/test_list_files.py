"""Lists as files: out as CSV and XLSX, back in with a preview, and what is refused."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from programmes.kit import sheets
from programmes.kit.sheets import Unreadable, read_table
from programmes.models import BudgetLine, ItAsset, Need, Objective, Risk
from tests.programmes.ready import decide, ready_for_gate_1, submitted

URL = "/p/o2c/needs/import/"


def sent(client: Any, url: str, content: bytes | str, **more: str) -> Any:
    raw = content.encode() if isinstance(content, str) else content
    return client.post(url, {"file": SimpleUploadedFile("list", raw), **more})


def confirm(client: Any, url: str, page: Any) -> Any:
    payload = page.context["preview"].payload
    return client.post(url, {"payload": payload, "confirmed": "1"})


def errors(page: Any) -> list[tuple[int, str, str]]:
    return [
        (one.line, column, text)
        for one in page.context["preview"].outcomes
        for column, text in one.errors
    ]


class TestImport:
    def test_keeps_nothing_before_it_is_confirmed(self, world, sign_in) -> None:
        client = sign_in(world.lead)

        page = sent(client, URL, "need;source\n§A;§Sales\n")

        assert "1 row can be imported" in page.content.decode()
        assert not Need.objects.exists()
        done = confirm(client, URL, page)
        assert done.headers["Location"] == "/p/o2c/needs/"
        assert Need.objects.get().source == "§Sales"

    def test_names_row_column_and_cure(self, world, sign_in) -> None:
        page = sent(
            sign_in(world.lead),
            URL,
            "need,priority,serves,declared out\n"
            "§A,urgent,,\n"
            "§B,,§Nothing,\n"
            "§C,,,perhaps\n"
            ",must,,\n",
        )

        found = errors(page)

        assert [(line, column) for line, column, _text in found] == [
            (2, "priority"),
            (3, "serves"),
            (4, "declared out"),
            (5, "need"),
        ]
        assert "Must, Should, Could" in found[0][2]
        assert "Add it first" in found[1][2]

    def test_leaves_wrong_rows_out(self, world, sign_in) -> None:
        client = sign_in(world.lead)
        page = sent(client, URL, "need,priority\n§A,must\n§B,urgent\n")

        confirm(client, URL, page)

        assert [one.title for one in Need.objects.all()] == ["§A"]

    def test_takes_choices_links_and_people_by_name(self, world, sign_in) -> None:
        client = sign_in(world.lead)
        owner = world.person("owner")
        url = "/p/o2c/objectives/import/"
        text = (
            "objective\tlevel\tserves\towner\ttarget\tby\n"
            f"§Top\tStrategic\t\t{owner.name.upper()}\t\t\n"
            f"§Leaf\tprogramme\t§top\t{owner.email}\t1.234,5\t31.12.2026\n"
        )

        confirm(client, url, sent(client, url, text.encode("utf-16")))

        leaf = Objective.objects.get(title="§Leaf")
        assert (leaf.parent.title, leaf.owner) == ("§Top", owner)
        assert leaf.target == Decimal("1234.5")
        assert leaf.due_on.isoformat() == "2026-12-31"

    def test_changes_the_row_of_an_id_and_no_other_field(self, world, sign_in) -> None:
        need = world.save(Need, title="§A", source="§Sales")
        same = world.save(Need, title="§B")
        client = sign_in(world.lead)

        page = sent(client, URL, f"id,need\n{need.pk},§New\n{same.pk},§B\n")
        confirm(client, URL, page)

        need.refresh_from_db()
        same.refresh_from_db()
        assert (need.title, need.source, need.version) == ("§New", "§Sales", 2)
        assert same.version == 1

    @pytest.mark.parametrize("key", ["999999", "x", "1" * 30])
    def test_refuses_foreign_ids(self, world, sign_in, key: str) -> None:
        page = sent(sign_in(world.lead), URL, f"id,need\n{key},§A\n")

        assert [one[:2] for one in errors(page)] == [(2, "id")]

    def test_refuses_an_id_twice(self, world, sign_in) -> None:
        need = world.save(Need, title="§A")

        page = sent(sign_in(world.lead), URL, f"id,need\n{need.pk},§B\n{need.pk},§C\n")

        assert errors(page)[0][:2] == (3, "id")

    def test_looks_again_when_the_list_changed(self, world, sign_in) -> None:
        need = world.save(Need, title="§A")
        client = sign_in(world.lead)
        page = sent(client, URL, f"id,need\n{need.pk},§B\n")
        Need.objects.update(title="§B")

        again = confirm(client, URL, page)

        assert again.status_code == 422
        assert "changed meanwhile" in again.content.decode()

    def test_asks_for_a_reason_where_an_approval_rests(self, world, sign_in) -> None:
        ready_for_gate_1(world)
        decide(world, submitted(world))
        client = sign_in(world.lead)
        need = Need.objects.get(title="§Less waiting")
        text = f"id,need\n{need.pk},§Other\n"

        refused = sent(client, URL, text)
        page = sent(client, URL, text, reason="§Better words")
        confirm(client, URL, page)

        assert errors(refused)[0][1] == "Reason of the change"
        need.refresh_from_db()
        assert need.title == "§Other"

    def test_is_refused_in_review(self, world, sign_in) -> None:
        ready_for_gate_1(world)
        submitted(world)

        page = sent(sign_in(world.lead), URL, "need\n§A\n")

        assert "in review" in errors(page)[0][2]

    def test_takes_no_payload_of_others(self, world, sign_in) -> None:
        client = sign_in(world.lead)
        page = sent(client, URL, "need\n§A\n")

        elsewhere = confirm(client, "/p/o2c/scope/import/", page)
        forged = client.post(URL, {"payload": "x:y:z", "confirmed": "1"})

        assert (elsewhere.status_code, forged.status_code) == (422, 422)
        assert not Need.objects.exists()

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "empty"),
            ("colour\nred\n", "No column"),
            ("need,title\n§A,§B\n", "twice"),
            ("need\n" + "§A\n" * 501, "More than 500 rows"),
            ("need\n" + "x" * 6000, "too much text"),
            (",".join("x" * 61) + "\n", "more than 60 columns"),
            (b"\x89PNG\0\0", "not a table"),
            (b"PK\x03\x04nonsense", "cannot be read"),
        ],
    )
    def test_says_why_a_file_is_no_list(self, world, sign_in, text, said) -> None:
        page = sent(sign_in(world.lead), URL, text or b" ")

        assert page.status_code == 422
        assert said in page.content.decode()

    def test_names_columns_that_are_left_out(self, world, sign_in) -> None:
        page = sent(sign_in(world.lead), URL, "need,colour\n§A,red\n")

        assert page.context["preview"].ignored == ["colour"]

    def test_escapes_hostile_text(self, world, sign_in) -> None:
        page = sent(
            sign_in(world.lead),
            URL,
            "need,<script>alert(1)</script>,priority\n<img src=x>,1,<b>\n",
        )

        assert b"<script>alert" not in page.content
        assert b"<img src=x>" not in page.content

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_gives_an_empty_list(self, world, sign_in, kind: str) -> None:
        found = sign_in(world.lead).get(f"{URL}?template={kind}")

        table = read_table(found.content)
        assert table.head[:3] == ["need", "source", "priority"]
        assert table.rows == []


class TestRoundTrip:
    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_gives_the_same_rows(self, world, sign_in, kind: str) -> None:
        client = sign_in(world.lead)
        nasty = ["=1+1", "+49 30", "-5", "@sum", "＝x", "'=y", "''-z", 'a;b,"c"\nd']
        for text in nasty:
            world.save(Need, title=f"§{text}", source=text, priority="1must")
        owner = world.person("owner")
        for model, values in (
            (Objective, {"title": "§O", "owner": owner, "target": Decimal("0.5")}),
            (ItAsset, {"name": "§ERP", "state": "live", "fit": 3}),
            (BudgetLine, {"title": "§B", "phase": 1, "planned": Decimal("1250.25")}),
            (Risk, {"title": "§R", "probability": 2, "impact": 5, "owner": owner}),
        ):
            world.save(model, **values)

        for slug in ("needs", "objectives", "it", "budget", "risks"):
            content = client.get(f"/p/o2c/{slug}/export.{kind}").content
            page = sent(client, f"/p/o2c/{slug}/import/", content)
            actions = {one.action for one in page.context["preview"].outcomes}
            assert (slug, errors(page), actions) == (slug, [], {"same"})

    def test_writes_no_formulas(self, world, sign_in) -> None:
        world.save(Need, title="§A", source="=HYPERLINK(1)")

        content = sign_in(world.lead).get("/p/o2c/needs/export.xlsx").content

        sheet = load_workbook(io.BytesIO(content)).worksheets[0]
        found = {one.value: one.data_type for row in sheet.iter_rows() for one in row}
        assert found["=HYPERLINK(1)"] == "s"


class TestReadTable:
    def test_refuses_a_bomb(self) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("xl/workbook.xml", b"0" * (30 * 1024 * 1024))

        with pytest.raises(Unreadable, match="unpacked"):
            read_table(out.getvalue())

    def test_refuses_many_members(self) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as packed:
            for number in range(sheets.MOST_MEMBERS + 1):
                packed.writestr(str(number), b"x")

        with pytest.raises(Unreadable, match="unpacked"):
            read_table(out.getvalue())

    def test_refuses_entities(self) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as packed:
            packed.writestr("xl/workbook.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>')

        with pytest.raises(Unreadable, match="no workbook needs"):
            read_table(out.getvalue())

    def test_refuses_large_files(self) -> None:
        with pytest.raises(Unreadable, match="5 MB"):
            read_table(b"x" * (sheets.LARGEST_BYTES + 1))

    def test_stops_at_a_cell_far_away(self) -> None:
        made = Workbook()
        made.active["A1"] = "§A"
        made.active["A1048576"] = "§B"
        out = io.BytesIO()
        made.save(out)

        assert read_table(out.getvalue()).rows == []

    @pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
    def test_finds_the_delimiter(self, mark: str) -> None:
        table = read_table(f'"a, b"{mark}c\n1{mark}2\n'.encode())

        assert (table.head, table.rows) == (["a, b", "c"], [(2, ["1", "2"])])

    def test_reads_old_encodings_and_the_delimiter_line(self) -> None:
        table = read_table("sep=;\nName;Größe\nä;1\n".encode("cp1252"))

        assert table.head == ["Name", "Größe"]


class TestNumbers:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("1250.5", "1250.5"),
            ("1250,5", "1250.5"),
            ("1.250,50", "1250.5"),
            ("1,250.50", "1250.5"),
            ("1 250,50 €", "1250.5"),
            ("1'250", "1250"),
            ("1,250,000", "1250000"),
            ("0,125", "0.125"),
            ("-3", "-3"),
            ("100", "100"),
        ],
    )
    def test_are_read(self, world, sign_in, text: str, value: str) -> None:
        client = sign_in(world.lead)
        url = "/p/o2c/objectives/import/"

        page = sent(client, url, f"objective\ttarget\n§A\t{text}\n")
        confirm(client, url, page)

        assert Objective.objects.get().target == Decimal(value)

    @pytest.mark.parametrize("text", ["1,250", "many", "NaN", "1e99", "Infinity"])
    def test_that_can_mean_two_things_are_refused(self, world, sign_in, text) -> None:
        url = "/p/o2c/objectives/import/"

        page = sent(sign_in(world.lead), url, f"objective\ttarget\n§A\t{text}\n")

        assert errors(page)[0][1] == "target"

    @pytest.mark.parametrize("text", ["31/12/2026", "2026-02-30", "soon"])
    def test_days_that_are_none_are_refused(self, world, sign_in, text) -> None:
        url = "/p/o2c/objectives/import/"

        page = sent(sign_in(world.lead), url, f"objective\tby\n§A\t{text}\n")

        assert errors(page)[0][1] == "by"
