"""The inbox of the departments: the list, and giving back all that somebody has in hand."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import staff_door
from accounts.models import Role, User
from city.models import Department
from questions import inbox
from questions.access import INBOX_ROLES
from questions.actions.handling import give_back_all_of, to_give_back
from questions.inbox import HELD_STATES, Desk, Tab
from questions.models import Escalation
from questions.states import Urgency
from questions.term_words import in_words


@staff_door(*INBOX_ROLES)
@require_safe
def question_inbox(request: HttpRequest) -> HttpResponse:
    """The questions under one tab, or those that a search found."""
    person = cast(User, request.user)
    desk = inbox.desk_of(person, now=timezone.now())
    department = _department(desk, request.GET.get("dienst", ""))
    tab = _tab(desk, request.GET.get("lijst", ""))
    search = request.GET.get("zoek", "").strip()
    rows = (
        inbox.found_by(desk, search) if search else inbox.rows_of(desk, tab, department=department)
    )
    page = Paginator(rows, inbox.PER_PAGE).get_page(request.GET.get("blad"))
    counts = inbox.counts_of(desk, department=department)
    context: dict[str, Any] = {
        "desk": desk,
        "tab": tab,
        "tabs": [
            {"key": each.key, "label": each.label, "count": counts.get(each.key)}
            for each in inbox.tabs_of(desk)
        ],
        "department": department,
        "search": search[: inbox.LONGEST_SEARCH],
        "page": page,
        "lines": [_line(escalation, desk) for escalation in page.object_list],
        "away": person.absences.on(timezone.localdate()).select_related("stand_in").first(),
        "holders": holders(person),
    }
    return render(request, "questions/inbox.html", context)


@staff_door(Role.SPECIALIST, Role.SUPERVISOR)
@require_http_methods(["GET", "HEAD", "POST"])
def give_all_back(request: HttpRequest, person: UUID) -> HttpResponse:
    """Asks, and then gives back to the departments all that somebody has in hand."""
    by = cast(User, request.user)
    holder = may_be_relieved(by).filter(public_id=person).first()
    if holder is None:
        raise Http404
    if request.method != "POST":
        context = {"holder": holder, "count": len(to_give_back(holder, by=by))}
        return render(request, "questions/give_all_back.html", context)
    count = give_back_all_of(person=holder, by=by, now=timezone.now())
    messages.success(request, _given_back(holder, count))
    return redirect("question-inbox")


def may_be_relieved(by: User) -> QuerySet[User]:
    """Whose questions this person may give back: a supervisor everybody's, a head the members'."""
    if by.has_role(Role.SUPERVISOR):
        return User.objects.all()
    led = by.memberships.filter(is_head=True).values("department")
    return User.objects.filter(
        Q(memberships__department__in=led) | Q(escalations__department__in=led)
    ).distinct()


def holders(by: User) -> list[User]:
    """Who of these has questions in hand, with how many (`held`), for heads and supervisors."""
    held = Q(escalations__state__in=HELD_STATES)
    if by.has_role(Role.SUPERVISOR):
        people = User.objects.all()
    else:
        led = by.memberships.filter(is_head=True).values("department")
        held &= Q(escalations__department__in=led)
        people = User.objects.filter(pk__in=may_be_relieved(by).values("pk"))
    counted = people.annotate(held=Count("escalations", filter=held, distinct=True))
    return list(counted.filter(held__gt=0).order_by("first_name", "last_name"))


def _given_back(holder: User, count: int) -> str:
    return ngettext(
        "%(n)s question of %(name)s was given back.",
        "%(n)s questions of %(name)s were given back.",
        count,
    ) % {"n": count, "name": holder.first_name}


def _department(desk: Desk, slug: str) -> Department | None:
    return next((row for row in desk.departments if row.slug == slug), None)


def _tab(desk: Desk, key: str) -> Tab:
    """The tab that was asked for; the first one when it is none of this person's."""
    tabs = inbox.tabs_of(desk)
    return next((tab for tab in tabs if tab.key == key), tabs[0])


def _line(escalation: Escalation, desk: Desk) -> dict[str, Any]:
    instead_of = escalation.assignee if escalation.assignee_id != desk.person.pk else None
    return {
        "escalation": escalation,
        "words": " ".join(escalation.text[:400].split()),
        "term": in_words(escalation, now=desk.now),
        "is_mine": escalation.assignee_id == desk.person.pk,
        "instead_of": instead_of if escalation.assignee_id in desk.hands else None,
        "is_urgent": escalation.urgency == Urgency.URGENT,
    }
