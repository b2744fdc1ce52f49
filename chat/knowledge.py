"""What the console knows by heart: the ready answers and the catalogue, in both languages.

Fetched once and asked again with its ETag; the texts are filled in here for the agent who asks.
"""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from accounts.access import CHAT_ROLES, staff_door
from accounts.models import User
from chat.actions.cards import card_of
from chat.models import ReadyAnswer
from chat.ready_answers import LANGUAGES, OF_CITIZEN, Asker, filled, unknown_in, values_for
from city.models import Product
from common.etag import unless_known

Values = dict[str, dict[str, str]]


@staff_door(*CHAT_ROLES)
@gzip_page
@require_safe
def knowledge(request: HttpRequest) -> HttpResponse:
    """`{"answers": […], "products": […]}` as docs/chat-protocol.md describes; 304 by its ETag."""
    agent = request.user
    assert isinstance(agent, User)
    origin = f"{request.scheme}://{request.get_host()}"
    products = list(Product.objects.published(timezone.localdate()).select_related("topic"))
    asker = Asker(agent_name=agent.first_name, origin=origin, now=timezone.now())
    values = values_for(asker, products)
    answers = ReadyAnswer.objects.filter(is_active=True).select_related("topic")
    known = {
        "answers": [_answer(answer, values) for answer in answers],
        "products": [_product(product, origin) for product in products],
    }
    return unless_known(request, JsonResponse(known))


def _answer(answer: ReadyAnswer, values: Values) -> dict[str, Any]:
    texts = {
        language: filled(text, values[language])
        for language, text in zip(LANGUAGES, (answer.text, answer.text_en), strict=True)
    }
    texts["en"] = texts["en"] or texts["nl"]
    return {
        "shortcut": answer.shortcut,
        "title": answer.title,
        "keywords": answer.keywords,
        "topic": answer.topic.slug if answer.topic else "",
        "holding": answer.is_holding,
        "text": texts,
        "unknown": _left(texts.values()),
    }


def _left(texts: Iterable[str]) -> list[str]:
    """What still stands in braces and nobody fills in."""
    # What was a product is filled in; one that is left has no page (any more).
    return [name for name in unknown_in(*texts, slugs=()) if name != OF_CITIZEN]


def _product(product: Product, origin: str) -> dict[str, Any]:
    cards = {lang: card_of(product, language=lang, origin=origin) for lang in LANGUAGES}
    return {
        "slug": product.slug,
        "short": {lang: _short_title(product, lang) for lang in LANGUAGES},
        "topic": product.topic.slug if product.topic else "",
        "keywords": product.keywords,
        "card": cards,
    }


def _short_title(product: Product, language: str) -> str:
    with override(language):
        return str(product.link_text)
