"""The chat page without JavaScript: the same conversation and actions, by plain forms.

The token stands in an HttpOnly cookie on this page's own path, one for each language, so that a
citizen who changes the language keeps the conversation. A form that starts a chat carries
the token it will use, so that a double click starts one conversation, not two.
"""

import base64
import secrets
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from chat import access
from chat.access import TOKEN
from chat.actions import closing, conversing, writing
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
    if step == "new":
        return _new(request)
    if conversation is None or step == "start":
        return _start(request)
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
            text = writing.citizen_text(
                conversation=conversation,
                text=form.cleaned_data["text"],
                client_ref=form.cleaned_data["ref"],
                now=timezone.now(),
            )
            writing.post(text)
        else:
            return _show(request, conversation, form)
    except RuleBroken as error:
        if form is not None:
            return _show(request, _conversation(request), _with_error(form, error))
        if error.code != "conversation_closed":  # a second click on "end" is no mistake
            messages.warning(request, sentence(error, get_language() or "nl"))
    kept = request.POST.get("text", "") if step == "continue" else ""
    if kept:
        form = MessageForm(initial={"ref": uuid.uuid4(), "text": kept})
        return _show(request, _conversation(request), form)
    return redirect(f"{reverse('chat-page')}#laatste")


def _new(request: HttpRequest) -> HttpResponse:
    """The first form again; a text that came too late for the chat before stands in it."""
    text = request.POST.get("text", "")
    response = _show(request, None, _start_form(text)) if text else redirect("chat-page")
    for name, path in _cookies():
        response.delete_cookie(name, path=path)
    return response


def _start(request: HttpRequest) -> HttpResponse:
    form = StartForm(request.POST)
    if not TOKEN.fullmatch(request.POST.get("token", "")):
        # Written in a conversation that is gone: the text comes back in a form that works.
        form = _start_form(request.POST.get("text", ""), bound=True)
        form.add_error("text", sentence(RuleBroken("wrong_token"), get_language() or "nl"))
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
        return _show(request, None, _with_error(form, error))
    response = redirect(f"{reverse('chat-page')}#laatste")
    for name, path in _cookies():
        response.set_cookie(
            name,
            opening.token,
            path=path,
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
        context["form"] = form or _start_form()
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


def _start_form(text: str = "", *, bound: bool = False) -> StartForm:
    fields = {"token": _new_token(), "ref": str(uuid.uuid4()), "text": text}
    return StartForm(fields) if bound else StartForm(initial=fields)


def _with_error(form: StartForm | MessageForm, error: RuleBroken) -> StartForm | MessageForm:
    """The form with the typed text and the sentence of the broken rule."""
    form.add_error("text", sentence(error, get_language() or "nl"))
    return form


def _conversation(request: HttpRequest) -> Conversation | None:
    try:
        return access.of_citizen(request.COOKIES.get(f"{COOKIE}_{get_language()}", ""))
    except RuleBroken:
        return None


def _cookies() -> Iterator[tuple[str, str]]:
    """Name and path of the cookie in each language."""
    for language, _ in settings.LANGUAGES:
        with override(language):
            path = reverse("chat-page")
        yield f"{COOKIE}_{language}", path


def _new_token() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
