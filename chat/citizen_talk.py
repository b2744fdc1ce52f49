"""What each frame of a citizen does and what answers it, whichever way it came.

The socket keeps one `CitizenTalk` for as long as it is open, the door without a socket has one for
each request. Its methods run in a thread with the database and raise RuleBroken.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import override

from chat import access, events, frames, waiting
from chat.actions import closing, conversing, rating, transcripts, writing
from chat.actions.availability import hear
from chat.append import Text
from chat.history import page_after
from chat.models import ChatRules, Conversation
from chat.states import Author, State
from chat.waiting_words import offers, queue_frame
from common import realtime
from common.errors import RuleBroken

SEEN_EVERY = timedelta(seconds=10)  # a sign of life that is younger need not be written again
Answer = dict[str, Any]


class CitizenTalk:
    """One client of a citizen and the conversation that its secret opens."""

    __slots__ = ("address", "conversation", "language", "place")

    def __init__(self, address: str) -> None:
        self.address = address
        self.conversation: Conversation | None = None
        self.language = "nl"
        self.place: waiting.Place | None = None  # in the queue, as the client was told

    def check(self, frame: Any) -> None:
        """Refuses a frame that may not come now."""
        opens = isinstance(frame, frames.Start | frames.Hello | frames.Listen)
        if opens and self.conversation:
            raise RuleBroken("already_started")
        if not opens and not self.conversation and not isinstance(frame, frames.Ping):
            raise RuleBroken("not_started")

    def speak(self, language: str, *, v: int) -> None:
        """The language that a client says first; raises RuleBroken("wrong_version")."""
        self.language = language
        if v != frames.VERSION:
            raise RuleBroken("wrong_version")

    def open(self, frame: frames.Start | frames.Hello) -> None:
        """Starts a conversation or finds the one that exists; `welcome` answers."""
        if isinstance(frame, frames.Start):
            self.language = frame.lang
        if frame.v != frames.VERSION:
            raise RuleBroken("wrong_version")
        if isinstance(frame, frames.Hello):
            self.conversation = access.of_citizen(frame.token)
        else:
            opening = self._opening(frame)
            self.conversation = conversing.open_conversation(opening=opening, now=timezone.now())
        self.language = self.conversation.language

    def welcome(self, frame: frames.Start | frames.Hello) -> Answer:
        """Opens, and says what is newer than what the client has. May be asked again when it fails.

        One visit to the database: after a deploy thousands say hello at once.
        """
        self.open(frame)
        try:
            with unless_removed():
                page = page_after(self.started(), getattr(frame, "after", 0))
        except Exception:
            self.conversation = None
            raise
        now = events.moment(timezone.now())
        return {"type": "welcome", "v": frames.VERSION, **page, "now": now}

    def queue(self, opener: frames.Start | frames.Hello, welcome: Answer) -> Answer | None:
        """Where the citizen stands, as `welcome` left it; None when the conversation does not wait.

        Who has nothing of the conversation yet hears what may be done meanwhile as well.
        """
        conversation = self.started()
        # Somebody may have taken it between the reading of it and that of its messages.
        still_waits = welcome["head"]["state"] == State.WAITING
        self.place = waiting.place_of(conversation) if still_waits else None
        if self.place is None:
            return None
        with override(self.language):
            more = {} if getattr(opener, "after", 0) else offers(conversation.first_words)
            return {**queue_frame(self.place), **more}

    def sign_of_life(self) -> None:
        """The citizen counts as seen; for a client without a socket that the lookout sees."""
        conversation, now = self.started(), timezone.now()
        if now - conversation.citizen_seen_at >= SEEN_EVERY:
            hear(agent_ids=set(), citizen_conversation_ids={conversation.pk}, now=now)

    def text(self, frame: frames.Send) -> Text:
        """The text as it will be stored, for who stores it in a way of its own."""
        return writing.citizen_text(
            conversation=self.started(),
            text=frame.text,
            client_ref=frame.ref,
            now=timezone.now(),
        )

    def typing_bell(self) -> realtime.Bell:
        """Tells the other side that the citizen types."""
        public_id = self.started().public_id
        return events.conversation_group(public_id), events.typing(public_id, Author.CITIZEN)

    def take(self, frame: Any) -> Answer | None:
        """Does what any later frame asks; returns what answers it, if anything does.

        What `extend`, `end` and `continue` change is announced to both sides as a message.
        """
        with unless_removed():
            return self._acts[type(frame)](self, frame)

    def started(self) -> Conversation:
        """The conversation; raises RuleBroken("not_started") before there is one."""
        if not self.conversation:
            raise RuleBroken("not_started")
        return self.conversation

    # --- frames ------------------------------------------------------------------------------

    def _send(self, frame: frames.Send) -> Answer:
        stored = writing.post(self.text(frame))
        return writing.acknowledgement(stored, sent=frame.text, client_ref=frame.ref)

    def _after(self, frame: frames.After) -> Answer:
        return {"type": "messages", **page_after(self.started(), frame.after)}

    def _typing(self, frame: frames.Typing) -> None:
        realtime.announce(*self.typing_bell())

    def _read(self, frame: frames.Read) -> None:
        conversing.mark_read(conversation=self.started(), reader=Author.CITIZEN, seq=frame.seq)

    def _extend(self, frame: frames.Extend) -> None:
        self._anew(closing.extend)

    def _end(self, frame: frames.End) -> None:
        self._anew(closing.end_by_citizen)

    def _continue(self, frame: frames.Continue) -> None:
        self._anew(closing.continue_conversation)

    def _rate(self, frame: frames.Rate) -> Answer:
        self._anew(rating.rate, score=frame.score, comment=frame.comment)
        head = events.head_payload(self._fresh(), ChatRules.current())
        return {"type": "rated", "head": head}

    def _mail_transcript(self, frame: frames.MailTranscript) -> Answer:
        self._anew(transcripts.ask_transcript_mail, address=frame.mail)
        return {"type": "transcript_mailed", "mail": frame.mail}

    def _ping(self, frame: frames.Ping) -> Answer:
        return {"type": "pong"}

    _acts: ClassVar[dict[type, Callable[..., Answer | None]]] = {
        frames.Send: _send,
        frames.After: _after,
        frames.Typing: _typing,
        frames.Read: _read,
        frames.Extend: _extend,
        frames.End: _end,
        frames.Continue: _continue,
        frames.Rate: _rate,
        frames.MailTranscript: _mail_transcript,
        frames.Ping: _ping,
    }

    # -----------------------------------------------------------------------------------------

    def _opening(self, frame: frames.Start) -> conversing.Opening:
        return conversing.Opening(
            token=frame.token,
            client_ref=frame.ref,
            text=frame.text,
            language=frame.lang,
            page=frame.page,
            name=frame.name,
            address=self.address,
        )

    def _anew(self, action: Callable[..., object], **asked: object) -> None:
        """Calls an action with the conversation as it is now.

        An agent may take or return it at that very moment; the citizen's wish holds all the same.
        """
        for last_try in (False, True):
            try:
                action(conversation=self._fresh(), now=timezone.now(), **asked)
                return
            except RuleBroken as error:
                if last_try or error.code != "not_allowed_now":
                    raise

    def _fresh(self) -> Conversation:
        return Conversation.objects.select_related("agent").get(pk=self.started().pk)


@contextmanager
def unless_removed() -> Iterator[None]:
    """A conversation that was removed while its page was open has no secret any more."""
    try:
        yield
    except Conversation.DoesNotExist:
        raise RuleBroken("wrong_token") from None
