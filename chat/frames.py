"""Shapes of the frames that clients may send, as docs/chat-protocol.md describes them."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

VERSION = 1
MAX_WATCHED = 100  # what fits a frame
MAX_POSTED = 20

# Texts may be longer here than the rule allows, so that the rule (with its own sentence) answers.
Typed = Annotated[str, Meta(max_length=8_192)]
Seq = Annotated[int, Meta(ge=0, le=2_147_483_647)]
Slug = Annotated[str, Meta(max_length=80, pattern="^[^\\x00]*$")]
Token = Annotated[str, Meta(max_length=64)]


class Frame(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type"):
    """One JSON object from a client."""


# --- the citizen -----------------------------------------------------------------------------


class Start(Frame, tag="start"):
    v: int
    token: Token
    ref: UUID
    text: Typed
    lang: Literal["nl", "en"]
    page: Annotated[str, Meta(max_length=500)] = ""
    name: Annotated[str, Meta(max_length=60)] = ""


class Hello(Frame, tag="hello"):
    v: int
    token: Token
    after: Seq


class Listen(Frame, tag="listen"):
    v: int
    lang: Literal["nl", "en"]


class Send(Frame, tag="send"):
    ref: UUID
    text: Typed


class After(Frame, tag="after"):
    after: Seq


class Typing(Frame, tag="typing"):
    pass


class Read(Frame, tag="read"):
    seq: Seq


class Extend(Frame, tag="extend"):
    pass


class End(Frame, tag="end"):
    pass


class Continue(Frame, tag="continue"):
    pass


class Rate(Frame, tag="rate"):
    score: Annotated[int, Meta(ge=1, le=5)]
    comment: Typed = ""


class MailTranscript(Frame, tag="mail_transcript"):
    mail: Annotated[str, Meta(max_length=254)]


class Ping(Frame, tag="ping"):
    pass


CitizenFrame = (
    Start
    | Hello
    | Listen
    | Send
    | After
    | Typing
    | Read
    | Extend
    | End
    | Continue
    | Rate
    | MailTranscript
    | Ping
)


class Post(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Frames without a socket; each is decoded by itself, so that a wrong one spoils no other."""

    frames: Annotated[list[msgspec.Raw], Meta(min_length=1, max_length=MAX_POSTED)]


# --- the agent -------------------------------------------------------------------------------


class Watched(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    conversation: UUID
    after: Seq


class AgentHello(Frame, tag="hello"):
    v: int
    watch: Annotated[list[Watched], Meta(max_length=MAX_WATCHED)] = []
    lang: Literal["nl", "en"] = "nl"


class Watch(Frame, tag="watch"):
    conversation: UUID
    after: Seq


class Unwatch(Frame, tag="unwatch"):
    conversation: UUID


class Claim(Frame, tag="claim"):
    conversation: UUID


class AgentSend(Frame, tag="send"):
    conversation: UUID
    ref: UUID
    text: Typed


class AgentAfter(Frame, tag="after"):
    conversation: UUID
    after: Seq


class AgentTyping(Frame, tag="typing"):
    conversation: UUID


class AgentRead(Frame, tag="read"):
    conversation: UUID
    seq: Seq


class Return(Frame, tag="return"):
    conversation: UUID


class Close(Frame, tag="close"):
    conversation: UUID
    topic: Annotated[str, Meta(max_length=50, pattern="^[^\\x00]*$")]
    reason: Literal["", "abuse"] = ""


class Transfer(Frame, tag="transfer"):
    conversation: UUID
    to: UUID
    note: Typed = ""


class HandOver(Frame, tag="hand_over"):
    pass


class Ready(Frame, tag="ready"):
    pass


class SendCard(Frame, tag="card"):
    conversation: UUID
    ref: UUID
    product: Slug


class WriteNote(Frame, tag="note"):
    conversation: UUID
    ref: UUID
    text: Typed


class Suggest(Frame, tag="suggest"):
    conversation: UUID


class SetPresence(Frame, tag="presence"):
    state: Literal["available", "busy", "on_phone", "away"]


class PhoneFirst(Frame, tag="phone_first"):
    on: bool
    minutes: Annotated[int, Meta(ge=1, le=240)] = 60


class StopChat(Frame, tag="stop_chat"):
    text: Typed
    text_en: Typed = ""
    minutes: Annotated[int, Meta(ge=1, le=1_440)] | None = None


class ResumeChat(Frame, tag="resume_chat"):
    pass


AgentFrame = (
    AgentHello
    | Watch
    | Unwatch
    | Claim
    | AgentSend
    | AgentAfter
    | AgentTyping
    | AgentRead
    | Return
    | Close
    | Transfer
    | HandOver
    | SetPresence
    | Ready
    | SendCard
    | WriteNote
    | Suggest
    | PhoneFirst
    | StopChat
    | ResumeChat
    | Ping
)
