"""A channel layer that loses half of what is sent, which the portal must bear (docs/decisions).

Subscriptions reach Redis as ever; only messages vanish. How many came and went is kept in files of
one byte each, which outlive a process that is killed and a Redis that is flushed.
"""

import os
import random
from pathlib import Path
from typing import Any

from channels_redis.pubsub import RedisPubSubChannelLayer

LOST, CARRIED = "layer-lost", "layer-carried"


class LossyLayer(RedisPubSubChannelLayer):
    """The pub/sub layer with `lost`, the share of messages that never leave."""

    def __init__(self, *, lost: float, counted_in: str, **given: Any) -> None:
        super().__init__(**given)
        self._share, self._folder = lost, Path(counted_in)
        self._chance = random.Random()

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        if self._chance.random() < self._share:
            self._count(LOST)
            return
        self._count(CARRIED)
        await self._get_layer().group_send(group, message)

    def _count(self, name: str) -> None:
        descriptor = os.open(self._folder / name, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, b".")
        finally:
            os.close(descriptor)


def counted(folder: Path, name: str) -> int:
    path = folder / name
    return path.stat().st_size if path.exists() else 0
