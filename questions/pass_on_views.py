"""The form on which staff register a question that a department must answer."""

import uuid
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import CHAT_ROLES, staff_door
from accounts.models import User
from city.models import Topic
from common.errors import RuleBroken
from common.texts import one_line
from questions import access, wording
from questions.actions.course import MAX_TEXT
from questions.actions.registering import pass_on
from questions.models import Escalation, Question
from questions.pass_on_forms import ANOTHER, RegisteredForm
from questions.suggesting import Suggested, suggest


@staff_door(*CHAT_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pass_on_page(request: HttpRequest) -> HttpResponse:
    """Registers a question and passes it on; `?done=` shows what became of it."""
    person = cast(User, request.user)
    if request.method != "POST":
        form = RegisteredForm(initial={"ref": uuid.uuid4()})
        return _page(request, form, done=_passed_on_by(person, request.GET.get("done", "")))
    if request.POST.get("step") == "suggest":
        return _page(request, _unchecked(request), asked=True)
    form = RegisteredForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    passed = form.passed_on(Question.Channel(form.cleaned_data["channel"]))
    try:
        escalation = pass_on(passed=passed, by=person, now=timezone.now())
    except RuleBroken as broken:
        return _page(request, _refused(form, broken), status=422)
    page = reverse("question-pass-on")
    return redirect(f"{page}?done={escalation.question.public_id}")


@staff_door(*CHAT_ROLES)
@require_POST
def suggested_departments(request: HttpRequest) -> HttpResponse:
    """`{"suggested": [{"slug", "name", "reason"}]}` for what is being typed; nothing is kept."""
    # What was typed goes in the body, so that it stands in no log. What is longer will be refused.
    text = request.POST.get("text", "")[:MAX_TEXT]
    found = [
        {
            "slug": one.department.slug,
            "name": str(one.department.local.name),
            "reason": one.reason,
        }
        for one in _suggestions(text, request.POST.get("topic", ""))
    ]
    return JsonResponse({"suggested": found})


def _suggestions(text: str, topic: str) -> list[Suggested]:
    chosen = Topic.objects.filter(slug=one_line(topic), is_active=True).first() if topic else None
    if not text.strip() and chosen is None:
        return []
    return suggest(text, topic=chosen)


def _unchecked(request: HttpRequest) -> RegisteredForm:
    """The form as it was typed, without complaints: it is not finished yet."""
    return RegisteredForm(initial=request.POST.dict())


def _refused(form: RegisteredForm, broken: RuleBroken) -> RegisteredForm:
    """The form again. An old page gets a new ref: what stands in it may be meant as another one."""
    if broken.code == "ref_used":
        form.data = dict(form.data.items()) | {"ref": str(uuid.uuid4())}
        form.add_error(None, _("This page was sent before, with another question. Send it again."))
    else:
        form.refuse(broken)
    return form


def _passed_on_by(person: User, public_id: str) -> Escalation | None:
    """The question that this person has just passed on; None for anything else."""
    try:
        question = access.own(person, uuid.UUID(public_id))
    except (ValueError, RuleBroken):
        return None
    return Escalation.objects.joined().filter(question=question, anonymised_at=None).first()


def _page(
    request: HttpRequest,
    form: RegisteredForm,
    *,
    done: Escalation | None = None,
    asked: bool = False,
    status: int = 200,
) -> HttpResponse:
    text, topic = form["text"].value() or "", form["topic"].value() or ""
    suggested = _suggestions(text, topic)
    chosen = form["department"].value() or ""
    other = form["other"].value() or ""
    if chosen not in {"", ANOTHER, *(one.department.slug for one in suggested)}:
        chosen, other = ANOTHER, other or chosen  # what was suggested before another word came
    context: dict[str, Any] = {
        "form": form,
        "suggested": suggested,
        "asked": asked,
        "chosen": chosen,
        "other": other,
        "another": ANOTHER,
        "done": done,
        "promise": wording.passed_on(done, now=timezone.now()) if done else "",
        "department": wording.holder(done) if done else "",
    }
    return render(request, "questions/pass_on.html", context, status=status)
