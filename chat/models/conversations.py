"""A chat, its numbered messages, and the files that came with them."""

import secrets
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chat.models.rules import ChatRules
from chat.states import (
    ALLOWED_MOVES,
    CONTINUABLE,
    OPEN_STATES,
    Author,
    Kind,
    Reason,
    State,
)
from common.files import private_files


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def open_now(self) -> "ConversationQuerySet":
        """What waits or runs, found by an index on both databases.

        SQLite does not see that a state given as a parameter fits the partial index of the open
        ones; that nothing closed yet it finds in the index of what is to be anonymised.
        """
        return self.filter(closed_at=None, anonymised_at=None, state__in=OPEN_STATES)

    def in_queue_order(self) -> "ConversationQuerySet":
        """First come first served, also after a return to the queue."""
        return self.order_by("queued_at", "pk")


class Conversation(models.Model):
    """One chat between a citizen and the contact centre.

    Invariants kept here: an agent owns it exactly while it is active; the token's hash names one
    conversation. `last_seq` is the number of the newest message and is moved only by
    `chat.append` and `chat.actions.log`, in the transaction that stores that message.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="conversations",
        verbose_name=_("agent"),
    )
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("last handled by"),
    )
    # Who gave it back last, and so does not get it again by itself.
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("given back by"),
    )
    topic = models.ForeignKey(
        "city.Topic", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("topic")
    )
    name = models.CharField(_("name of the citizen"), max_length=60, blank=True)
    language = models.CharField(_("language"), max_length=2, default="nl")
    page = models.CharField(_("page"), max_length=500, blank=True)
    first_words = models.CharField(_("first words"), max_length=160, blank=True)

    last_seq = models.PositiveIntegerField(default=0)
    citizen_read_seq = models.PositiveIntegerField(default=0)
    agent_read_seq = models.PositiveIntegerField(default=0)

    opened_at = models.DateTimeField(_("opened"))
    queued_at = models.DateTimeField(_("queued"))
    joined_at = models.DateTimeField(_("agent joined"), null=True, blank=True)
    owner_answered_at = models.DateTimeField(null=True, blank=True)
    first_answered_at = models.DateTimeField(_("first answer"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    close_reason = models.CharField(
        _("why it closed"), max_length=20, choices=Reason.choices, blank=True
    )

    last_author = models.CharField(max_length=8, choices=Author.choices, default=Author.CITIZEN)
    last_text_at = models.DateTimeField()
    citizen_alive_at = models.DateTimeField()
    citizen_seen_at = models.DateTimeField()
    silence_ends_at = models.DateTimeField(null=True, blank=True)
    rating = models.PositiveSmallIntegerField(_("rating"), null=True, blank=True)
    # 500 characters as typed; what is masked in them may become longer.
    rating_comment = models.TextField(_("comment with the rating"), blank=True)
    rated_at = models.DateTimeField(_("rated"), null=True, blank=True)
    anonymised_at = models.DateTimeField(_("anonymised"), null=True, blank=True)

    # Theoretical arrival time of the citizen's next message, in epoch seconds: the one number that
    # the generic cell rate algorithm needs (ITU-T I.371) to allow 20 a minute.
    citizen_tat = models.FloatField(default=0)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="active", agent__isnull=False)
                | (~Q(state="active") & Q(agent__isnull=True)),
                name="agent_exactly_while_active",
            ),
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__gte=1, rating__lte=5),
                name="rating_from_one_to_five",
            ),
            # Who comes late (continues, rates, is renamed) must not fill again what was emptied.
            models.CheckConstraint(
                condition=Q(anonymised_at__isnull=True)
                | Q(
                    state__in=("closed", "abandoned"),
                    handled_by__isnull=True,
                    returned_by__isnull=True,
                    name="",
                    page="",
                    first_words="",
                    rating_comment="",
                ),
                name="anonymised_stays_empty",
            ),
        ]
        indexes = [
            models.Index(
                fields=["queued_at"],
                condition=Q(state__in=("waiting", "active")),
                name="open_conversations",
            ),
            models.Index(fields=["agent", "state"], name="conversations_of_agent"),
            models.Index(fields=["opened_at"], name="conversation_opened_at"),
            models.Index(
                fields=["closed_at"],
                condition=Q(anonymised_at__isnull=True),
                name="conversations_to_anonymise",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.get_state_display()})"

    @property
    def number(self) -> int:
        """A short number to tell visitors apart on a screen; says nothing to outsiders."""
        return self.pk % 1000

    def can_move(self, to: State) -> bool:
        return to in ALLOWED_MOVES[State(self.state)]

    def continue_until(self, rules: ChatRules) -> datetime | None:
        """Until when the citizen may pick it up again; None when not, or while it is open."""
        if self.closed_at is None or self.close_reason not in CONTINUABLE or self.anonymised_at:
            return None
        return self.closed_at + timedelta(minutes=rules.continue_minutes)


class Message(models.Model):
    """One numbered thing in a conversation: a text, an agent who joined, the end. Never changed."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages"
    )
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.TEXT)
    author = models.CharField(max_length=8, choices=Author.choices)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # A first name, or that of a person and the department that answered.
    agent_name = models.CharField(max_length=250, blank=True)
    text = models.TextField(blank=True)
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    client_ref = models.UUIDField(null=True, blank=True)
    # Of kind `card`: {"title", "summary", "url"} as the citizen saw it.
    card = models.JSONField(null=True, blank=True)
    stored_at = models.DateTimeField()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["conversation", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "seq"], name="one_message_per_seq"),
            models.UniqueConstraint(
                fields=["conversation", "client_ref"], name="one_message_per_send"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id}:{self.seq} {self.kind}"


def random_place(attachment: "Attachment", filename: str) -> str:
    """Where the content lies in the private folder: nothing of the sender, nothing to guess."""
    name = secrets.token_hex(16)
    return f"chat/{name[:2]}/{name}"


class Attachment(models.Model):
    """A picture or PDF, the message of kind `file`; what is stored is the checked copy."""

    class MediaType(models.TextChoices):
        JPEG = "image/jpeg", "JPEG"
        PNG = "image/png", "PNG"
        WEBP = "image/webp", "WebP"
        PDF = "application/pdf", "PDF"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="attachment")
    name = models.CharField(_("name of the file"), max_length=120)
    media_type = models.CharField(max_length=20, choices=MediaType.choices)
    size_bytes = models.PositiveIntegerField()
    # Zero for a PDF.
    width_px = models.PositiveIntegerField(default=0)
    height_px = models.PositiveIntegerField(default=0)
    content = models.FileField(upload_to=random_place, storage=private_files, max_length=60)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def __str__(self) -> str:
        return f"{self.public_id} ({self.media_type})"
