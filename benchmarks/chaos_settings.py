"""Settings for a run that breaks things: the channel layer loses what it is told to."""

import os

from benchmarks.settings import *  # noqa: F403
from benchmarks.settings import CHANNEL_LAYERS, PORTAL

CHANNEL_LAYERS["default"] = {
    "BACKEND": "benchmarks.lossy.LossyLayer",
    "CONFIG": {
        **CHANNEL_LAYERS["default"]["CONFIG"],
        "lost": float(os.environ.get("LAYER_LOSES", "0.5")),
        "counted_in": str(PORTAL.var),
    },
}
