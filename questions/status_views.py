"""The page of a question that a citizen's secret link opens: where it is, and a reply.

Whoever has the link may read and reply, so the address itself is what a forged form would need to
know: no cookie guards it. It goes to no other site and into no cache.
"""

import hashlib
import uuid
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from city import wording as city_wording
from common.errors import RuleBroken
from common.throttle import keep_pace, request_address
from questions import access, telling, wording
from questions.actions import answering
from questions.citizen_forms import ReplyForm, ref_of
from questions.links import path_of, url_of
from questions.models import Escalation, QuestionRules
from questions.sentences import sentence_for
from questions.states import State
from questions.wording import reply_label

LOOKS_PER_MINUTE = 30
ENDED_STATES = (State.ANSWERED, State.CLOSED)
Page = Callable[[HttpRequest, Escalation], HttpResponse]
Door = Callable[[HttpRequest, str, str], HttpResponse]


def by_link(page: Page) -> Door:
    """A page for who has the link of its question."""

    @csrf_exempt
    @never_cache
    @wraps(page)
    def door(request: HttpRequest, reference: str, secret: str) -> HttpResponse:
        try:
            response = page(request, _opened(request, reference, secret))
        except RuleBroken as broken:
            response = _stopped(request, broken)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return door


def _opened(request: HttpRequest, reference: str, secret: str) -> Escalation:
    """Raises RuleBroken: too_fast, not_found, link_expired."""
    who = hashlib.sha256(f"{reference}/{secret}".encode()).hexdigest()
    address = request_address(request.META)
    keep_pace("question-link", who=who, address=address, per_minute=LOOKS_PER_MINUTE)
    return access.by_link(reference, secret, now=timezone.now())


def _stopped(request: HttpRequest, broken: RuleBroken) -> HttpResponse:
    """No page of a question; what was typed stands there still.

    An unknown reference and a wrong secret look like any page that does not exist.
    """
    if broken.code == "not_found":
        return render(request, "404.html", status=404)
    expired = broken.code == "link_expired"
    context = {"expired": expired, "text": request.POST.get("text", "")}
    response = render(request, "questions/stopped.html", context, status=410 if expired else 429)
    if not expired:
        response["Retry-After"] = str(broken.params["retry_after_s"])
    return response


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest, escalation: Escalation) -> HttpResponse:
    """Where the question is, its course, and a reply that fits its state."""
    if request.method != "POST":
        return _page(request, escalation)
    if request.POST.get("step") == "satisfied":
        return _close(request, escalation)
    return _reply(request, escalation)


@by_link
@require_safe
def received(request: HttpRequest, escalation: Escalation) -> HttpResponse:
    """The confirmation: reference, where it is, by when, and the link to keep."""
    context = {
        "escalation": escalation,
        "spoken": wording.spoken(escalation.reference),
        "where": wording.where(escalation),
        "promise": wording.promise(escalation, now=timezone.now()),
        "url": url_of(escalation),
        "path": path_of(escalation),
    }
    return render(request, "questions/received.html", context)


def _close(request: HttpRequest, escalation: Escalation) -> HttpResponse:
    try:
        answering.close_satisfied(escalation=escalation, now=timezone.now())
    except RuleBroken as broken:
        if broken.code == "not_found":  # anonymised at this very moment
            raise RuleBroken("link_expired") from None
        problem = sentence_for(broken)
        return _page(request, escalation, problem=problem, status=422)
    return redirect(path_of(escalation))


def _reply(request: HttpRequest, escalation: Escalation) -> HttpResponse:
    form = ReplyForm(request.POST, label=reply_label(escalation))
    if not form.is_valid():
        return _page(request, escalation, form=form, status=422)
    client_ref = form.client_ref(ref_of(request.POST.get("ref", "")))
    text = form.cleaned_data["text"]
    try:
        answering.reply(escalation=escalation, text=text, now=timezone.now(), client_ref=client_ref)
    except RuleBroken as broken:
        if broken.code == "not_found":  # anonymised at this very moment
            raise RuleBroken("link_expired") from None
        form.add_error("text", sentence_for(broken))
        return _page(request, escalation, form=form, status=422)
    return redirect(path_of(escalation))


def _page(
    request: HttpRequest,
    escalation: Escalation,
    *,
    form: ReplyForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    lines = telling.told(access.public_course(escalation))
    context: dict[str, Any] = {
        "escalation": escalation,
        "path": path_of(escalation),
        "where": wording.where(escalation),
        "promise": wording.promise(escalation, now=now),
        "holder": wording.holder(escalation),
        "thanks": "" if form or problem else telling.thanks(lines),
        "problem": problem,
        "lines": lines,
        "asked": telling.open_questions(lines) if escalation.state == State.WAITING else [],
        "answer": telling.newest_answer(lines) if escalation.state in ENDED_STATES else None,
        "form": form or ReplyForm(label=reply_label(escalation)),
        "ref": ref_of(request.POST.get("ref", "")) if form else uuid.uuid4(),
        **_reply_offer(escalation, now),
    }
    return render(request, "questions/status.html", context, status=status)


def _reply_offer(escalation: Escalation, now: datetime) -> dict[str, Any]:
    """Which reply fits: `offer` is answer, add, again, or empty when it is too late."""
    if escalation.state == State.WAITING:
        return {"offer": "answer"}
    if escalation.state not in ENDED_STATES:
        return {"offer": "add"}
    until = escalation.may_reopen_until(QuestionRules.current())
    if until is None or now > until or escalation.department is None:
        return {"offer": ""}
    return {"offer": "again", "until": city_wording.day_and_time(until)}
