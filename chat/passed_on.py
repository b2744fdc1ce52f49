"""The door by which the console passes a question on, and reads which ones went on before."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import CHAT_ROLES, staff_door
from accounts.models import User
from chat import access
from chat.actions.passing_on import (
    origin_of,
    pass_question_on,
    passed_on_from,
    proposal_template,
)
from chat.doors import private
from chat.models import Conversation
from chat.sentences import sentence
from city.models import Department
from common.errors import RuleBroken
from questions import wording
from questions.models import Escalation, Question
from questions.pass_on_forms import FIELD_OF, ToDepartmentForm
from questions.sentences import sentence_for

LANGUAGES = ("nl", "en")
OF_QUESTIONS = {*FIELD_OF, "ref_used"}  # the other codes are the chat's


@staff_door(*CHAT_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def passed_on(request: HttpRequest, conversation: UUID) -> HttpResponse:
    """`{"passed_on": […]}` as docs/chat-protocol.md describes; POST passes one on first."""
    agent = request.user
    assert isinstance(agent, User)
    try:
        found = access.readable_by(agent, conversation)
    except RuleBroken as error:
        return _refused(error, 404)
    if request.method != "POST":
        return _answered(found)
    form = ToDepartmentForm(request.POST)
    if not form.is_valid():
        return _incomplete(form)
    passed = form.passed_on(Question.Channel.CHAT, language=found.language, origin=origin_of(found))
    try:
        escalation = pass_question_on(
            conversation=found, agent=agent, passed=passed, now=timezone.now()
        )
    except Conversation.DoesNotExist:  # removed at this very moment
        return _refused(RuleBroken("not_found"), 404)
    except RuleBroken as error:
        return _refused(error, 400)
    return _answered(found, reference=escalation.reference)


def passing_bootstrap() -> dict[str, Any]:
    """What the dialog of the console needs: the departments and the words of the proposal.

    In both languages, because the citizen's may be another one than the agent's.
    """
    departments = list(Department.objects.filter(is_active=True))
    return {
        "suggest": reverse("question-suggest"),
        "departments": [
            {
                "slug": one.slug,
                "name": {lang: _name_in(one, lang) for lang in LANGUAGES},
                "shown": str(one.local.name),
            }
            for one in departments
        ],
        "proposal": {
            lang: proposal_template(lang) % {"department": "{department}", "text": "{text}"}
            for lang in LANGUAGES
        },
    }


def _name_in(department: Department, language: str) -> str:
    with override(language):
        return str(department.local.name)


def _answered(conversation: Conversation, **more: Any) -> HttpResponse:
    rows = passed_on_from(conversation)
    return private(JsonResponse({"passed_on": [_line(row) for row in rows], **more}))


def _line(escalation: Escalation) -> dict[str, str]:
    """One question as the console shows it beside the conversation."""
    values = {
        "department": wording.holder(escalation),
        "state": escalation.get_state_display(),
        "day": wording.day_of(escalation.due_at) if escalation.due_at else "",
    }
    facts = (
        _("%(department)s, %(state)s, promised by %(day)s")
        if escalation.due_at
        else _("%(department)s, %(state)s")
    )
    return {
        "reference": escalation.reference,
        "facts": facts % values,
        "url": reverse("question-detail", args=[escalation.question.public_id]),
    }


def _incomplete(form: ToDepartmentForm) -> HttpResponse:
    field, lines = next(iter(form.errors.items()))
    code = "bad_frame" if field == "ref" else "incomplete"
    return _error(code, str(lines[0]), "" if field == "ref" else field, 400)


def _refused(error: RuleBroken, status: int) -> HttpResponse:
    of_questions = error.code in OF_QUESTIONS
    text = sentence_for(error) if of_questions else sentence(error, get_language() or "nl")
    return _error(error.code, text, FIELD_OF.get(error.code, ""), status)


def _error(code: str, text: str, field: str, status: int) -> HttpResponse:
    """The `error` frame of the protocol, with the field that it is about."""
    frame = {"type": "error", "code": code, "text": text, "field": field}
    return private(JsonResponse(frame, status=status))
