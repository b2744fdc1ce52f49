"""The words that the scripts of the agent console need; the template holds the fixed ones.

Keys that end in `_one` and `_many` belong together; the page fills in `{name}` and the like.
"""

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

CONSOLE_TEXTS: dict[str, str | Promise] = {
    # The page
    "title": _("Chat – Contact centre"),
    "link_connecting": _("Connecting…"),
    "link_online": _("Connected"),
    "link_waiting": _("Connection lost, reconnecting…"),
    "link_offline": _("No network on this computer"),
    "link_refused": _("Logged out"),
    "no_connection": _("There is no connection at the moment. Try again when it is back."),
    # The lists
    "visitor": _("Visitor {number}"),
    "longest": _("longest {age}"),
    "waits_long": _("waits long"),
    "take": _("Take"),
    "take_name": _("Take {name}"),
    "taking": _("Busy…"),
    "unread_one": _("{count} unread message"),
    "unread_many": _("{count} unread messages"),
    "you_said": _("You: {text}"),
    "draft_said": _("Draft: {text}"),
    "is_typing": _("{name} is typing…"),
    "now": _("now"),
    "minutes": _("{count} min"),
    "hour_unit": _("h"),
    "minute_unit": _("min"),
    "second_unit": _("s"),
    # The conversation
    "none_title": _("Choose a conversation"),
    "none_waiting_one": _("{count} visitor is waiting."),
    "none_waiting_many": _("{count} visitors are waiting."),
    "none_quiet_title": _("All quiet"),
    "none_quiet": _("Nobody is waiting and you have no conversations."),
    "none_mine": _("Nobody is waiting. Your own conversations are in the list."),
    "none_offline_title": _("No connection"),
    "none_offline": _("The portal is out of reach. This page tries again by itself."),
    "loading": _("Loading…"),
    "conversation": _("Conversation"),
    "about_waiting": _("has been waiting for {age}, since {time}"),
    "about_waited": _("started at {time}, waited {length}"),
    "about_page": _("on {page}"),
    "home_page": _("the home page"),
    "you": _("You"),
    "mark_sending": _("sending…"),
    "mark_waiting": _("goes out when the connection is back"),
    "mark_sent": _("sent"),
    "mark_read": _("read"),
    "mark_failed": _("not sent"),
    "retry": _("Try again"),
    "take_back": _("Back to the answer"),
    "new_messages_one": _("{count} new message"),
    "new_messages_many": _("{count} new messages"),
    "joined_you": _("You took the conversation at {time}"),
    "joined": _("{name} took the conversation at {time}"),
    "left_you": _("You gave the conversation back to the queue at {time}"),
    "left_agent_returned": _("{name} gave the conversation back to the queue at {time}"),
    "left_agent_unanswering": _("Back to the queue at {time}: no answer came from {name}"),
    "left_agent_gone": _("Back to the queue at {time}: the connection of {name} was gone"),
    "asked_if_there": _("The visitor was silent and was asked at {time} to go on"),
    "still_there": _("The visitor is still there, {time}"),
    "closed_citizen": _("The visitor ended the conversation at {time}"),
    "closed_agent": _("{name} closed the conversation at {time}"),
    "closed_agent_you": _("You closed the conversation at {time}"),
    "closed_silence": _("Closed at {time}: the visitor was silent"),
    "closed_other": _("The conversation ended at {time}"),
    "abandoned": _("The visitor was out of reach while waiting, {time}"),
    "continued": _("The visitor picked the conversation up again at {time}"),
    # The answer
    "text_empty": _("Write an answer first."),
    "text_too_long": _("Your answer is {count} characters too long. Make it shorter to send it."),
    "characters_left": _("{count} characters left"),
    "characters_over": _("{count} characters too many"),
    "note_waiting": _("This visitor is waiting. You read along; nobody sees that."),
    "note_colleague": _("{name} has this conversation."),
    "note_ended": _("This conversation has ended."),
    "note_gone": _("This conversation is no longer with you."),
    "secret": _(
        "You are typing {what}. We leave it out of your answer. Never ask a visitor for it."
    ),
    "secret_rrn": _("a national register number"),
    "secret_iban": _("an account number"),
    "secret_card": _("the number of a payment card"),
    # Ready answers, suggestions, link cards
    "answers_found_one": _("{count} ready answer. Use the arrow keys to choose."),
    "answers_found_many": _("{count} ready answers. Use the arrow keys to choose."),
    "answer_unknown": _("(has a gap to fill in)"),
    "answer_unfilled": _("The portal cannot fill in {found}. Write what belongs there yourself."),
    "hold_none": _("There is no ready answer for this. An administrator can mark one."),
    "hint_answer": _("Put the answer “{title}” into the field"),
    "hint_card": _("Send the page “{title}”: press twice"),
    "hint_again": _("Send the page “{title}” once more: press twice"),
    "hint_armed": _("Send the page “{title}”: press Enter"),
    "hint_enter": "Enter",
    "palette_about": _("{name} gets a card with the page that you choose."),
    "palette_nothing": _("Nothing on the website fits “{query}”."),
    "pages_found_one": _("{count} page. Enter sends it."),
    "pages_found_many": _("{count} pages. Use the arrow keys to choose; Enter sends."),
    "card_send": _("send"),
    "card_send_name": _("Send the page “{title}”"),
    "card_sent": _("sent"),
    "card_sent_name": _("The page “{title}” was sent"),
    "topic_hint": _("Needed to close the conversation."),
    "topic_suggested": _("Suggested by the question. Change it when it is something else."),
    # Notes
    "note_empty": _("Write a note first."),
    "note_long": _("Your note is {count} characters too long. Make it shorter to keep it."),
    "note_refused": _("A note was not kept. {reason} You wrote: {text}"),
    "note_pending": _("is being kept…"),
    "secret_note": _("You are typing {what}. We leave it out of your note."),
    # Files
    "file": _("File:"),
    "file_gone": _("This file was removed."),
    "file_refused": _(
        "{name} cannot be sent. Choose a photo (JPG, PNG or WebP) or a PDF of at most 10 MB."
    ),
    "file_not_here": _("You can send a file only in a conversation of your own."),
    "file_failed": _("{name} was not sent. {reason}"),
    "file_lost": _("{name} was not sent, because the conversation has ended."),
    "file_later": _("Something went wrong on our side. Try again in a moment."),
    "file_too_big": _("This file is too big. You can send files of up to 10 MB."),
    "file_page_old": _("You logged in again since this page opened. Reload the page and retry."),
    "download": _("Download"),
    "download_name": _("Download {name}"),
    "picture_open": _("{name} (opens in a new window)"),
    "drop_file": _("Do not send"),
    # Facts
    "rated": _("{score} of 5: {word}"),
    "rate_1": _("Not satisfied at all"),
    "rate_2": _("Not satisfied"),
    "rate_3": _("In between"),
    "rate_4": _("Satisfied"),
    "rate_5": _("Very satisfied"),
    "not_given": _("not given"),
    "unknown": _("unknown"),
    "language_nl": _("Dutch"),
    "language_en": _("English"),
    "still_waiting": _("still waiting, {age}"),
    # Dialogs
    "close_about": _("The conversation with {name} ends for both of you."),
    "return_about": _("{name} keeps the original place in the queue. A colleague can take over."),
    "topic_needed": _("Choose a topic first."),
    # The telephone first, the chat closed for now
    "rush_until": _("Telephone first, until {time}."),
    "rush_calls": _("Telephone first, while many calls wait."),
    "rush_by": _("{name} switched this on."),
    "rush_by_exchange": _("The telephone exchange switched this on."),
    "rush_over": _("The telephone no longer comes first."),
    "rush_rests": _("The telephone exchange does not switch this on again before {time}."),
    "stop_until": _("The chat is closed until {time}."),
    "stop_open": _("The chat is closed until a supervisor opens it again."),
    "stop_by": _("{name}: “{text}”"),
    "stop_over": _("The chat is open again for new visitors."),
    "stop_text_needed": _("Write what citizens read."),
    # Notices and news
    "already_taken": _("A colleague was first: {name} is already taken."),
    "already_taken_by": _("{agent} was first and has {name}."),
    "already_gone": _("{name} is no longer waiting."),
    "taken_over": _("{agent} has taken over {name}."),
    "returned": _("{name} is back in the queue."),
    "left_unanswering": _(
        "{name} went back to the queue: no answer came in time. You are away now; with Alt + P "
        "chats come to you again."
    ),
    "left_gone": _(
        "{name} went back to the queue: your connection was gone. You are away now; with Alt + P "
        "chats come to you again."
    ),
    "closed_by_you": _("The conversation with {name} is closed."),
    "ended_citizen": _("{name} ended the conversation."),
    "ended_silence": _("The conversation with {name} was closed: the visitor was silent."),
    "ended_agent": _("The conversation with {name} is closed."),
    "ended_other": _("The conversation with {name} has ended."),
    "unsent_lost": _("An answer was not sent, because the conversation has ended: {text}"),
    "nobody_waits": _("Nobody is waiting."),
    "news_waiting": _("New in the queue: {name}. {words}"),
    "news_message": _("New message from {name}"),
    # Among colleagues: presence, room, passing on
    "load": _("{open} of {cap}"),
    "rounding_off": _("Rounding off, {left}"),
    "state_available": _("available"),
    "state_busy": _("busy"),
    "state_on_phone": _("on the phone"),
    "state_away": _("away"),
    "you_are_busy": _("You are busy."),
    "you_are_on_phone": _("You are on the phone."),
    "you_are_away": _("You are away."),
    "no_chats_come": _(
        "No chat comes to you by itself. Visitors can start one only while somebody is available."
    ),
    "put_away_agent_unanswering": _(
        "A visitor got no answer from you in time, so no chat comes to you now."
    ),
    "put_away_agent_gone": _("Your connection was gone, so no chat comes to you now."),
    "given": _("New chat for you: {name}."),
    "given_by": _("{agent} passed {name} on to you."),
    "transfer_about": _("{name} goes on with a colleague, and reads that."),
    "colleague_needed": _("Choose a colleague first."),
    "passed_on": _("{agent} goes on with {name}."),
    "left_transferred": _("{name} passed the conversation on at {time}"),
    "left_transferred_you": _("You passed the conversation on at {time}"),
    "left_shift_end": _("{name} ended the shift at {time}"),
    "left_shift_end_you": _("You ended your shift at {time}"),
    "closed_abuse": _("{name} ended the conversation at {time} because of abuse"),
    "hand_over_none": _("You have no conversations. No chat comes to you any more: you are away."),
    "hand_over_about_one": _(
        "Your {count} conversation goes to a free colleague, or waits in its first place. Then you "
        "are away."
    ),
    "hand_over_about_many": _(
        "Your {count} conversations go to free colleagues; the others wait in their first place. "
        "Then you are away."
    ),
    "handed_passed_one": _("{count} conversation went to a colleague."),
    "handed_passed_many": _("{count} conversations went to colleagues."),
    "handed_queued_one": _("{count} conversation waits in its first place."),
    "handed_queued_many": _("{count} conversations wait in their first place."),
    "handed_over": _("You are away now. See you next time!"),
    # Questions passed on to a department
    "pass_text_needed": _("Write the question first."),
    "pass_text_long": _(
        "The question is {count} characters too long to show in the chat. Make it shorter."
    ),
    "pass_department_needed": _("Choose the department first."),
    "pass_secret": _(
        "There is {what} in the question. Leave it out: the department does not need it."
    ),
    "pass_show_first": _("Show the question to the citizen first."),
    "pass_not_shown": _("The citizen has not seen this text yet."),
    "pass_showing": _("Is being shown in the chat…"),
    "pass_shown": _("The citizen reads this in the chat since {time}."),
    "pass_reply": _("{name}: {text}"),
    "pass_none": _("No department stands out. Choose one from the list."),
    "pass_one": _("1 department is suggested."),
    "pass_many": _("{count} departments are suggested."),
    "pass_done": _("Passed on: {reference}. The citizen reads it in the chat."),
    "pass_page_old": _("This page is no longer up to date. Reload it; what you typed stays."),
    "department_said": _("{name} wrote in the conversation with {visitor}."),
    # Sound and desktop notifications
    "alert_waiting": _("{name} is waiting for an answer."),
    "alert_assigned": _("{name} is now with you."),
    "alert_message": _("New message from {name}"),
    "sound_on": _("Sound is on."),
    "sound_off": _("Sound is off."),
    "desktop_refused": _(
        "This browser does not allow it for this site. Change that in its settings."
    ),
    "desktop_lacks": _("This browser cannot show notifications."),
}

STOP_SUGGESTION = _(
    "The chat is closed for a moment, because it is very busy. You can call or e-mail us."
)


def stop_texts() -> dict[str, str]:
    """What a supervisor may say who closes the chat for now, by language; to be changed at will."""
    texts = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            texts[language] = str(STOP_SUGGESTION)
    return texts
