"""Public holidays of countries and their regions, from the package of that name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import holidays
from django.utils.translation import gettext_lazy as _

from programmes.kit.errors import Text

# Countries with their names; the package knows more, these are offered.
COUNTRIES: dict[str, Text] = {
    "AR": _("Argentina"),
    "AU": _("Australia"),
    "AT": _("Austria"),
    "BE": _("Belgium"),
    "BR": _("Brazil"),
    "BG": _("Bulgaria"),
    "CA": _("Canada"),
    "CL": _("Chile"),
    "CN": _("China"),
    "HR": _("Croatia"),
    "CY": _("Cyprus"),
    "CZ": _("Czechia"),
    "DK": _("Denmark"),
    "EE": _("Estonia"),
    "FI": _("Finland"),
    "FR": _("France"),
    "DE": _("Germany"),
    "GR": _("Greece"),
    "HK": _("Hong Kong"),
    "HU": _("Hungary"),
    "IN": _("India"),
    "ID": _("Indonesia"),
    "IE": _("Ireland"),
    "IL": _("Israel"),
    "IT": _("Italy"),
    "JP": _("Japan"),
    "LV": _("Latvia"),
    "LT": _("Lithuania"),
    "LU": _("Luxembourg"),
    "MX": _("Mexico"),
    "NL": _("Netherlands"),
    "NZ": _("New Zealand"),
    "NO": _("Norway"),
    "PL": _("Poland"),
    "PT": _("Portugal"),
    "RO": _("Romania"),
    "SA": _("Saudi Arabia"),
    "RS": _("Serbia"),
    "SG": _("Singapore"),
    "SK": _("Slovakia"),
    "SI": _("Slovenia"),
    "ZA": _("South Africa"),
    "KR": _("South Korea"),
    "ES": _("Spain"),
    "SE": _("Sweden"),
    "CH": _("Switzerland"),
    "TR": _("Türkiye"),
    "AE": _("United Arab Emirates"),
    "GB": _("United Kingdom"),
    "US": _("United States"),
}
WEEKEND = (5, 6)


def country_choices() -> list[tuple[str, Text]]:
    """Codes with names, by name in the reader's language."""
    return sorted(COUNTRIES.items(), key=lambda one: str(one[1]))


def regions(country: str) -> tuple[str, ...]:
    """The codes of the regions that have holidays of their own."""
    if country not in COUNTRIES:
        return ()
    found: tuple[str, ...] = holidays.country_holidays(country).subdivisions
    return found


@lru_cache(maxsize=256)
def in_year(country: str, region: str, year: int) -> dict[date, str]:
    """The holidays of one year with their names."""
    if country not in COUNTRIES:
        return {}
    found = holidays.country_holidays(country, subdiv=region or None, years=[year])
    return dict(found.items())


def free_days(country: str, region: str, years: Iterable[int]) -> dict[date, str]:
    """The holidays of several years, by day; nothing without a country."""
    days: dict[date, str] = {}
    for year in years:
        days |= in_year(country, region, year)
    return dict(sorted(days.items()))


def weekend(country: str) -> tuple[int, ...]:
    """The free days of the week, Monday is 0."""
    if country not in COUNTRIES:
        return WEEKEND
    return tuple(sorted(holidays.country_holidays(country).weekend))
