"""What becomes of chats when their time is over: the counts stay, what was said goes."""

from datetime import datetime

from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from chat.actions.sharing import ORPHAN_AFTER, remove_files_of, remove_orphans
from chat.models import ChatRules, Conversation, InternalNote, Message, TranscriptMail
from chat.states import OPEN_STATES
from common.retention import POLICIES, STANDING, Outcome, Policy, Standing, nothing_personal


@transaction.atomic
def anonymise_conversations(*, now: datetime, before: datetime, limit: int) -> int:
    """Takes words, files, names and the key out of conversations that ended by `before`.

    What stays tells nobody from another: times, language, topic, state, reason, rating, how many
    messages. Their locked rows keep out who would continue one at this very moment; a row that is
    locked already is left for the next batch. The files go after the commit: a kill between the two
    leaves files that no row names, which have a policy of their own.
    """
    ended = Conversation.objects.exclude(state__in=OPEN_STATES).filter(
        closed_at__lte=before, anonymised_at=None
    )
    locked = ended.select_for_update(skip_locked=True).order_by("closed_at", "pk")
    keys = list(locked.values_list("pk", flat=True)[:limit])
    due = ended.filter(pk__in=keys)
    remove_files_of(due)
    Message.objects.filter(conversation__in=due).delete()
    InternalNote.objects.filter(conversation__in=due).delete()
    TranscriptMail.objects.filter(conversation__in=due).delete()
    return due.update(
        anonymised_at=now,
        name="",
        page="",
        first_words="",
        rating_comment="",
        handled_by=None,
        returned_by=None,
        # No token has this hash; it differs for each row because the column is unique.
        token_hash=Concat(Value("removed-"), Cast("pk", CharField())),
    )


def remove_nameless_files(*, now: datetime, before: datetime, limit: int) -> int:
    """Removes files that no row names: a process was killed between the file and its row."""
    return remove_orphans(now=now)


def nameless_file_days() -> int:
    return ORPHAN_AFTER.days


def chat_days() -> int:
    """How long a chat is kept after its end: a rule of the city."""
    return ChatRules.current().retention_days


POLICIES.register(
    "chat",
    Policy(
        title=_("Chats: what was said, notes, files, names, comments, mail addresses for a copy"),
        models=(
            "chat.Conversation",
            "chat.Message",
            "chat.InternalNote",
            "chat.Attachment",
            "chat.TranscriptMail",
        ),
        ground=_(
            "To answer the question and what may follow from it: a task in the public interest "
            "(GDPR, article 6.1.e)."
        ),
        outcome=Outcome.ANONYMISE,
        days=chat_days,
        batch=anonymise_conversations,
    ),
)
POLICIES.register(
    "chat-files",
    Policy(
        title=_("Files that belong to no chat (any more)"),
        models=(),
        ground=_("One day, because a file that is being sent may still get its place in a chat."),
        outcome=Outcome.DELETE,
        days=nameless_file_days,
        batch=remove_nameless_files,
    ),
)
STANDING.register(
    "presence",
    Standing(
        title=_("Whether an employee takes chats now"),
        models=("chat.Presence",),
        ground=_("The chat is open only while somebody is there."),
        until=_("as long as the account; only the present moment is kept"),
    ),
)
STANDING.register(
    "chat-rush",
    Standing(
        title=_("When the telephone came first or the chat was closed, and by whom"),
        models=("chat.PhoneFirst", "chat.ChatStop"),
        ground=_("To measure what it did, in the evaluation of the chat."),
        until=_("as long as the chat is evaluated; names employees only"),
    ),
)
nothing_personal(
    *("chat.ChatRules", "chat.AllowedSite", "chat.ReadyAnswer", "chat.ExchangeReport"),
    because="the city wrote it, about its chat",
)
