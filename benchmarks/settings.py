"""The portal's settings with the limits of one conversation lifted: a benchmark writes faster."""

from hasselt_portal.settings import *  # noqa: F403

CHAT_MESSAGES_PER_MINUTE = 60_000_000
SOCKET_FRAMES_PER_SECOND = 1_000_000
