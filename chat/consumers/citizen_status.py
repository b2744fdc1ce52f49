"""What every open widget hears beside its conversation: is the chat open, what is announced."""

from typing import Any

from django.utils import timezone

from chat import rush, status
from chat.citizen_talk import CitizenTalk
from chat.look import Look
from common.sockets import FrameSocket


class StatusSocket(FrameSocket):
    """The part of a citizen's socket that passes on `status` frames.

    A look that was read before an announcement may come after it: what has an older mark is let go.
    """

    talk: CitizenTalk

    def clear_status(self) -> None:
        """Nothing was said yet."""
        self.status: dict[str, Any] | None = None
        self.status_mark = 0

    def read_status(self) -> tuple[int, dict[str, Any]]:
        """In the database thread: the mark, and the frame in the language of the citizen."""
        now = timezone.now()
        return rush.standing(now).mark, status.recent_frame(self.talk.language)

    async def say_status(self, mark: int, frame: dict[str, Any]) -> None:
        self.status, self.status_mark = frame, mark
        await self.push(frame)

    async def chat_status(self, event: dict[str, Any]) -> None:
        frame = event["status"][self.talk.language]
        if event["mark"] >= self.status_mark and frame != self.status:
            await self.say_status(event["mark"], frame)

    async def see_status(self, look: Look) -> None:
        """What the bells did not bring. A page that has just come knows it, unless it is news."""
        frame = look.status.get(self.talk.language)
        if frame is None or look.mark < self.status_mark or frame == self.status:
            return
        is_known = self.status is None and not look.is_news
        self.status, self.status_mark = frame, look.mark
        if not is_known:
            await self.push(frame)
