"""The chat page without JavaScript: the same conversation and actions, by plain forms.

The token stands in an HttpOnly cookie on this page's own path, one for each language, so that a
citizen who changes the language keeps the conversation. A form that starts a chat carries
the token it will use, so that a double click starts one conversation, not two.
"""

import base64
import secrets
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from chat import access, waiting, waiting_words
from chat.access import TOKEN
from chat.actions import closing, conversing, rating, sharing, transcripts, writing
from chat.actions.availability import hear
from chat.forms import MailForm, RatingForm, StartForm, WriteForm
from chat.models import ChatRules, Conversation
from chat.sentences import sentence
from chat.states import OPEN_STATES, Author
from chat.status import chat_status
from chat.texts import WIDGET_TEXTS
from common.errors import RuleBroken
from common.masking import Secret, masked
from common.throttle import keep_pace, request_address

COOKIE = "chat_token"
SHOWN = 200
UPLOADS_PER_MINUTE = 10  # a person, who waits for a page after each
LEFT_OUT = {
    Secret.NATIONAL_NUMBER: _("We left out your national register number."),
    Secret.BANK_ACCOUNT: _("We left out the account number."),
    Secret.CARD: _("We left out the number of the payment card."),
}


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
    answers: dict[str, Callable[[HttpRequest, Conversation], HttpResponse]] = {
        "end": _move,
        "extend": _move,
        "continue": _move,
        "rate": _rate,
        "mail": _mail,
    }
    try:
        return answers.get(step, _write)(request, conversation)
    except Conversation.DoesNotExist:  # removed at this very moment
        return _start(request)


def _move(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    """Ends, extends or continues; a text that came too late stays in its field."""
    moves: dict[str, Callable[..., Any]] = {
        "end": closing.end_by_citizen,
        "extend": closing.extend,
        "continue": closing.continue_conversation,
    }
    step = request.POST["step"]
    try:
        moves[step](conversation=conversation, now=timezone.now())
    except RuleBroken as error:
        if error.code != "conversation_closed":  # a second click on "end" is no mistake
            messages.warning(request, _said(error))
    kept = request.POST.get("text", "") if step == "continue" else ""
    if kept:
        return _show(request, _conversation(request), form=_write_form(ChatRules.current(), kept))
    return _back()


def _write(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    """Sends the file, then the text: when the file is refused, the text waits in its field."""
    takes_files = ChatRules.current().files_allowed
    form = WriteForm(request.POST, request.FILES, takes_files=takes_files)
    if not form.is_valid():
        return _show(request, conversation, form=form)
    for field, send in (("file", _send_file), ("text", _send_text)):
        try:
            if form.cleaned_data.get(field):
                send(request, conversation, form.cleaned_data)
        except RuleBroken as error:
            return _show(request, _conversation(request), form=_refused(form, field, error))
    return _back()


def _send_file(request: HttpRequest, conversation: Conversation, given: dict[str, Any]) -> None:
    keep_pace(
        "file-send",
        who=conversation.token_hash,
        address=request_address(request.META),
        per_minute=UPLOADS_PER_MINUTE,
    )
    sharing.share_file(
        conversation=conversation,
        author=Author.CITIZEN,
        agent=None,
        upload=given["file"],
        client_ref=given["file_ref"],
        now=timezone.now(),
    )


def _send_text(request: HttpRequest, conversation: Conversation, given: dict[str, Any]) -> None:
    """Another text in a form that was stored before is no repetition.

    Whoever waited in vain for the answer on a bad network wrote on in the same page.
    """
    text = writing.citizen_text(
        conversation=conversation,
        text=given["text"],
        client_ref=given["ref"],
        now=timezone.now(),
    )
    stored = writing.post(text)
    if stored.text != text.text:
        writing.post(replace(text, client_ref=uuid.uuid5(text.client_ref, text.text)))
    _tell_left_out(request, given["text"])


def _refused(form: WriteForm, field: str, error: RuleBroken) -> WriteForm:
    """The form again, with the sentence at its field; the file is stored when the text is not."""
    if field == "text":
        # For the next file: what comes with the ref of the stored one is that one again.
        form.data = dict(form.data.items()) | {"file_ref": str(uuid.uuid4())}
    elif error.code == "conversation_closed":
        form.add_error(None, _said(error))  # an ended conversation has no field for a file
        return form
    form.add_error(field, _said(error))
    return form


def _rate(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    form = RatingForm(request.POST)
    if not form.is_valid():
        return _show(request, conversation, rating_form=form)
    try:
        rating.rate(conversation=conversation, now=timezone.now(), **form.cleaned_data)
    except RuleBroken as error:
        messages.warning(request, _said(error))
    else:
        messages.success(request, WIDGET_TEXTS["rate_thanks"])
        _tell_left_out(request, form.cleaned_data["comment"])
    return _back()


def _mail(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    form = MailForm(request.POST)
    if not form.is_valid():
        return _show(request, conversation, mail_form=form)
    mail = form.cleaned_data["mail"]
    try:
        transcripts.ask_transcript_mail(conversation=conversation, address=mail, now=timezone.now())
    except RuleBroken as error:
        form.add_error("mail", _said(error))
        return _show(request, conversation, mail_form=form)
    messages.success(request, str(WIDGET_TEXTS["keep_mailed"]).replace("{mail}", mail))
    return _back()


def _tell_left_out(request: HttpRequest, text: str) -> None:
    for secret in dict.fromkeys(masked(text).found):
        messages.info(request, LEFT_OUT[secret])


def _said(error: RuleBroken) -> str:
    return sentence(error, get_language() or "nl")


def _back() -> HttpResponse:
    """To the page, at the last message."""
    return redirect(f"{reverse('chat-page')}#laatste")


def _new(request: HttpRequest) -> HttpResponse:
    """The first form again; a text that came too late for the chat before stands in it."""
    text = request.POST.get("text", "")
    response = _show(request, None, form=_start_form(text)) if text else redirect("chat-page")
    for name, path in _cookies():
        response.delete_cookie(name, path=path)
    return response


def _start(request: HttpRequest) -> HttpResponse:
    form = StartForm(request.POST)
    if not TOKEN.fullmatch(request.POST.get("token", "")):
        # Written in a conversation that is gone: the text comes back in a form that works.
        form = _start_form(request.POST.get("text", ""), bound=True)
        form.add_error("text", _said(RuleBroken("wrong_token")))
    if not form.is_valid():
        return _show(request, None, form=form)
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
        conversation = conversing.open_conversation(opening=opening, now=timezone.now())
        _send_text(request, conversation, form.cleaned_data)  # stored by now, unless it is another
    except RuleBroken as error:
        if error.code in {"wrong_token", "conversation_closed"}:
            form = _start_form(opening.text, bound=True)  # that one has ended meanwhile
        form.add_error("text", _said(error))
        return _show(request, None, form=form)
    response = _back()
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


def _show(request: HttpRequest, conversation: Conversation | None, **forms: Form) -> HttpResponse:
    """The page; `forms` are those that came back: `form`, `rating_form` or `mail_form`."""
    context: dict[str, Any] = {"status": chat_status(timezone.now()), "conversation": conversation}
    if conversation is None:
        context["form"] = forms.get("form") or _start_form()
    else:
        context |= _in_conversation(conversation) | forms
    wrong = next((form for form in forms.values() if form.errors), None)
    return render(
        request, "chat/page.html", context | {"wrong": wrong}, status=422 if wrong else 200
    )


def _in_conversation(conversation: Conversation) -> dict[str, Any]:
    """What a running or ended conversation shows; looking at it is a sign of life."""
    rules, now = ChatRules.current(), timezone.now()
    hear(agent_ids=set(), citizen_conversation_ids={conversation.pk}, now=now)
    conversing.mark_read(
        conversation=conversation, reader=Author.CITIZEN, seq=conversation.last_seq
    )
    shown = conversation.messages.select_related("attachment").order_by("-seq")[:SHOWN]
    context: dict[str, Any] = {"shown_messages": list(shown)[::-1], "form": _write_form(rules)}
    if conversation.state in OPEN_STATES:
        return context | {"is_open": True, "queue": _in_queue(conversation)}
    until = conversation.continue_until(rules)
    return context | {
        "may_continue": until is not None and now <= until,
        "may_rate": conversation.rating is None,
        "rating_form": RatingForm(),
        "mail_form": MailForm(),
    }


def _in_queue(conversation: Conversation) -> dict[str, Any] | None:
    """Place, range and offers of who waits."""
    found = waiting.place_of(conversation)
    if found is None:
        return None
    return {
        "sentences": waiting_words.sentences(found),
        **waiting_words.offers(conversation.first_words),
    }


def _write_form(rules: ChatRules, text: str = "") -> WriteForm:
    given = {"ref": uuid.uuid4(), "file_ref": uuid.uuid4(), "text": text}
    return WriteForm(initial=given, takes_files=rules.files_allowed)


def _start_form(text: str = "", *, bound: bool = False) -> StartForm:
    fields = {"token": _new_token(), "ref": str(uuid.uuid4()), "text": text}
    return StartForm(fields) if bound else StartForm(initial=fields)


def _conversation(request: HttpRequest) -> Conversation | None:
    try:
        return access.of_citizen(request.COOKIES.get(f"{COOKIE}_{get_language()}", ""))
    except RuleBroken:
        return None


def _cookies() -> Iterator[tuple[str, str]]:
    """Name and path of the cookie in each language."""
    for language, _name in settings.LANGUAGES:
        with override(language):
            path = reverse("chat-page")
        yield f"{COOKIE}_{language}", path


def _new_token() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
