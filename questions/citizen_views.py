"""The contact form: a question, a summary, and then the page of the question.

It knows no session and sets no cookie. Nobody is logged in here, so a form that another site
forges does no more than that site could do itself: the cookie against forgeries would only keep
out people whose browser refuses it, and take their text.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from common.errors import RuleBroken
from common.masking import Secret, masked
from common.throttle import request_address
from questions import access, spam
from questions.actions.course import MAX_TEXT
from questions.actions.registering import pass_on
from questions.citizen_forms import AskForm, ref_of
from questions.links import link_secret
from questions.models import Escalation
from questions.sentences import sentence_for

TOO_MANY = {"too_many", "too_many_for_contact"}
BEGUN = ("text", "name")  # what another page may send along


@dataclass(frozen=True)
class Carried:
    """What a form brings along unseen: the name of the send, when it was shown, and the trap."""

    ref: uuid.UUID
    shown: str
    trap: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Carried":
        given = request.POST
        return cls(ref_of(given.get("ref", "")), given.get("shown", ""), given.get("website", ""))

    @classmethod
    def fresh(cls, now: datetime) -> "Carried":
        return cls(uuid.uuid4(), spam.shown_token(now))

    def check(self, now: datetime) -> None:
        spam.check_trap(self.trap)
        spam.check_shown(self.shown, now=now)

    def renewed(self, broken: RuleBroken, now: datetime) -> "Carried":
        """For the page that comes back. Who was too quick need not wait from now on again."""
        too_quick = broken.code == "form_too_quick"
        return Carried(self.ref, self.shown if too_quick else spam.shown_token(now))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Shows the form, then what was filled in, and sends it."""
    now = timezone.now()
    if request.method != "POST":
        response = _form_page(request, AskForm(), Carried.fresh(now))
        # The way back from the summary finds what was typed: a page may be stored, by its browser.
        patch_cache_control(response, private=True, no_cache=True)
        return response
    response = _posted(request, now)
    add_never_cache_headers(response)
    return response


def _posted(request: HttpRequest, now: datetime) -> HttpResponse:
    step = request.POST.get("step", "")
    if step == "begin":  # from another page, with what was typed there
        begun = {name: request.POST.get(name, "").replace("\0", "") for name in BEGUN}
        return _form_page(request, AskForm(initial=begun), Carried.fresh(now))
    carried = Carried.of(request)
    if step == "change":
        return _form_page(request, AskForm(initial=request.POST.dict()), carried)
    form = AskForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, carried, status=422)
    try:
        carried.check(now)
        if step != "send":
            return _summary(request, form, carried)
        return redirect(_received_path(_sent(request, form, carried, now)))
    except RuleBroken as broken:
        form.add_error(None, sentence_for(broken))
        carried = carried.renewed(broken, now)
        status = 429 if broken.code in TOO_MANY else 422
        page = _summary if step == "send" else _form_page
        return page(request, form, carried, status=status)


def _sent(request: HttpRequest, form: AskForm, carried: Carried, now: datetime) -> Escalation:
    """The question; one that stands already is not counted again."""
    passed = form.passed_on(carried.ref)
    if sent_before := access.by_send(passed.client_ref):
        return sent_before
    spam.keep_pace(address=request_address(request.META), contact=form.contact)
    return pass_on(passed=passed, by=None, now=now)


def _received_path(escalation: Escalation) -> str:
    return reverse("question-received", args=[escalation.reference, link_secret(escalation)])


def _form_page(
    request: HttpRequest, form: AskForm, carried: Carried, *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "carried": carried, "max_text": MAX_TEXT}
    return render(request, "questions/ask.html", context, status=status)


def _summary(
    request: HttpRequest, form: AskForm, carried: Carried, *, status: int = 200
) -> HttpResponse:
    given = form.cleaned_data
    found = {*masked(given["text"]).found, *masked(given["name"]).found}
    context: dict[str, Any] = {
        "form": form,
        "carried": carried,
        "text": given["kept_text"],
        "topic": given["topic"],
        "reached": form.contact,
        "left_out": [secret.value for secret in Secret if secret in found],
        "given": [(name, request.POST.get(name, "")) for name in form.fields],
    }
    return render(request, "questions/ask_summary.html", context, status=status)
