"""Words of the chat widget. Placeholders are filled in by the browser: `{name}`, `{count}`."""

from django.utils.translation import gettext_lazy as _

# What the launcher says before the panel is loaded; part of status.json.
LAUNCHER_TEXTS = {
    "title": _("Chat with the city"),
    "new_one": _("1 new message"),
    "new_many": _("{count} new messages"),
    "failed": _("The chat window does not load now."),
    "plain": _("Open the chat as a plain page"),
}

# What the opened panel says; part of panel.json.
WIDGET_TEXTS = {
    # who and where
    "title": _("Chat with the city"),
    "with_city": _("Contact centre of the city"),
    "with_waiting": _("We are looking for an employee"),
    "with_agent": _("You are talking to {name}"),
    "with_closed": _("The chat is closed now"),
    "fold": _("Close window, the chat stays open"),
    "fold_idle": _("Close window"),
    "end": _("End"),
    "end_label": _("End the chat"),
    "rather_call": _("Rather call?"),
    # before the first message
    "welcome": _("Hello! What is your question?"),
    "welcome_more": _("An employee of the contact centre answers you here."),
    "privacy": _(
        "You stay anonymous. We keep your chat to help you. Do not send your national register "
        "number or bank details."
    ),
    "privacy_link": _("How we handle your data"),
    # messages
    "log": _("Messages"),
    "you": _("You"),
    "employee": _("Employee"),
    "city": _("City of Hasselt"),
    "meta": _("{who}, {time}"),
    "sending": _("sending…"),
    "held": _("waits for a connection"),
    "sent": _("sent"),
    "read": _("read"),
    "typing": _("{name} is typing…"),
    "new_below_one": _("1 new message below"),
    "new_below_many": _("{count} new messages below"),
    "new_from": _("New message from {name}"),
    "new_window": _("(opens in a new window)"),
    # files
    "attach": _("Add a file"),
    "file": _("File:"),
    "file_gone": _("This file was removed."),
    "file_refused": _(
        "{name} cannot be sent. Choose a photo (JPG, PNG or WebP) or a PDF of at most 10 MB."
    ),
    "file_lost": _("Choose this file again: it was not sent yet."),
    "download": _("Download"),
    "retry": _("Try again"),
    "drop": _("Do not send"),
    "unsent": _("not sent"),
    "try_again": _("That does not work now. Try again in a moment."),
    # what happens
    "joined": _("{name} from the contact centre helps you."),
    "left_returned": _("{name} passes your question to a colleague. You keep your turn."),
    "left_transferred": _("{name} passes your question to a colleague."),
    "left_shift_end": _("{name} stops for today. A colleague goes on. You keep your turn."),
    "left_gone": _("{name} is away for a moment. A colleague takes over. You keep your turn."),
    "asked_if_there": _("Are you still there? Without an answer this chat closes."),
    "still_there": _("You are still there."),
    "closed_citizen": _("You ended the chat."),
    "closed_agent": _("{name} ended the chat."),
    "closed_abuse": _(
        "{name} ended this chat. We gladly help you, in a talk with respect for our employees."
    ),
    "closed_silence": _("We did not hear from you any more, so we closed the chat."),
    "abandoned": _("We could not reach you, so you are no longer waiting."),
    "continued": _("You talk on."),
    "waiting": _(
        "We are looking for an employee for you. Your answer appears here, and the chat button "
        "tells you."
    ),
    # writing
    "field_first": _("Your question"),
    "field": _("Your message"),
    "send": _("Send"),
    "keys": _("Enter sends, Shift+Enter makes a new line."),
    "left_characters": _("{count} characters left"),
    "over_characters": _("{count} characters too many"),
    "error_empty": _("Type your message first."),
    "error_long": _(
        "Your message is too long: {count} characters too many. Shorten it, or send the rest in a "
        "second message."
    ),
    "secret": _("You are typing {what}. We do not need it and leave it out of your message."),
    "secret_rrn": _("a national register number"),
    "secret_iban": _("an account number"),
    "secret_card": _("the number of a payment card"),
    # silence
    "still_ask": _("Are you still there?"),
    "still_left": _("This chat closes in {left}."),
    "still_button": _("I am still here"),
    "minutes": _("{count} min"),
    "seconds": _("{count} s"),
    # ending
    "end_ask": _("Do you want to end the chat?"),
    "end_yes": _("Yes, end it"),
    "end_no": _("No, talk on"),
    "ended": _("This chat has ended"),
    "ended_more": _("More to ask? You can talk on until {time}."),
    "continue": _("Talk on"),
    "new": _("New chat"),
    # after the end
    "rate_ask": _("How satisfied are you with this chat?"),
    "rate_1": _("Not satisfied at all"),
    "rate_2": _("Not satisfied"),
    "rate_3": _("In between"),
    "rate_4": _("Satisfied"),
    "rate_5": _("Very satisfied"),
    "rate_why": _("Do you want to say why? (optional)"),
    "rate_thanks": _("Thank you. This helps us do better."),
    "keep": _("Keep this chat"),
    "keep_pdf": _("Download PDF"),
    "keep_txt": _("Download text"),
    "keep_mail": _("Or by e-mail. Your e-mail address"),
    "keep_mailed": _("We send it to {mail}."),
    # closed
    "closed_help": _("You can also reach us like this"),
    "call": _("Call {number}"),
    "ask": _("Leave your question"),
    "products": _("Arrange it yourself"),
    # connection
    "lost": _("The connection is gone. We keep trying; what you write is kept."),
    "offline": _("You are offline. What you write is kept and goes out as soon as you are back."),
    "back": _("The connection is back."),
    "slow": _("Slow connection: messages arrive some seconds later."),
    "fast": _("Messages arrive at once again."),
    "plain": _("Open the chat as a plain page"),
    "loading": _("Your chat is being fetched…"),
}
