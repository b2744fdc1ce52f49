"""Who may have which conversation. Every doorway gets its conversation here and nowhere else."""

import hashlib
import re
from collections.abc import Set
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db.models import Exists, Q, QuerySet
from django.utils import timezone

from accounts.access import CHAT_ROLES, has_second_step
from accounts.models import Role, RoleGrant, User
from chat.models import AllowedSite, Attachment, ChatRules, Conversation
from chat.states import State
from common.errors import RuleBroken

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 bytes in base64url without padding


def hashed(token: str) -> str:
    """What the database keeps of a token. SHA-256 suffices for 256 random bits."""
    if not TOKEN.fullmatch(token):
        raise RuleBroken("wrong_token")
    return hashlib.sha256(token.encode()).hexdigest()


def of_citizen(token: str) -> Conversation:
    """The conversation that this secret opens; raises RuleBroken("wrong_token").

    One that ended long ago opens no more: the computer may be a library's.
    """
    found = Conversation.objects.select_related("agent").filter(token_hash=hashed(token)).first()
    if found is None or (found.closed_at and _ended_long_ago(found.closed_at)):
        raise RuleBroken("wrong_token")
    return found


def _ended_long_ago(closed_at: datetime) -> bool:
    hours = ChatRules.current().readable_hours
    return closed_at + timedelta(hours=hours) <= timezone.now()


def may_embed(origin: str) -> bool:
    """Whether the city allows this other site to carry the chat; the portal itself is no site."""
    return origin in AllowedSite.origins()


def require_agent(user_id: int) -> User:
    """The member of staff behind a console, read anew; raises RuleBroken("not_allowed")."""
    user = User.objects.filter(pk=user_id).prefetch_related("role_grants").first()
    if user is None or not user.has_role(*CHAT_ROLES):
        raise RuleBroken("not_allowed")
    return user


def require_supervisor(user_id: int) -> User:
    """`require_agent` who may decide for all; raises RuleBroken: not_allowed, supervisors_only."""
    user = require_agent(user_id)
    if not user.has_role(Role.SUPERVISOR):
        raise RuleBroken("supervisors_only")
    return user


def admitted_agent(user_id: int) -> User:
    """`require_agent` at the door of a console, behind the second step of the login too."""
    user = require_agent(user_id)
    if not has_second_step(user):
        raise RuleBroken("not_allowed")
    return user


def chat_roles_of(user_ids: Set[int]) -> dict[int, frozenset[str]]:
    """The roles that open the console, of those active users who have one. One query."""
    grants = RoleGrant.objects.filter(
        user__in=user_ids, user__is_active=True, role__in=CHAT_ROLES
    ).values_list("user_id", "role")
    roles: dict[int, frozenset[str]] = {}
    for user_id, role in grants:
        roles[user_id] = roles.get(user_id, frozenset()) | {role}
    return roles


def live_sessions(keys: Set[str]) -> set[str]:
    """Which of these logins still hold. One query."""
    rows = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    return set(rows.values_list("session_key", flat=True))


def visible_to(user: User) -> QuerySet[Conversation]:
    """Conversations this agent may read: the waiting and the own; a supervisor reads all.

    An agent keeps sight of the own one after it ended, so that the last screen does not vanish.
    """
    # Of what was anonymised nothing is left to read.
    everything = Conversation.objects.filter(anonymised_at=None).select_related("agent", "topic")
    if user.has_role(Role.SUPERVISOR):
        return everything
    return everything.filter(
        Q(state=State.WAITING) | Q(agent=user) | Q(handled_by=user, agent=None)
    )


def readable_by(user: User, public_id: UUID) -> Conversation:
    """One of `visible_to`; raises RuleBroken("not_found"), also when it is somebody else's."""
    try:
        return visible_to(user).get(public_id=public_id)
    except Conversation.DoesNotExist:
        raise RuleBroken("not_found") from None


def owned_by(user: User, public_id: UUID) -> Conversation:
    """A conversation that this agent is in now; raises RuleBroken("not_found")."""
    conversation = readable_by(user, public_id)
    if conversation.agent_id != user.pk:
        raise RuleBroken("not_found")
    return conversation


def in_hands_of(user_id: int) -> QuerySet[Conversation]:
    """The conversations this agent is in now, with the role in the same condition.

    Without a join, so that an update checks it again on a row that it had to wait for.
    """
    with_role = RoleGrant.objects.filter(user=user_id, user__is_active=True, role__in=CHAT_ROLES)
    return Conversation.objects.filter(Exists(with_role), agent=user_id)


def key_of(public_id: UUID) -> int:
    """The primary key, for the one statement that checks the right itself."""
    pk = Conversation.objects.filter(public_id=public_id).values_list("pk", flat=True).first()
    if pk is None:
        raise RuleBroken("not_found")
    return pk


def claimable(public_id: UUID) -> Conversation:
    """A conversation to claim: any that is open, so that who comes second hears "already_taken".

    Nothing of its content goes out before the claim is won.
    """
    try:
        return open_cards().get(public_id=public_id)
    except Conversation.DoesNotExist:
        raise RuleBroken("not_found") from None


def open_cards() -> QuerySet[Conversation]:
    """Every open conversation for the lists, in queue order. Cards carry no more than first words.

    Also those of colleagues: the lists show how busy the centre is; their texts stay closed.
    """
    return Conversation.objects.open_now().select_related("agent", "topic").in_queue_order()


def file_of_citizen(token: str, public_id: UUID) -> Attachment:
    """A file of the conversation that this secret opens; raises RuleBroken: wrong_token, not_found.

    A file of another conversation and one that does not exist look the same.
    """
    return _file_of(Conversation.objects.filter(pk=of_citizen(token).pk), public_id)


def file_readable_by(user: User, public_id: UUID) -> Attachment:
    """A file of a conversation that this agent may read; raises RuleBroken("not_found")."""
    return _file_of(visible_to(user), public_id)


def _file_of(conversations: QuerySet[Conversation], public_id: UUID) -> Attachment:
    found = Attachment.objects.filter(
        public_id=public_id, message__conversation__in=conversations
    ).first()
    if found is None:
        raise RuleBroken("not_found")
    return found
