"""Numbers, money, shares, times and days in words."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from programmes.kit import formats

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class TestNumber:
    @pytest.mark.parametrize(
        ("value", "places", "text"),
        [
            (18432, None, "18,432"),
            (Decimal("8.60"), None, "8.6"),
            (Decimal("2.5"), 0, "3"),
            (Decimal("-2.5"), 0, "−3"),
            (Decimal("-0.04"), 1, "0.0"),
            (0.1 + 0.2, None, "0.3"),
            (100, None, "100"),
            (None, 1, "·"),
            ("", 1, "·"),
            ("many", 1, "·"),
            (float("nan"), 1, "·"),
            (True, 0, "·"),
        ],
    )
    def test_writes(self, value, places, text):
        assert formats.number(value, places) == text

    def test_signs_a_difference(self):
        assert formats.number(Decimal("0.4"), 1, signed=True) == "+0.4"
        assert formats.number(Decimal("-0.4"), 1, signed=True) == "−0.4"
        assert formats.number(Decimal("0.04"), 1, signed=True) == "0.0"

    def test_follows_the_language(self):
        with translation.override("de"):
            assert formats.number(Decimal("18432.5"), 1) == "18.432,5"


class TestQuantity:
    def test_tells_a_share_in_percent(self):
        assert formats.quantity(Decimal("0.35"), "share") == "35%"
        assert formats.quantity(0.355, "Share", 1) == "35.5%"

    def test_sets_no_space_before_a_percent_sign(self):
        assert formats.quantity(35, "%") == "35%"

    def test_adds_any_other_unit(self):
        assert formats.quantity(Decimal("4.2"), "days") == "4.2 days"
        assert formats.quantity(4, "") == "4"

    def test_says_nothing_of_nothing(self):
        assert formats.quantity(None, "share") == "·"
        assert formats.scaled(None, "share") is None


class TestPercent:
    def test_multiplies_a_share(self):
        assert formats.percent(Decimal("0.745")) == "75%"

    def test_keeps_decimals(self):
        assert formats.percent(0.8842, 1) == "88.4%"

    def test_leaves_a_narrow_space_in_german(self):
        with translation.override("de"):
            assert formats.percent(0.75) == "75\u202f%"

    def test_says_nothing_of_nothing(self):
        assert formats.percent(None) == "·"


class TestMoney:
    @pytest.mark.parametrize(
        ("amount", "text"),
        [
            ("1840000", "€1.84m"),
            ("1845000", "€1.85m"),
            ("-410000", "−€0.41m"),
            ("41300", "€41k"),
            ("8450", "€8,450"),
            ("0", "€0"),
            ("999999999", "€1.00bn"),
            ("184200000", "€184.2m"),
        ],
    )
    def test_is_short_in_tiles(self, amount, text):
        assert formats.money_short(Decimal(amount), "EUR") == text

    def test_is_exact_in_tables(self):
        assert formats.money(Decimal("1840000"), "EUR") == "€1,840,000"
        assert formats.money(Decimal("-1840000.5"), "EUR") == "−€1,840,000.50"
        assert formats.money(Decimal("12"), "EUR", places=2) == "€12.00"

    def test_names_an_unknown_currency(self):
        assert formats.money(Decimal(5), "NOK") == "NOK\u00a05"

    def test_has_no_cents_in_yen(self):
        assert formats.money(Decimal("5.4"), "JPY") == "¥5"

    def test_follows_the_language(self):
        with translation.override("de"):
            short = formats.money_short(Decimal("1840000"), "EUR")
            assert short == "1,84\u00a0Mio.\u00a0€"
        with translation.override("zh-hans"):
            assert formats.money_short(Decimal("1840000"), "CNY") == "¥184.0万"

    def test_says_nothing_of_nothing(self):
        assert formats.money(None) == formats.money_short(None) == "·"


class TestDuration:
    @pytest.mark.parametrize(
        ("value", "unit", "text"),
        [
            (50.4, "h", "2.1\u00a0d"),
            (3.5, "h", "3.5\u00a0h"),
            (14, "min", "14\u00a0min"),
            (40, "s", "40\u00a0s"),
            (timedelta(days=9, hours=9, minutes=36), "s", "9.4\u00a0d"),
            (timedelta(0), "s", "0\u00a0s"),
            (-2, "d", "−2.0\u00a0d"),
            (None, "h", "·"),
        ],
    )
    def test_takes_the_largest_sensible_unit(self, value, unit, text):
        assert formats.duration(value, unit) == text


class TestDay:
    def test_names_the_weekday_within_two_weeks(self):
        assert formats.day(date(2026, 11, 25), TODAY) == "Wed 25 Nov"

    def test_names_the_year_beyond(self):
        assert formats.day(date(2027, 7, 12), TODAY) == "12 Jul 2027"

    def test_names_the_year_when_today_is_unknown(self):
        assert formats.day(date(2026, 11, 25)) == "25 Nov 2026"

    def test_follows_the_language(self):
        with translation.override("zh-hans"):
            assert formats.day(date(2026, 11, 25)) == "2026年11月25日"

    def test_says_nothing_of_nothing(self):
        assert formats.day(None) == "·"


class TestMoment:
    def test_names_yesterday(self):
        then = datetime(2026, 11, 19, 16, 42, tzinfo=UTC)

        assert formats.moment(then, TODAY) == "Yesterday, 16:42"

    def test_names_the_day(self):
        then = datetime(2026, 8, 1, 9, 5, tzinfo=UTC)

        assert formats.moment(then, TODAY) == "1 Aug 2026, 09:05"


class TestSince:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (NOW, "just now"),
            (NOW - timedelta(minutes=14), "14 minutes ago"),
            (NOW + timedelta(hours=1), "in 1 hour"),
            (NOW + timedelta(minutes=1), "in 1 minute"),
            (NOW - timedelta(hours=3), "3 hours ago"),
            (date(2026, 11, 20), "today"),
            (date(2026, 11, 21), "tomorrow"),
            (date(2026, 11, 25), "in 5 days"),
            (NOW - timedelta(days=2), "2 days ago"),
            (date(2026, 6, 1), "6 months ago"),
            (date(2027, 5, 20), "in 6 months"),
            (None, "·"),
        ],
    )
    def test_says_how_far(self, value, text):
        assert formats.since(value, NOW) == text
