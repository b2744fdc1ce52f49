"""Belgian public holidays, loaded as rows that the city can change afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import holidays

from city.models import ClosingDay

# Not among the ten legal holidays (Royal Decree of 18 April 1974), and a Sunday anyway.
SUNDAYS_ONLY = frozenset({"Pasen", "Pinksteren"})
FULL_NAMES = {
    "O. L. H. Hemelvaart": ("Onze-Lieve-Heer-Hemelvaart", "Ascension Day"),
    "O. L. V. Hemelvaart": ("Onze-Lieve-Vrouw-Hemelvaart", "Assumption Day"),
    "Dag van de Arbeid": ("Dag van de Arbeid", "Labour Day"),
}


@dataclass(frozen=True)
class Holiday:
    """One closing day to load."""

    on: date
    name: str
    name_en: str
    kind: str = ClosingDay.Kind.HOLIDAY


def public_holidays(year: int) -> list[Holiday]:
    """The ten legal holidays of a year, by the `holidays` package."""
    dutch = holidays.country_holidays("BE", years=year, language="nl")
    english = holidays.country_holidays("BE", years=year, language="en_US")
    return [
        Holiday(on, *FULL_NAMES.get(name, (name, english[on])))
        for on, name in sorted(dutch.items())
        if name not in SUNDAYS_ONLY
    ]


def example_city_days(year: int) -> list[Holiday]:
    """What a Flemish city adds: 11 July, and as an example the Friday after Ascension Day."""
    ascension = next(each.on for each in public_holidays(year) if "Heer-Hemelvaart" in each.name)
    return [
        Holiday(
            ascension + timedelta(days=1), "Brugdag", "Bridge day", kind=ClosingDay.Kind.BRIDGE
        ),
        Holiday(
            date(year, 7, 11),
            "Feest van de Vlaamse Gemeenschap",
            "Day of the Flemish Community",
            kind=ClosingDay.Kind.CITY,
        ),
    ]


def load(days: Iterable[Holiday]) -> int:
    """Adds the days that are not there yet, leaves the others alone, returns how many it added."""
    taken = set(ClosingDay.objects.values_list("on", flat=True))
    new = {each.on: each for each in days if each.on not in taken}
    ClosingDay.objects.bulk_create(
        [
            ClosingDay(on=each.on, name=each.name, name_en=each.name_en, kind=each.kind)
            for each in new.values()
        ],
        ignore_conflicts=True,  # somebody else may load at the same time
    )
    return len(new)
