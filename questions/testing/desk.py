"""The page of a question as somebody at a desk uses it."""

import uuid
from typing import Any

from django.test import Client
from django.urls import reverse

from questions.models import Escalation


def page_of(escalation: Escalation) -> str:
    return reverse("question-detail", args=[escalation.question.public_id])


def send(client: Client, escalation: Escalation, do: str, **fields: Any) -> Any:
    """Sends one of the forms, from a page that shows the course as it is now."""
    escalation.refresh_from_db()
    given = {"do": do, "ref": str(uuid.uuid4()), "seen": str(escalation.last_seq), **fields}
    answer = client.post(page_of(escalation), given, follow=True)
    escalation.refresh_from_db()
    return answer
