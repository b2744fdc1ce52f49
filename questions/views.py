"""The page on which staff register a question that they answered at once."""

import uuid
from collections import Counter
from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import CHAT_ROLES, staff_door
from accounts.models import User
from city.models import Topic
from common.days import day_began
from common.errors import RuleBroken
from questions import access
from questions.actions import at_once
from questions.forms import AnsweredForm
from questions.models import Question
from questions.sentences import sentence_for


@staff_door(*CHAT_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def answered_at_once(request: HttpRequest) -> HttpResponse:
    """One click on a topic registers a question; below stand today's own ones."""
    person = cast(User, request.user)
    now = timezone.now()
    if request.method != "POST":
        return _page(request, person, now)
    form = AnsweredForm(request.POST)
    if not form.is_valid():
        return _page(request, person, now, problems=_problems(form), status=422)
    try:
        question = at_once.register(answered=form.answered(), by=person, now=now)
    except RuleBroken as broken:
        messages.error(request, sentence_for(broken))
    else:
        messages.success(request, _registered(question))
    return redirect("question-answered")


@staff_door(*CHAT_ROLES)
@require_POST
def withdraw(request: HttpRequest, question: uuid.UUID) -> HttpResponse:
    """Takes one of the own questions back."""
    person = cast(User, request.user)
    try:
        at_once.withdraw(question=access.own(person, question), by=person, now=timezone.now())
    except RuleBroken as broken:
        messages.error(request, sentence_for(broken))
    else:
        messages.success(request, _("Taken back: it no longer counts."))
    return redirect("question-answered")


def _registered(question: Question) -> str:
    return _("Registered: %(topic)s, %(channel)s.") % {
        "topic": question.topic.local.name if question.topic else "",
        "channel": question.get_channel_display(),
    }


def _problems(form: AnsweredForm) -> list[str]:
    return [str(line) for lines in form.errors.values() for line in lines]


def _page(
    request: HttpRequest,
    person: User,
    now: datetime,
    *,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    own = list(access.registered_by(person, day_began(now)))
    chosen = request.POST
    context: dict[str, Any] = {
        "ref": uuid.uuid4(),
        "channels": _choices(at_once.CHANNELS, chosen.get("channel")),
        "outcomes": _choices(at_once.OUTCOMES, chosen.get("outcome")),
        "topics": Topic.objects.filter(is_active=True),
        "problems": problems or [],
        "own": [
            {
                "question": question,
                "escalation": getattr(question, "escalation", None),
                "may_go": at_once.may_be_withdrawn(question, now=now),
            }
            for question in own
        ],
        "counts": _counts(own),
        "total": sum(question.withdrawn_at is None for question in own),
        "minutes": at_once.WITHDRAW_MINUTES,
    }
    return render(request, "questions/answered.html", context, status=status)


def _choices(choices: tuple[Any, ...], chosen: str | None) -> list[dict[str, Any]]:
    """The choices with what is ticked: what was sent, or else the first."""
    ticked = chosen if chosen in choices else choices[0]
    return [
        {"value": choice.value, "label": choice.label, "checked": choice == ticked}
        for choice in choices
    ]


def _counts(own: list[Question]) -> list[dict[str, Any]]:
    """How many of each channel stand, in the order of the channels."""
    found = Counter(question.channel for question in own if question.withdrawn_at is None)
    return [
        {"label": label, "count": found[value]}
        for value, label in Question.Channel.choices
        if found[value]
    ]
