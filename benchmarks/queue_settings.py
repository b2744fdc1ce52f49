"""The portal's settings for `benchmarks.queue_race`: hundreds of threads share some connections."""

from hasselt_portal.settings import *  # noqa: F403
from hasselt_portal.settings import DATABASES

_options = DATABASES["default"]["OPTIONS"]
if "pool" in _options:
    _options["pool"] = {"min_size": 1, "max_size": 30, "timeout": 300}
if "timeout" in _options:
    _options["timeout"] = 300
