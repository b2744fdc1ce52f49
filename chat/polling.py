"""Frames without a socket, `POST /chat/frames.json`: for citizens whose network blocks WebSockets.

The same frames do the same as on the socket and get the same answers, except that nobody can be
told later: what changed since the last request comes with the welcome of the next one.
"""

import contextlib
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from chat import access, frames, rush, status
from chat.citizen_talk import Answer, CitizenTalk
from chat.doors import STATUS, private
from chat.origins import may_carry
from chat.sentences import error_frame
from chat.states import OPEN_STATES
from common.errors import RuleBroken
from common.sockets import MAX_FRAME_BYTES, log_failure
from common.throttle import keep_pace, request_address

MAX_BYTES = 64 * 1024
AGAIN_IN_S = 2
POSTS_PER_MINUTE = 120  # two tabs that ask each 2 s, and what their citizen writes
HISTORIES_PER_MINUTE = 60
# A text is searched for numbers before the rule of twenty a minute sees it; half are repetitions.
TEXTS_PER_MINUTE = 40
OPENERS = (frames.Start, frames.Hello)
CHANGES = (frames.Extend, frames.End, frames.Continue)
_post = msgspec.json.Decoder(frames.Post)
_frame = msgspec.json.Decoder(frames.CitizenFrame)
_encode = msgspec.json.Encoder().encode


# Exempt from CSRF: no cookie is looked at; who posts knows the secret of the conversation.
@csrf_exempt
@require_POST
def post_frames(request: HttpRequest) -> HttpResponse:
    """Takes the frames one after the other and answers all of them at once."""
    try:
        if not may_carry(request):
            raise RuleBroken("wrong_origin")
        raws = _frames_in(request)
        first = _decoded(raws[0])
        if not isinstance(first, OPENERS):
            raise RuleBroken("not_started")
        visit = Visit(first, request_address(request.META))
    except RuleBroken as error:
        return _refused(error)
    return _answered({"frames": visit.answers_to(raws), "again_in_s": visit.again_in_s})


class Visit:
    """One request: the frames of a client from its opener to the last."""

    def __init__(self, opener: frames.Start | frames.Hello, address: str) -> None:
        self.talk = CitizenTalk(address)
        self.opener = opener
        self.seq = getattr(opener, "after", 0)  # how far the client knows the conversation
        self.head: dict[str, Any] = {}
        self.again_in_s = 0
        self._keep_pace("poll", POSTS_PER_MINUTE)

    def answers_to(self, raws: list[msgspec.Raw]) -> list[Answer]:
        """In the order of the frames. What comes after a refused opener is not looked at."""
        answers = self._tried(raws[0])
        if answers[0]["type"] == "welcome":
            answers += [answer for raw in raws[1:] for answer in self._tried(raw)]
            answers += self._news()
        if self.head.get("state") in OPEN_STATES or answers[0].get("code") == "failed":
            self.again_in_s = AGAIN_IN_S
        return answers

    def _tried(self, raw: msgspec.Raw) -> list[Answer]:
        frame = None
        try:
            frame = _decoded(raw)
            self.talk.check(frame)
            answers = self._answers(frame)
        except RuleBroken as error:
            answers = [self._error(error, frame)]
        except Exception as error:
            log_failure(f"posted frame {type(frame).__name__}", error)
            answers = [self._error(RuleBroken("failed"), frame)]
        for answer in answers:
            self._note(answer)
        return answers

    def _answers(self, frame: Any) -> list[Answer]:
        if isinstance(frame, OPENERS):
            welcome = self.talk.welcome(frame)
            self.talk.sign_of_life()
            queue = self.talk.queue(frame, welcome)
            return [welcome, queue] if queue else [welcome]
        if isinstance(frame, frames.After):
            self._keep_pace("poll-history", HISTORIES_PER_MINUTE)
        if isinstance(frame, frames.Send):
            self._keep_pace("poll-text", TEXTS_PER_MINUTE)
        answer = self.talk.take(frame)
        if isinstance(frame, CHANGES):
            # On a socket the change is announced.
            answer = self.talk.take(frames.After(self.seq))
        return [answer] if answer else []

    def _news(self) -> list[Answer]:
        """What a socket would have been told of the chat itself, while it is new."""
        if not rush.standing(timezone.now()).is_news:
            return []
        return [status.recent_frame(self.talk.language)]

    def _note(self, answer: Answer) -> None:
        self.head = answer.get("head", self.head)
        for message in answer.get("messages", []):
            self.seq = max(self.seq, message["seq"])

    def _error(self, error: RuleBroken, frame: Any) -> Answer:
        ref = getattr(frame, "ref", None)
        return error_frame(error, self.talk.language, ref=str(ref) if ref else None)

    def _keep_pace(self, door: str, per_minute: int) -> None:
        who = self.talk.address
        with contextlib.suppress(RuleBroken):  # not even a token: the opener will be refused
            who = access.hashed(self.opener.token)
        keep_pace(door, who=who, address=self.talk.address, per_minute=per_minute)


def _frames_in(request: HttpRequest) -> list[msgspec.Raw]:
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES:
            raise RuleBroken("frame_too_big")
        body = request.read(MAX_BYTES + 1)
        if len(body) > MAX_BYTES:
            raise RuleBroken("frame_too_big")
        return _post.decode(body).frames
    except (ValueError, UnreadablePostError, RecursionError):
        raise RuleBroken("bad_frame") from None


def _decoded(raw: msgspec.Raw) -> Any:
    if len(memoryview(raw)) > MAX_FRAME_BYTES:
        raise RuleBroken("frame_too_big")
    try:
        return _frame.decode(raw)
    except (ValueError, RecursionError):
        raise RuleBroken("bad_frame") from None


def _refused(error: RuleBroken) -> HttpResponse:
    response = _answered({"frames": [error_frame(error, "nl")]}, STATUS.get(error.code, 400))
    if "retry_after_s" in error.params:
        response["Retry-After"] = str(error.params["retry_after_s"])
    return response


def _answered(answer: dict[str, Any], status: int = 200) -> HttpResponse:
    return private(HttpResponse(_encode(answer), content_type="application/json", status=status))
