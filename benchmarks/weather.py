"""What happens to frames on a bad network: they get lost, come twice, or overtake each other."""

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Weather:
    """Shares of the frames of one direction, and the mean life of a connection in seconds."""

    lost: float = 0.0
    repeated: float = 0.0
    late: float = 0.0  # overtaken by those that come after it
    late_s: float = 0.3
    cut_after_s: float | None = None  # mean; None never cuts

    def fate(self, chance: random.Random) -> tuple[float, ...]:
        """The delays in seconds after which a frame arrives; empty when it never does."""
        drawn = chance.random()
        if drawn < self.lost:
            return ()
        if drawn < self.lost + self.repeated:
            return (0.0, chance.random() * self.late_s)
        if drawn < self.lost + self.repeated + self.late:
            return (chance.random() * self.late_s,)
        return (0.0,)


CALM = Weather()
