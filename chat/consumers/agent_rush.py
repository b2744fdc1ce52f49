"""What a supervisor switches for everybody: the telephone first, the chat closed for now."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from chat import access, events, frames
from chat.actions import rush
from chat.consumers.agent_screen import AgentScreen
from chat.rush import standing


class RushVerbs(AgentScreen):
    """The frames of a supervisor; each is answered by a `rush`, unless its console knows it all."""

    async def on_phone_first(self, frame: frames.PhoneFirst) -> None:
        await self.act(self._switch, frame)
        await self._answer_rush()

    async def on_stop_chat(self, frame: frames.StopChat) -> None:
        await self.act(self._stop, frame)
        await self._answer_rush()

    async def on_resume_chat(self, frame: frames.ResumeChat) -> None:
        await self.act(self._resume)
        await self._answer_rush()

    async def _answer_rush(self) -> None:
        """Also when nothing changed: whoever asked must see that it was heard."""
        self.rush = None
        await self.say_rush(*await self.act(self.read_rush))

    # --- in the database thread -----------------------------------------------------------------

    def read_rush(self) -> tuple[int, dict[str, Any]]:
        stands = standing(timezone.now())
        return stands.mark, events.rush_payload(stands)

    def _switch(self, frame: frames.PhoneFirst) -> None:
        by, now = access.require_supervisor(self.agent.pk), timezone.now()
        if frame.on:
            rush.switch_on(by=by, until=now + timedelta(minutes=frame.minutes), now=now)
        else:
            rush.switch_off(by=by, now=now)

    def _stop(self, frame: frames.StopChat) -> None:
        by, now = access.require_supervisor(self.agent.pk), timezone.now()
        until = now + timedelta(minutes=frame.minutes) if frame.minutes else None
        rush.stop_chat(by=by, text=frame.text, text_en=frame.text_en, until=until, now=now)

    def _resume(self) -> None:
        rush.resume_chat(by=access.require_supervisor(self.agent.pk), now=timezone.now())
