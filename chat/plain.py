"""The chat page without JavaScript: the same conversation and actions, by plain forms.

The token stands in an HttpOnly cookie on this page's own path. A form that starts a chat carries
the token it will use, so that a double click starts one conversation, not two.
"""

import base64
import secrets
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from chat import access
from chat.actions import closing, conversing
from chat.actions.availability import hear
from chat.forms import MessageForm, StartForm
from chat.models import ChatRules, Conversation
from chat.sentences import sentence
from chat.states import OPEN_STATES, Author
from chat.status import chat_status
from common.errors import RuleBroken
from common.throttle import request_address

COOKIE = "chat_token"
SHOWN = 200


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Shows the conversation of the cookie, or the first form; POST writes, ends or continues."""
    conversation = _conversation(request)
    if request.method == "POST":
        return _post(request, conversation)
    return _show(request, conversation)


def _post(request: HttpRequest, conversation: Conversation | None) -> HttpResponse:
    step = request.POST.get("step", "")
    if conversation is None or step in {"start", "new"}:
        return _start(request, fresh=step == "new")
    steps: dict[str, Callable[..., Any]] = {
        "end": closing.end_by_citizen,
        "extend": closing.extend,
        "continue": closing.continue_conversation,
    }
    form = MessageForm(request.POST) if step not in steps else None
    try:
        if form is None:
            steps[step](conversation=conversation, now=timezone.now())
        elif form.is_valid():
            conversing.post_citizen_message(
                conversation=conversation,
                text=form.cleaned_data["text"],
                client_ref=form.cleaned_data["ref"],
                now=timezone.now(),
            )
        else:
            return _show(request, conversation, form)
    except RuleBroken as error:
        return _show(request, conversation, _with_error(form, request, error))
    return redirect(f"{reverse('chat-page')}#laatste")


def _start(request: HttpRequest, *, fresh: bool) -> HttpResponse:
    if fresh:
        response = redirect("chat-page")
        response.delete_cookie(COOKIE, path=reverse("chat-page"))
        return response
    form = StartForm(request.POST)
    if not form.is_valid():
        return _show(request, None, form)
    opening = conversing.Opening(
        token=form.cleaned_data["token"],
        client_ref=form.cleaned_data["ref"],
        text=form.cleaned_data["text"],
        language=get_language() or "nl",
        page=reverse("chat-page"),
        name=form.cleaned_data["name"],
        address=request_address(request.META),
    )
    try:
        conversing.open_conversation(opening=opening, now=timezone.now())
    except RuleBroken as error:
        return _show(request, None, _with_error(form, request, error))
    response = redirect(f"{reverse('chat-page')}#laatste")
    response.set_cookie(
        COOKIE,
        opening.token,
        path=reverse("chat-page"),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def _show(
    request: HttpRequest,
    conversation: Conversation | None,
    form: StartForm | MessageForm | None = None,
) -> HttpResponse:
    rules, now = ChatRules.current(), timezone.now()
    context: dict[str, Any] = {"status": chat_status(now), "conversation": conversation}
    if conversation is None:
        context["form"] = form or StartForm(initial={"token": _new_token(), "ref": uuid.uuid4()})
    else:
        hear(agent_ids=set(), citizen_conversation_ids={conversation.pk}, now=now)
        conversing.mark_read(
            conversation=conversation, reader=Author.CITIZEN, seq=conversation.last_seq
        )
        until = conversation.continue_until(rules)
        shown = conversation.messages.order_by("-seq")[:SHOWN]
        context |= {
            "shown_messages": list(shown)[::-1],
            "is_open": conversation.state in OPEN_STATES,
            "may_continue": until is not None and now <= until,
            "form": form or MessageForm(initial={"ref": uuid.uuid4()}),
        }
    return render(request, "chat/page.html", context, status=422 if form and form.errors else 200)


def _with_error(
    form: StartForm | MessageForm | None, request: HttpRequest, error: RuleBroken
) -> StartForm | MessageForm:
    """The form with the typed text and the sentence of the broken rule."""
    form = form or MessageForm({"ref": str(uuid.uuid4()), "text": request.POST.get("text", "")})
    form.is_valid()
    form.add_error("text", sentence(error, get_language() or "nl"))
    return form


def _conversation(request: HttpRequest) -> Conversation | None:
    try:
        return access.of_citizen(request.COOKIES.get(COOKIE, ""))
    except RuleBroken:
        return None


def _new_token() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
