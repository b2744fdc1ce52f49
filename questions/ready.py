"""Ready answers for who answers a question; the rooms above have them and register them here."""

from collections.abc import Callable
from dataclasses import dataclass

from common.registry import Registry


@dataclass(frozen=True)
class ReadyText:
    """One ready answer, complete: nothing in it is still to be filled in."""

    shortcut: str
    title: str
    text: str


READY_ANSWERS: Registry[Callable[[], list[ReadyText]]] = Registry("ready answers")


def ready_texts() -> list[ReadyText]:
    """All of them, in the active language."""
    return [text for texts in READY_ANSWERS for text in texts()]
