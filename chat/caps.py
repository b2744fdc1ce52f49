"""How many chats an agent may have at once."""

from datetime import datetime

from chat import rush
from chat.models import ChatRules, Presence


def cap_of(presence: Presence | None, rules: ChatRules, *, phone_first: bool) -> int:
    """The cap that holds now: the agent's own or everybody's, and lower while the phone is first.

    Limits what is given and taken. Chats that run already stay, also above a cap that was lowered.
    """
    own = presence.cap if presence else None
    cap = rules.default_cap if own is None else own
    return min(cap, rules.phone_first_cap) if phone_first else cap


def is_phone_first(now: datetime) -> bool:
    """Whether telephone questions go before chats at this moment."""
    return rush.current(now) is not None
