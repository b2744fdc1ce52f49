"""The inbox: which questions stand under which tab, and how many."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import CHAT_ROLES
from accounts.models import User
from city.models import Department
from common.texts import one_line
from questions import access
from questions.models import Escalation, EscalationQuerySet
from questions.references import read
from questions.states import IN_HAND_STATES, OWED_STATES, TO_ROUTE_STATES, State

DONE_DAYS = 30
PER_PAGE = 25
LONGEST_SEARCH = 200
HELD_STATES = (*IN_HAND_STATES, State.REOPENED)
UNASSIGNED = Q(state=State.ROUTED) | Q(state=State.REOPENED, assignee=None)
TO_ROUTE = Q(state__in=TO_ROUTE_STATES, department=None)


@dataclass(frozen=True)
class Desk:
    """What a person's inbox is made of, looked up once for a page."""

    person: User
    departments: tuple[Department, ...]  # the choice of the filter
    stands_in_for: tuple[User, ...]
    sees_all: bool
    now: datetime

    @property
    def department_ids(self) -> list[int]:
        return [department.pk for department in self.departments]

    @property
    def hands(self) -> list[int]:
        return [self.person.pk, *(user.pk for user in self.stands_in_for)]


@dataclass(frozen=True)
class Tab:
    """`rule` says which of the readable questions stand here."""

    key: str
    label: Any  # a lazy translation
    empty: Any
    rule: Callable[[Desk], Q]
    is_counted: bool = True
    only_centre: bool = False


def _mine(desk: Desk) -> Q:
    return Q(assignee__in=desk.hands, state__in=HELD_STATES)


def _overdue(desk: Desk) -> Q:
    return Q(state__in=OWED_STATES, due_at__lte=desk.now)


def _done(desk: Desk) -> Q:
    since = desk.now - timedelta(days=DONE_DAYS)
    answered = Q(state=State.ANSWERED, answered_at__gte=since)
    return answered | Q(state=State.CLOSED, closed_at__gte=since)


TABS = (
    Tab(
        "mine",
        _("Mine"),
        _("You have no question in hand. Take one of those that nobody has yet."),
        _mine,
    ),
    Tab(
        "unassigned",
        _("Nobody yet"),
        _("Somebody has every question in hand."),
        lambda _desk: UNASSIGNED,
    ),
    Tab("overdue", _("Too late"), _("No question is too late."), _overdue),
    Tab(
        "waiting",
        _("Waits for the citizen"),
        _("We wait for no citizen."),
        lambda _desk: Q(state=State.WAITING),
    ),
    Tab(
        "to-route",
        _("To pass on"),
        _("Every question is with a department."),
        lambda _desk: TO_ROUTE,
        only_centre=True,
    ),
    Tab(
        "open",
        _("All open"),
        _("Every question has its answer."),
        lambda _desk: Q(state__in=OWED_STATES),
    ),
    Tab(
        "done",
        _("Answered lately"),
        _("Nothing was answered in the last thirty days."),
        _done,
        is_counted=False,
    ),
)


def desk_of(person: User, *, now: datetime) -> Desk:
    sees_all = person.has_role(*CHAT_ROLES)
    every = Department.objects.filter(is_active=True)
    own = every if sees_all else access.departments_of(person)
    return Desk(
        person=person,
        departments=tuple(own.order_by("name")),
        stands_in_for=tuple(access.stood_in_for(person)),
        sees_all=sees_all,
        now=now,
    )


def tabs_of(desk: Desk) -> list[Tab]:
    return [tab for tab in TABS if desk.sees_all or not tab.only_centre]


def rows_of(desk: Desk, tab: Tab, *, department: Department | None) -> EscalationQuerySet:
    """What stands under a tab, the one that is due first, first."""
    rows = _in_scope(desk, department).filter(tab.rule(desk)).joined()
    if tab.key == "done":
        return rows.order_by(F("answered_at").desc(nulls_last=True), "-pk")
    return rows.by_term()


def counts_of(desk: Desk, *, department: Department | None) -> dict[str, int]:
    """How many stand under each counted tab; one query over what is open."""
    counted = {
        tab.key.replace("-", "_"): Count("pk", filter=tab.rule(desk))
        for tab in tabs_of(desk)
        if tab.is_counted
    }
    found = _in_scope(desk, department).filter(state__in=OWED_STATES).aggregate(**counted)
    return {key.replace("_", "-"): count for key, count in found.items()}


def found_by(desk: Desk, written: str) -> EscalationQuerySet:
    """Questions by reference, however it was typed, or else by name or words; newest first."""
    rows = access.readable(desk.person).joined().order_by("-pk")
    words = one_line(written)[:LONGEST_SEARCH]
    if reference := read(words):
        return rows.filter(reference=reference)
    for word in words.split():
        rows = rows.filter(
            Q(name__icontains=word) | Q(text__icontains=word) | Q(reference__icontains=word)
        )
    return rows


def waiting_for(person: User) -> int:
    """What somebody should look at: nobody has it or it is too late, in the own departments; for
    the contact centre also what is to be passed on. One query by indexes."""
    now = timezone.now()
    own = Q(department__in=access.departments_of(person).values("pk"))
    wanted = own & (UNASSIGNED | Q(state__in=OWED_STATES, due_at__lte=now))
    if person.has_role(*CHAT_ROLES):
        wanted |= TO_ROUTE
    return Escalation.objects.filter(wanted, state__in=OWED_STATES).count()


def _in_scope(desk: Desk, department: Department | None) -> EscalationQuerySet:
    """The readable ones as the indexes can find them: by department and state."""
    rows = access.readable(desk.person)
    if department:
        return rows.filter(department=department)
    if desk.sees_all:
        return rows
    return rows.filter(Q(department__in=desk.department_ids) | Q(assignee__in=desk.hands))
