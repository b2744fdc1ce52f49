"""What a person reads when a rule is broken. Codes are those of docs/chat-protocol.md."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from common.errors import RuleBroken

SENTENCES = {
    "bad_frame": _("Something went wrong while sending. Reload the page and try again."),
    "frame_too_big": _("Your message is too long. Send it in smaller parts."),
    "wrong_version": _("This page is out of date. Reload it to go on."),
    "not_started": _("The chat has not started yet. Send your question first."),
    "already_started": _("This chat has started already."),
    "wrong_token": _("We cannot find this chat any more. Please start a new one."),
    "text_empty": _("Type your message first."),
    "text_too_long": _(
        "Your message is too long. You can use %(limit)s characters; send the rest in a second "
        "message."
    ),
    "too_fast": _("That goes a little too fast. Wait %(retry_after_s)s seconds and send again."),
    "too_many": _(
        "Many chats were started from your internet address. Please call us or try again in an "
        "hour."
    ),
    "conversation_closed": _("This chat has ended. Your text is still here."),
    "cannot_continue": _("This chat cannot be continued any more. Please start a new one."),
    "chat_closed": _("The chat is closed now. Please call or e-mail us."),
    "not_found": _("This chat is not with you (any more)."),
    "already_taken": _("A colleague was just before you: this chat is taken."),
    "not_allowed_now": _("This chat has just changed. Look at it again before you go on."),
    "unknown_topic": _("Choose a topic from the list."),
    "not_allowed": _("You no longer have access to the chat. Log in again."),
    "failed": _("Something went wrong on our side. Your text is still here; we try again."),
}


def sentence(error: RuleBroken, language: str) -> str:
    """The sentence for `error` in `language` (nl or en)."""
    with override(language):
        return str(SENTENCES[error.code]) % error.params


def error_frame(error: RuleBroken, language: str, **fields: object) -> dict[str, object]:
    """An `error` frame; `fields` are the ids the client matches it by."""
    frame = {"type": "error", "code": error.code, "text": sentence(error, language), **fields}
    if "retry_after_s" in error.params:
        frame["retry_after_s"] = error.params["retry_after_s"]
    return frame
