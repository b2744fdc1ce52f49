"""The page of one question: its course, and what can be done with it."""

from typing import Any, cast
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import staff_door
from accounts.models import User
from city.models import Department
from common.errors import RuleBroken
from questions import access, choices
from questions.access import INBOX_ROLES
from questions.choices import Do
from questions.doing import Sent, carry_out
from questions.models import Entry, Escalation
from questions.ready import ready_texts
from questions.sentences import sentence_for
from questions.states import PUBLIC_KINDS, Author, Kind
from questions.suggesting import Suggested, suggest
from questions.term_words import in_words, left_in_words

INSERT = "insert"
SUGGESTED = 3


@staff_door(*INBOX_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def question_detail(request: HttpRequest, question: UUID) -> HttpResponse:
    """One question. What is refused comes back with the text and the reason."""
    person = cast(User, request.user)
    try:
        escalation = access.find(person, question)
    except RuleBroken:
        return _gone(request)
    if request.method != "POST":
        return _page(request, escalation)
    if request.POST.get("do") == INSERT:
        return _page(request, escalation, kept=_with_ready_text(request))
    sent = _sent(request, escalation)
    if sent is None:
        return _page(request, escalation, kept=request.POST.dict(), status=422)
    try:
        said = carry_out(escalation=escalation, sent=sent, by=person, now=timezone.now())
    except RuleBroken as broken:
        return _refused(request, question, sent, broken)
    messages.success(request, said)
    # It may have gone to another department.
    is_still_theirs = access.readable(person).filter(pk=escalation.pk).exists()
    return redirect("question-detail", question) if is_still_theirs else redirect("question-inbox")


def _sent(request: HttpRequest, escalation: Escalation) -> Sent | None:
    """What was sent; None when it is not of this page."""
    given = request.POST
    try:
        return Sent(
            do=Do(given.get("do", "")),
            client_ref=UUID(given.get("ref", "")),
            seen=min(int(given.get("seen", "")), escalation.last_seq),
            text=given.get("text", ""),
            outcome=given.get("outcome", ""),
            colleague=_colleague(escalation, given.get("colleague", "")),
            department=Department.objects.filter(slug=given.get("department", "")[:60]).first(),
        )
    except ValueError:
        return None


def _colleague(escalation: Escalation, public_id: str) -> User | None:
    if not public_id:
        return None
    return User.objects.filter(is_active=True, public_id=UUID(public_id)).first()


def _with_ready_text(request: HttpRequest) -> dict[str, str]:
    """Without scripts: the ready answer is put behind what was typed."""
    given = request.POST.dict()
    chosen = [text for text in ready_texts() if text.shortcut == given.get("ready")]
    parts = [str(given.get("text", "")), *(text.text for text in chosen)]
    return {**given, "do": Do.ANSWER, "text": "\n\n".join(part for part in parts if part.strip())}


def _refused(request: HttpRequest, question: UUID, sent: Sent, broken: RuleBroken) -> HttpResponse:
    try:
        escalation = access.find(cast(User, request.user), question)
    except RuleBroken:
        return _gone(request)
    return _page(
        request,
        escalation,
        kept=request.POST.dict(),
        refused=sentence_for(broken),
        seen=sent.seen,
        status=422,
    )


def _gone(request: HttpRequest) -> HttpResponse:
    """It went elsewhere, or never was: that looks the same. What was typed stands there still."""
    text = request.POST.get("text", "")
    if not text.strip():
        raise Http404
    return render(request, "questions/gone.html", {"text": text}, status=404)


def _page(
    request: HttpRequest,
    escalation: Escalation,
    *,
    kept: dict[str, str] | None = None,
    refused: str = "",
    seen: int | None = None,
    status: int = 200,
) -> HttpResponse:
    person, now = cast(User, request.user), timezone.now()
    offered = choices.offered(person, escalation)
    kept = kept or {}
    course = list(escalation.entries.select_related("staff").order_by("seq"))
    seen = escalation.last_seq if seen is None else seen
    context: dict[str, Any] = {
        "escalation": escalation,
        "is_mine": escalation.assignee_id == person.pk,
        "term": in_words(escalation, now=now),
        "left": left_in_words(escalation, now=now),
        "course": [_line(entry, person) for entry in course],
        "changed": [_line(entry, person) for entry in course if entry.seq > seen],
        "may": {do.name.lower(): do in offered for do in Do},
        "refs": {do.name.lower(): uuid4() for do in Do},
        "kept": {**kept, "do": kept.get("do", "").replace("-", "_")},
        "kept_homeless": kept.get("text", "") if kept.get("do") not in offered else "",
        "refused": refused,
        "answer_outcomes": choices.answer_outcomes(escalation),
        "only_by_chat": choices.only_by_chat(escalation),
        "close_outcomes": choices.close_outcomes(escalation),
        "colleagues": access.colleagues(escalation).exclude(pk=escalation.assignee_id or 0)
        if Do.ASSIGN in offered
        else [],
        "ready": ready_texts() if Do.ANSWER in offered else [],
        **(_departments(escalation) if Do.PASS_ON in offered else {}),
    }
    return render(request, "questions/detail.html", context, status=status)


def _departments(escalation: Escalation) -> dict[str, Any]:
    """Where it can go: what is suggested first, with its reason, then all others."""
    found = suggest(escalation.text, topic=escalation.question.topic, limit=SUGGESTED + 1)
    suggested = [row for row in found if row.department.pk != escalation.department_id]
    return {"suggested": suggested[:SUGGESTED], "departments": _others(escalation, suggested)}


def _others(escalation: Escalation, suggested: list[Suggested]) -> list[Department]:
    rows = Department.objects.filter(is_active=True).exclude(email="")
    named = [row.department.pk for row in suggested[:SUGGESTED]]
    return list(rows.exclude(pk__in=[*named, escalation.department_id or 0]).order_by("name"))


def _line(entry: Entry, person: User) -> dict[str, Any]:
    return {
        "entry": entry,
        "is_public": entry.kind in PUBLIC_KINDS,
        "is_note": entry.kind == Kind.NOTE,
        "is_citizen": entry.author == Author.CITIZEN,
        "is_mine": entry.staff_id == person.pk,
    }
