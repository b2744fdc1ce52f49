"""Words of the chat for templates."""

import math
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from chat.models import Attachment, Message
from chat.states import Kind, Reason
from city import wording

register = template.Library()


@register.filter
def moment(value: datetime) -> str:
    """ "dinsdag 29 juni om 14.20 uur"."""
    return wording.day_and_time(value)


@register.filter
def age_since(began: str | None) -> str:
    """How long ago a moment of the protocol was: `4:12`, `1:02:05`; a dash for none."""
    if not began:
        return "–"
    seconds = max(0, int((timezone.now() - datetime.fromisoformat(began)).total_seconds()))
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"


@register.filter
def file_facts(file: Attachment) -> str:
    """ "JPEG, 183 kB", "PDF, 2,4 MB"."""
    kind = file.media_type.rpartition("/")[2].upper()
    if file.size_bytes < 1_000_000:
        return f"{kind}, {math.ceil(file.size_bytes / 1_000)} kB"
    megabytes = round(file.size_bytes / 1_000_000, 1)
    return f"{kind}, {number_format(megabytes, 0 if megabytes.is_integer() else 1)} MB"


@register.filter
def what_happened(message: Message) -> str:
    """A change in the conversation as the citizen reads it."""
    sentences = {
        Kind.JOINED: _("%(name)s of the contact centre is with you now."),
        Kind.LEFT: _("You are waiting for an employee again. You keep your place."),
        Kind.ASKED_IF_THERE: _("Are you still there? Otherwise the chat closes by itself."),
        Kind.STILL_THERE: _("You are still there."),
        Kind.ABANDONED: _("We could not reach you for a while, so the chat was stopped."),
        Kind.CONTINUED: _("You went on with the chat."),
    }
    endings = {
        Reason.CITIZEN: _("You ended the chat."),
        Reason.AGENT: _("%(name)s ended the chat."),
        Reason.ABUSE: _(
            "%(name)s ended this chat. We gladly help you, in a talk with respect for our "
            "employees."
        ),
        Reason.SILENCE: _("The chat closed because it was quiet for a while."),
    }
    if message.kind == Kind.LEFT and message.reason == Reason.TRANSFERRED:
        return _("%(name)s passes your question to a colleague.") % {"name": message.agent_name}
    if message.kind == Kind.CLOSED:
        return endings[Reason(message.reason)] % {"name": message.agent_name}
    return sentences[Kind(message.kind)] % {"name": message.agent_name}
