"""What a browser complains about: errors in the console, uncaught exceptions, a broken policy."""

import re

from playwright.sync_api import BrowserContext

LOST_CONNECTION = re.compile(
    r"WebSocket connection to .*(?:ERR_|closed before)|ERR_CONNECTION|ERR_NETWORK"
    r"|ERR_INTERNET_DISCONNECTED|ERR_EMPTY_RESPONSE|ERR_ABORTED|status of 50[023]"
)
NO_SOCKET = re.compile(r"WebSocket connection to .* failed|Unexpected response code: 403")


class Complaints:
    """Everything that was complained about and not expected."""

    def __init__(self) -> None:
        self._heard: list[str] = []
        self._expected: list[re.Pattern[str]] = []

    def listen(self, context: BrowserContext) -> None:
        context.on("console", lambda message: self._hear(message.type, message.text))
        context.on("weberror", lambda error: self._hear("exception", str(error.error)))

    def expect(self, pattern: re.Pattern[str]) -> None:
        """A test that cuts cables will hear about it."""
        self._expected.append(pattern)

    def expect_status(self, status: int) -> None:
        """A page that is asked for and answers so."""
        self.expect(re.compile(f"status of {status}"))

    @property
    def unexpected(self) -> list[str]:
        return [
            heard
            for heard in self._heard
            if not any(pattern.search(heard) for pattern in self._expected)
        ]

    def _hear(self, kind: str, text: str) -> None:
        # A page that is left while its socket opens is no fault of anybody.
        if kind in {"error", "warning", "exception"} and "closed before the" not in text:
            self._heard.append(f"{kind}: {text}")
