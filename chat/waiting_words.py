"""What a citizen who waits reads: the place, the range, and what may be done meanwhile."""

from collections import Counter
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chat.models import ChatRules
from chat.wait_range import Range
from chat.waiting import Place
from city import search
from city.models import Product
from city.words import asked_words

PRODUCTS = 3
TEXTS: dict[str, Promise] = {
    "stay": gettext_lazy(
        "You may close this window, you keep your place. If you leave the website, come back "
        "within %(minutes)s minutes."
    ),
    "stay_plain": gettext_lazy(
        "You keep your place if you look at this page again within %(minutes)s minutes."
    ),
    "ask": gettext_lazy("Leave your question and get the answer later"),
    "asked": gettext_lazy("Did you send your question? Then you can end this chat."),
    "products": gettext_lazy("Maybe this helps you already"),
}


def queue_frame(found: Place) -> dict[str, Any]:
    """The frame `queue`; its `sentences` say the same in words of the active language."""
    wait = found.wait
    minutes = {"from_minutes": wait.from_minutes, "to_minutes": wait.to_minutes} if wait else None
    said = sentences(found)
    return {"type": "queue", "place": found.place, "wait": minutes, "sentences": said}


def offers(question: str) -> dict[str, Any]:
    """What the first `queue` frame adds, in the active language.

    Texts (a place is kept while its citizen is in reach, as the rules say), the address of the
    contact form, and the products that match the question, best first. The question goes to the
    search as it is stored, never into an address.
    """
    minutes = {"minutes": ChatRules.current().abandon_minutes}
    return {
        "texts": {key: str(text) % minutes for key, text in TEXTS.items()},
        "ask": reverse("question-form"),
        "products": [
            {"title": str(product.local.title), "url": reverse("product", args=[product.slug])}
            for product in _matching(question)
        ],
    }


def sentences(found: Place) -> list[str]:
    """The place, then the range if one is known."""
    place = _("You are number %(place)s.") % {"place": found.place}
    return [place, _range(found.wait)] if found.wait else [place]


def _matching(question: str) -> list[Product]:
    """What the search finds. A whole sentence may ask too much of it: then word by word.

    A product counts for each word that finds it, the more the earlier it comes.
    """
    today = timezone.localdate()
    found = search.search(question, on=today, limit=PRODUCTS)
    if found:
        return found
    scores: Counter[Product] = Counter()
    for word in dict.fromkeys(asked_words(question)[: search.MAX_ASKED_WORDS]):
        for rank, product in enumerate(search.search(word, on=today, limit=PRODUCTS), start=1):
            scores[product] += 60 // rank  # a whole number for each rank
    return [product for product, _ in scores.most_common(PRODUCTS)]


def _range(wait: Range) -> str:
    minutes = {"from": wait.from_minutes, "to": wait.to_minutes}
    if wait.to_minutes is None:
        return _("The wait is longer than %(from)s minutes.") % minutes
    if not wait.from_minutes:
        return _("The wait is less than %(to)s minutes.") % minutes
    return _("The wait is about %(from)s to %(to)s minutes.") % minutes
