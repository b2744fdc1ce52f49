"""What a person reads when a rule is broken. Codes are those of docs/chat-protocol.md."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from city.localised import localised
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
    "at_cap": _(
        "You have as many chats as you can have at once now (%(cap)s). Close one or pass one on, "
        "then take the next."
    ),
    "colleague_gone": _(
        "This colleague has just left. Choose somebody else; the chat is still yours."
    ),
    "colleague_full": _(
        "%(name)s has as many chats as possible (%(cap)s). Choose somebody else; the chat is still "
        "yours."
    ),
    "not_allowed_now": _("This chat has just changed. Look at it again before you go on."),
    "unknown_topic": _("Choose a topic from the list."),
    "unknown_product": _("This page is not on the website (any more). Choose another one."),
    "not_shown": _(
        "The citizen has not seen this text yet. Show it in the chat first, then pass it on."
    ),
    "too_many_notes": _("This chat holds as many notes as it can."),
    "not_allowed": _("You no longer have access to the chat. Log in again."),
    "files_off": _("You cannot send files in this chat now."),
    "file_missing": _("Choose a file first. An empty file cannot be sent."),
    "file_too_big": _("This file is too big. You can send files of up to 10 MB."),
    "file_type": _("This kind of file cannot be sent. Send a photo (JPG, PNG or WebP) or a PDF."),
    "file_broken": _("We cannot read this file. It may be damaged; save it again and retry."),
    "file_too_large_picture": _("This picture has too many pixels. Make it smaller and retry."),
    "file_locked": _("This PDF is locked with a password. Send one without a password."),
    "file_virus": _("Our virus scanner does not trust this file. It was not sent."),
    "file_unscanned": _("We cannot check files for viruses right now. Try again later."),
    "too_many_files": _("This chat holds as many files as it can. Please e-mail the others."),
    "already_rated": _("You have rated this chat already. Thank you."),
    "comment_too_long": _("Your comment is too long. You can use %(limit)s characters."),
    "bad_mail": _("This is not a complete e-mail address. Look at it again, like jan@example.be."),
    "too_many_mails": _(
        "This chat was sent by e-mail several times. You can still download it on this page."
    ),
    "wrong_origin": _(
        "This website may not show the chat. Open the chat on the city's own website."
    ),
    "supervisors_only": _("Only a supervisor can do this."),
    "phone_first_until": _("Choose a time within four hours from now."),
    "stop_text": _("Write what citizens read, in at most %(limit)s characters."),
    "stop_until": _("Choose a time within a day from now."),
    "failed": _("Something went wrong on our side. Try again in a moment."),
}

# Where a client sends the text again by itself, nobody needs to do anything.
SENT_AGAIN = {
    "too_fast": _("Your messages come too fast. They will be sent by themselves in a moment."),
    "failed": _("Something went wrong on our side. Your text is still here; we try again."),
}


def sentence(error: RuleBroken, language: str) -> str:
    """The sentence for `error` in `language` (nl or en); the city's own words where it has some."""
    with override(language):
        if "text" in error.params:
            return str(localised(str(error.params["text"]), str(error.params["text_en"])))
        return str(SENTENCES[error.code]) % error.params


def error_frame(error: RuleBroken, language: str, **fields: object) -> dict[str, object]:
    """An `error` frame; `fields` are the ids the client matches it by."""
    text = sentence(error, language)
    if error.code in SENT_AGAIN and fields.get("ref"):
        with override(language):
            text = str(SENT_AGAIN[error.code])
    frame = {"type": "error", "code": error.code, "text": text, **fields}
    if "retry_after_s" in error.params:
        frame["retry_after_s"] = error.params["retry_after_s"]
    return frame
