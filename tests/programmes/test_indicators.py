"""Measurements from every door, and contracts."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest

from programmes.kit.errors import NotAllowed
from programmes.models import Indicator, Measurement, MeasurementRevision
from programmes.services import indicators, measurements
from programmes.services.measurement_files import read_file
from programmes.services.records import Invalid
from tests.world import NOW


@pytest.fixture
def cycle(world) -> Indicator:
    return world.save(
        Indicator,
        code="cycle",
        name="§Cycle time",
        definition="§Median",
        unit="§d",
        source="§ERP",
        owner=world.person("owner"),
        baseline=9,
        target=5,
    )


def row(value: Any = "8.6", at: Any = "2026-01-31", **more: Any) -> dict[str, Any]:
    return {"series": "cycle", "at": at, "value": value, **more}


def send(world, rows, by="lead", **more):
    return measurements.record_measurements(
        by=world.accounts[by] if by else None,
        programme=world.programme,
        rows=rows,
        source="api",
        now=NOW,
        **more,
    )


class TestRecordMeasurements:
    def test_stores_and_counts(self, world, cycle) -> None:
        result = send(world, [row(), row("8.1", "2026-02-28T23:59:00+01:00")])

        assert (result.accepted, result.rejected) == (2, 0)
        assert Measurement.objects.get(value="8.1").at.hour == 22

    def test_the_same_again_changes_nothing(self, world, cycle) -> None:
        send(world, [row()])

        result = send(world, [row("8.60")])

        assert (result.unchanged, result.accepted) == (1, 0)
        assert MeasurementRevision.objects.count() == 0

    def test_a_correction_keeps_the_old_value(self, world, cycle) -> None:
        send(world, [row("8.6")])

        result = send(world, [row("8.4", version=2)])

        assert result.replaced == 1
        assert Measurement.objects.get().value == Decimal("8.4")
        assert MeasurementRevision.objects.get().value == Decimal("8.6")

    def test_an_older_version_is_stale(self, world, cycle) -> None:
        send(world, [row("8.4", version=3)])

        result = send(world, [row("9", version=2)])

        assert result.stale == 1
        assert Measurement.objects.get().value == Decimal("8.4")

    def test_arrival_order_does_not_matter(self, world, cycle) -> None:
        rows = [row(str(n), key=f"k{n % 3}", version=n) for n in range(1, 10)]
        expected = {f"k{n % 3}": n for n in range(1, 10)}
        for seed in range(3):
            Measurement.objects.all().delete()
            random.Random(seed).shuffle(rows)
            for start in range(0, 9, 2):
                send(world, rows[start : start + 2])

            found = {one.key: int(one.value) for one in Measurement.objects.all()}
            assert found == expected

    @pytest.mark.parametrize(
        ("bad", "name"),
        [
            ({"series": "nobody"}, "series"),
            ({"at": "yesterday"}, "at"),
            ({"at": "2026-13-01"}, "at"),
            ({"at": "2199-01-01"}, "at"),
            ({"at": "1066-10-14"}, "at"),
            ({"value": "NaN"}, "value"),
            ({"value": "Infinity"}, "value"),
            ({"value": "1e999999"}, "value"),
            ({"value": "<b>1</b>"}, "value"),
            ({"value": True}, "value"),
            ({"value": None}, "value"),
            ({"key": "x" * 81}, "key"),
            ({"note": "x" * 301}, "note"),
            ({"note": "\0"}, "note"),
            ({"version": 0}, "version"),
            ({"version": "2"}, "version"),
        ],
    )
    def test_names_row_and_field(self, world, cycle, bad, name) -> None:
        result = send(world, [row(), {**row(at="2026-02-01"), **bad}])

        assert (result.accepted, result.rejected) == (1, 1)
        assert result.errors[0]["pointer"] == f"/rows/1/{name}"

    def test_a_row_that_is_no_object_is_named(self, world, cycle) -> None:
        assert send(world, [row(), "x"]).errors[0]["pointer"] == "/rows/1/"

    def test_all_or_nothing(self, world, cycle) -> None:
        with pytest.raises(measurements.RowsRejected) as refusal:
            send(world, [row(), row("x")], atomic=True)

        assert refusal.value.errors
        assert not Measurement.objects.exists()

    def test_a_retry_with_its_key_gets_the_same_answer(self, world, cycle) -> None:
        first = send(world, [row()], key="2026-01")

        assert send(world, [row()], key="2026-01") == first
        with pytest.raises(measurements.KeyReused):
            send(world, [row("9")], key="2026-01")

    def test_limits_the_batch(self, world, cycle) -> None:
        with pytest.raises(Invalid):
            send(world, [])
        with pytest.raises(Invalid):
            send(world, [row()] * (measurements.MOST_ROWS + 1))

    def test_owner_may_and_others_may_not(self, world, cycle) -> None:
        assert send(world, [row()], by="owner").accepted == 1
        for name in ("viewer", "sponsor", "member", "stranger"):
            with pytest.raises(NotAllowed):
                send(world, [row()], by=name)

    def test_removal_keeps_a_revision(self, world, cycle) -> None:
        send(world, [row()])

        measurements.remove_measurement(
            by=world.owner, measurement=Measurement.objects.get(), now=NOW
        )

        assert not Measurement.objects.exists()
        assert MeasurementRevision.objects.count() == 1


class TestContract:
    def test_freezes_the_definition(self, world, cycle) -> None:
        frozen = indicators.freeze_contract(by=world.owner, indicator=cycle, now=NOW)
        indicators.freeze_contract(by=world.owner, indicator=cycle, now=NOW)
        frozen.definition = "§Mean"

        with pytest.raises(indicators.ContractFrozen) as refusal:
            indicators.save_indicator(by=world.lead, record=frozen, now=NOW)

        assert set(refusal.value.fields) == {"definition"}

    def test_leaves_the_target_free(self, world, cycle) -> None:
        frozen = indicators.freeze_contract(by=world.owner, indicator=cycle, now=NOW)
        frozen.target = 4

        saved = indicators.save_indicator(by=world.lead, record=frozen, now=NOW)

        assert saved.target == 4

    def test_names_what_is_missing(self, world) -> None:
        loose = world.save(Indicator, code="x", name="§X")

        with pytest.raises(Invalid, match="definition"):
            indicators.freeze_contract(by=world.lead, indicator=loose, now=NOW)

    def test_opens_again(self, world, cycle) -> None:
        indicators.freeze_contract(by=world.owner, indicator=cycle, now=NOW)

        indicators.unfreeze_contract(by=world.lead, indicator=cycle, now=NOW)

        assert not Indicator.objects.get().is_frozen


class TestReadFile:
    @pytest.mark.parametrize(
        "content",
        [
            b"series,at,value\ncycle,2026-01-31,8.6\n",
            b"\xef\xbb\xbfSeries;At;Value\r\ncycle;2026-01-31;8,6\r\n",
            b"series\tat\tvalue\rcycle\t2026-01-31\t8.6\r",
            "series,at,value\ncycle,2026-01-31,8.6".encode("utf-16"),
        ],
    )
    def test_reads_what_spreadsheets_write(self, content: bytes) -> None:
        rows = read_file(content)

        assert rows == [{"series": "cycle", "at": "2026-01-31", "value": "8.6"}]

    def test_keeps_versions_as_numbers(self) -> None:
        rows = read_file(b"series,at,value,version\ncycle,2026-01-31,1,2\n\n")

        assert rows[0]["version"] == 2

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "empty"),
            (b"series,value\nx,1\n", "column at"),
            (b"PK\x03\x04\x00\x00", "not a text file"),
            (b"x" * (5 * 1024 * 1024 + 1), "5 MB"),
            (b"series,at,value\n" + b"c,2026-01-01,1\n" * 10_001, "10000 rows"),
            (b'series,at,value\n"' + b"x" * 140_000, "Line"),
        ],
    )
    def test_says_what_is_wrong(self, content: bytes, words: str) -> None:
        with pytest.raises(Invalid, match=words):
            read_file(content)

    def test_falls_back_to_latin(self) -> None:
        rows = read_file(b"series,at,value,note\nc,2026-01-01,1,\xfcber\n")

        assert rows[0]["note"] == "über"


class TestIndicatorPages:
    def test_upload_lists_wrong_lines(self, world, cycle, sign_in) -> None:
        from django.core.files.uploadedfile import SimpleUploadedFile

        file = SimpleUploadedFile(
            "v.csv", b"series,at,value\ncycle,2026-01-31,x\nnone,2026-01-31,1\n"
        )
        response = sign_in(world.lead).post(
            "/p/o2c/indicators/import/", {"file": file, "all_or_nothing": "on"}
        )

        assert response.status_code == 422
        assert [one["line"] for one in response.context["errors"]] == [2, 3]
        assert not Measurement.objects.exists()

    def test_value_by_hand_with_a_decimal_comma(self, world, cycle, sign_in) -> None:
        sign_in(world.owner).post(
            f"/p/o2c/indicators/{cycle.pk}/values/",
            {"at": "2026-01-31", "value": "8,6"},
        )

        assert Measurement.objects.get().value == Decimal("8.6")


class TestImportButton:
    def test_is_shown_to_those_who_may_import(self, world, client) -> None:
        shown = set()
        for name in ("lead", "owner", "controller", "sponsor", "member", "viewer"):
            client.force_login(world.accounts[name])
            if (
                "indicators/import/"
                in client.get("/p/o2c/indicators/").content.decode()
            ):
                shown.add(name)

        assert shown == {"lead", "owner", "controller"}


class TestShares:
    """A unit "share" keeps fractions and tells percent, wherever it is shown."""

    def test_takes_a_percentage_by_hand_and_tells_it_so(self, world, client) -> None:
        rework = world.save(Indicator, name="§Rework", code="rework", unit="share")
        client.force_login(world.lead)
        url = f"/p/o2c/indicators/{rework.pk}/"

        client.post(f"{url}values/", {"at": "2026-03-01", "value": "35%"})

        assert float(rework.measurements.get().value) == 0.35
        page = client.get(url).content.decode()
        assert "A fraction or a percentage: 0.35 or 35%" in page
        assert '<td class="num">35</td>' in page
        listed = client.get("/p/o2c/indicators/").context["rows"][0]["cells"]
        assert {str(one["label"]): one["value"] for one in listed}["Now"] == 35

    def test_refuses_what_is_no_number(self, world, client) -> None:
        rework = world.save(Indicator, name="§Rework", code="rework", unit="share")
        client.force_login(world.lead)

        page = client.post(
            f"/p/o2c/indicators/{rework.pk}/values/",
            {"at": "2026-03-01", "value": "many%"},
            follow=True,
        )

        assert "Enter a number, such as 0.35 or 35%." in page.content.decode()
        assert not rework.measurements.exists()
