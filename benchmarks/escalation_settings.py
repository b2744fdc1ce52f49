"""Settings for `benchmarks.escalations`: a real mail server, a worker that may be told to die."""

import os

from benchmarks.settings import *  # noqa: F403
from benchmarks.settings import CELERY_BEAT_SCHEDULE, INSTALLED_APPS

INSTALLED_APPS += ["benchmarks.deadly.Deadly"]
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = int(os.environ.get("MAIL_PORT", "25"))
EMAIL_TIMEOUT = 2

# Only what is measured; the chat has a benchmark of its own.
CELERY_BEAT_SCHEDULE = {
    name: entry for name, entry in CELERY_BEAT_SCHEDULE.items() if name.startswith("questions-")
}
_PERIODS_S = {"questions-sweep": float(os.environ.get("SWEEP_S", "20")), "questions-chase": 3.0}
for _name, _entry in CELERY_BEAT_SCHEDULE.items():
    _entry["schedule"] = _PERIODS_S[_name]
    _entry["options"] = {"expires": _PERIODS_S[_name]}
