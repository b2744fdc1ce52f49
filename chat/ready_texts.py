"""The ready answers of the chat for who answers a question that was passed on."""

import re

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from chat.models import ReadyAnswer
from chat.ready_answers import LANGUAGES, OF_CITIZEN, PRODUCT, Asker, filled, unknown_in, values_for
from city.models import Product
from questions.ready import ReadyText

_NAME = rf"\{{(?:{OF_CITIZEN}|medewerker)\}}"
# With the space before it: "Dag {naam}," becomes "Dag,"; at the very beginning with what follows.
_NAMELESS = re.compile(rf"\A{_NAME},?\s?|\s?{_NAME}")


def ready_texts() -> list[ReadyText]:
    """In the active language, filled in. What depends on one conversation is left out; an answer
    in which something unknown stands is not offered."""
    language = "en" if get_language() == "en" else LANGUAGES[0]
    asker = Asker(agent_name="", origin=settings.PORTAL_URL, now=timezone.now())
    answers = list(ReadyAnswer.objects.filter(is_active=True, is_holding=False))
    named = any(PRODUCT in answer.text + answer.text_en for answer in answers)
    products = Product.objects.published(timezone.localdate()) if named else Product.objects.none()
    values = values_for(asker, products)[language]
    values.pop("medewerker")
    texts = [(answer, _nameless(_in(answer, language), values)) for answer in answers]
    return [
        ReadyText(shortcut=answer.shortcut, title=answer.title, text=text)
        for answer, text in texts
        if not unknown_in(text, slugs=())
    ]


def _in(answer: ReadyAnswer, language: str) -> str:
    return (answer.text_en or answer.text) if language == "en" else answer.text


def _nameless(text: str, values: dict[str, str]) -> str:
    return filled(_NAMELESS.sub("", text), values)
