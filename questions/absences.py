"""Planning the own absence, with somebody who stands in."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.formats import date_format

from accounts.models import User
from city.models import Absence
from common.errors import RuleBroken
from questions.access import INBOX_ROLES


def possible_stand_ins(person: User) -> QuerySet[User]:
    """Colleagues of the same departments who work in the inbox, by name."""
    return (
        User.objects.filter(
            is_active=True,
            memberships__department__in=person.memberships.values("department"),
            role_grants__role__in=INBOX_ROLES,
        )
        .exclude(pk=person.pk)
        .distinct()
        .order_by("first_name", "last_name")
    )


def planned_by(person: User, *, today: date) -> QuerySet[Absence]:
    """What is still to come or under way, the first first."""
    rows = Absence.objects.filter(user=person, ends_on__gte=today)
    return rows.select_related("stand_in").order_by("starts_on")


@transaction.atomic
def plan(
    *, person: User, starts_on: date, ends_on: date, stand_in: User | None, today: date
) -> Absence:
    """Plans an absence, both days included.

    Raises RuleBroken: ends_before_start, absence_over, absence_overlaps, not_a_stand_in,
    stand_in_away.
    """
    # The own row is the lock: two plans of one person at once must see each other.
    User.objects.select_for_update().get(pk=person.pk)
    if ends_on < starts_on:
        raise RuleBroken("ends_before_start")
    if ends_on < today:
        raise RuleBroken("absence_over")
    if earlier := _during(person, starts_on, ends_on):
        raise RuleBroken("absence_overlaps", **_days(earlier))
    if stand_in:
        _require_can_stand_in(person, stand_in, starts_on, ends_on)
    return Absence.objects.create(
        user=person, stand_in=stand_in, starts_on=starts_on, ends_on=ends_on
    )


@transaction.atomic
def end(*, absence: Absence, today: date) -> None:
    """Ends an absence: from today the person is back. One that never began disappears."""
    if absence.starts_on >= today:
        absence.delete()
    elif absence.ends_on >= today:
        absence.ends_on = today - timedelta(days=1)
        absence.save(update_fields=["ends_on"])


def _require_can_stand_in(person: User, stand_in: User, starts_on: date, ends_on: date) -> None:
    if not possible_stand_ins(person).filter(pk=stand_in.pk).exists():
        raise RuleBroken("not_a_stand_in", name=stand_in.first_name)
    if away := _during(stand_in, starts_on, ends_on):
        raise RuleBroken("stand_in_away", name=stand_in.first_name, **_days(away))


def _during(person: User, starts_on: date, ends_on: date) -> Absence | None:
    rows = Absence.objects.filter(user=person, starts_on__lte=ends_on, ends_on__gte=starts_on)
    return rows.order_by("starts_on").first()


def _days(absence: Absence) -> dict[str, str]:
    return {
        "first": date_format(absence.starts_on, "j F"),
        "last": date_format(absence.ends_on, "j F"),
    }
