"""The Celery application: `celery -A hasselt_portal worker`."""

import logging
import os
from typing import Any

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hasselt_portal.settings")

app = Celery("hasselt_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect
def keep_our_logging(loglevel: int | str | None = None, **kwargs: Any) -> None:
    """The logging of settings.py holds in workers too: Celery's own handlers write error texts."""
    if loglevel:
        logging.getLogger().setLevel(loglevel)
