"""Planning the own absence."""

from datetime import date
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import staff_door
from accounts.models import User
from common.errors import RuleBroken
from questions import absences, access
from questions.access import INBOX_ROLES
from questions.forms import AbsenceForm
from questions.sentences import sentence_for

# Under which field a broken rule is told; the others under the first day.
FIELDS = {
    "ends_before_start": "ends_on",
    "absence_over": "ends_on",
    "not_a_stand_in": "stand_in",
    "stand_in_away": "stand_in",
}


@staff_door(*INBOX_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def absence(request: HttpRequest) -> HttpResponse:
    """The form, and what is planned."""
    person, today = cast(User, request.user), timezone.localdate()
    if request.method != "POST":
        return _page(request, AbsenceForm(person=person))
    form = AbsenceForm(request.POST, person=person)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        absences.plan(person=person, today=today, **form.cleaned_data)
    except RuleBroken as broken:
        form.add_error(FIELDS.get(broken.code, "starts_on"), sentence_for(broken))
        return _page(request, form, status=422)
    messages.success(request, _("Your absence is planned."))
    return redirect("absence")


@staff_door(*INBOX_ROLES)
@require_POST
def end_absence(request: HttpRequest) -> HttpResponse:
    """Ends the own absence that begins on `starts_on`; one that is gone already is fine."""
    person = cast(User, request.user)
    starts_on = _day(request.POST.get("starts_on", ""))
    row = person.absences.filter(starts_on=starts_on).first() if starts_on else None
    if row:
        absences.end(absence=row, today=timezone.localdate())
    messages.success(request, _("This absence is over, or was taken back."))
    return redirect("absence")


def _day(written: str) -> date | None:
    try:
        return parse_date(written)
    except ValueError:
        return None


def _page(request: HttpRequest, form: AbsenceForm, *, status: int = 200) -> HttpResponse:
    person, today = cast(User, request.user), timezone.localdate()
    context = {
        "form": form,
        "today": today,
        "planned": absences.planned_by(person, today=today),
        "stands_in_for": access.stood_in_for(person),
    }
    return render(request, "questions/absence.html", context, status=status)
