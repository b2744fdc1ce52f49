"""Example content of a Flemish city. Everything in it can be changed in the admin."""

import tomllib
from datetime import date, time
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from city import holidays
from city.hours import BRUSSELS
from city.models import (
    CityContact,
    ClosingDay,
    DatedException,
    Department,
    Location,
    Membership,
    OpeningSchedule,
    Product,
    Synonym,
    Topic,
    WeeklyPeriod,
)

FOLDER = Path(__file__).resolve().parent
MEMBERS = {
    "specialist@hasselt.example": "mobiliteit",
    "specialist2@hasselt.example": "mobiliteit",
    "specialist3@hasselt.example": "wonen",
    "supervisor@hasselt.example": "contactcentrum",
}
HEADS = {
    "specialist2@hasselt.example",
    "specialist3@hasselt.example",
    "supervisor@hasselt.example",
}


@transaction.atomic
def load() -> None:
    """Makes the example rows that are not there yet; a row that exists is left as it is."""
    this_year = timezone.now().astimezone(BRUSSELS).year
    places = tomllib.loads((FOLDER / "places.toml").read_text("utf-8"))
    products = tomllib.loads((FOLDER / "products.toml").read_text("utf-8"))
    CityContact.objects.get_or_create(pk=1, defaults=places["contact"])
    for row in places["schedule"]:
        _schedule(**row, valid_from=date(this_year - 1, 1, 1))
    for row in places["location"]:
        _row(Location, row, schedule=OpeningSchedule)
    for row in places["department"]:
        _row(
            Department, {"email": f"{row['slug']}@hasselt.example", **row}, schedule=OpeningSchedule
        )
    for position, row in enumerate(places["topic"]):
        _row(Topic, {"order": position * 10, **row}, department=Department)
    for row in products["product"]:
        _row(Product, row, topic=Topic, department=Department)
    synonyms = places["synonyms"].items()
    Synonym.objects.bulk_create(
        [Synonym(word=word, means=means) for word, meanings in synonyms for means in meanings],
        ignore_conflicts=True,
    )
    _closing_days(this_year)
    _early_evenings(this_year)
    _memberships()


def _row(model: Any, row: dict[str, Any], **links: Any) -> None:
    """Makes one row by its slug; `links` are the fields that hold the slug of another row."""
    values = {
        key: links[key].objects.get(slug=value) if key in links else _text(value)
        for key, value in row.items()
    }
    model.objects.get_or_create(slug=values.pop("slug"), defaults=values)


def _text(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _schedule(*, slug: str, week: dict[str, list[str]], valid_from: date, **names: str) -> None:
    schedule, is_new = OpeningSchedule.objects.get_or_create(slug=slug, defaults=names)
    if not is_new:
        return
    period = WeeklyPeriod.objects.create(
        schedule=schedule, name="Gewone uren", valid_from=valid_from
    )
    for weekday, windows in week.items():
        for window in windows:
            opens, closes = window.split("-")
            period.windows.create(
                weekday=int(weekday),
                opens_at=time.fromisoformat(opens),
                closes_at=time.fromisoformat(closes),
            )


def _closing_days(this_year: int) -> None:
    years = range(this_year - 1, this_year + 6)
    holidays.load(day for year in years for day in holidays.public_holidays(year))
    holidays.load(day for year in years for day in holidays.example_city_days(year))


def _early_evenings(this_year: int) -> None:
    """On Christmas Eve and New Year's Eve everything closes at noon."""
    for year in range(this_year, this_year + 2):
        for on, reason, reason_en in (
            (date(year, 12, 24), "Kerstavond", "Christmas Eve"),
            (date(year, 12, 31), "Oudejaarsavond", "New Year’s Eve"),
        ):
            if on.weekday() > 4 or ClosingDay.objects.filter(on=on).exists():
                continue
            for schedule in OpeningSchedule.objects.all():
                exception, is_new = DatedException.objects.get_or_create(
                    schedule=schedule,
                    on=on,
                    kind="replaces",
                    defaults={"reason": reason, "reason_en": reason_en},
                )
                if is_new:
                    exception.windows.create(opens_at=time(9), closes_at=time(12))


def _memberships() -> None:
    for email, slug in MEMBERS.items():
        user = get_user_model().objects.filter(email=email).first()
        if user:
            Membership.objects.get_or_create(
                user=user,
                department=Department.objects.get(slug=slug),
                defaults={"is_head": email in HEADS},
            )
