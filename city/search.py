"""Search over the published products, for the results page and the suggestions.

The whole catalogue is a few hundred texts, so an index in the memory of the process (remembered for
two seconds, like the hours) beats a search server and needs nothing but the database.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from city.matching import Index, Synonyms, Text, index_of, meanings_of, scores, synonyms
from city.models import Product
from city.remembered import remembered
from city.words import asked_words, words_of

MAX_QUERY_CHARACTERS = 100
MAX_ASKED_WORDS = 8
RESULTS, SUGGESTIONS = 20, 5

# How much a word tells by where it stands.
TITLE, KEYWORD, SUMMARY, TEXT = 8.0, 6.0, 3.0, 1.0
MIN_COVERAGE = 0.5  # at least half of the asked words must be found
MIN_SHARE_OF_BEST = 0.2  # what scores far below the best is noise


@dataclass(frozen=True)
class Catalogue:
    """The products that can be found, in the order of the index."""

    products: tuple[Product, ...]
    index: Index
    synonyms: Synonyms


def search(query: str, *, on: date, limit: int = RESULTS) -> list[Product]:
    """The products for what somebody typed, best first; nothing for an empty query."""
    catalogue = _catalogue(on)
    asked = asked_words(query[:MAX_QUERY_CHARACTERS])[:MAX_ASKED_WORDS]
    totals: dict[int, float] = defaultdict(float)
    found: dict[int, int] = defaultdict(int)
    for word in asked:
        meanings = meanings_of(word, asked, catalogue.synonyms)
        for position, score in scores(catalogue.index, word, meanings).items():
            totals[position] += score
            found[position] += 1
    ranked = {
        position: score * (found[position] / len(asked)) ** 2
        for position, score in totals.items()
        if found[position] / len(asked) >= MIN_COVERAGE
    }
    worth_it = max(ranked.values(), default=0) * MIN_SHARE_OF_BEST
    best = sorted(
        (position for position, score in ranked.items() if score >= worth_it),
        key=lambda position: (-ranked[position], position),
    )
    return [catalogue.products[position] for position in best[:limit]]


def suggest(query: str, *, on: date) -> list[Product]:
    """The few products to show while somebody types, from two letters on."""
    return search(query, on=on, limit=SUGGESTIONS) if len(query.strip()) > 1 else []


@remembered
def _catalogue(on: date) -> Catalogue:
    products = tuple(Product.objects.published(on).select_related("topic"))
    return Catalogue(products, _index(tuple(texts_of(each) for each in products)), synonyms())


@lru_cache(maxsize=4)  # the rows are read again every two seconds, but their texts seldom change
def _index(texts: tuple[tuple[Text, ...], ...]) -> Index:
    return index_of(texts)


def texts_of(product: Product) -> tuple[Text, ...]:
    """The texts by which a product is found, each with its weight; needs `topic` joined in."""
    return tuple(_texts(product))


def _texts(product: Product) -> Iterable[Text]:
    for title in (product.title, product.title_en, product.short_title, product.short_title_en):
        # In "Reispas" the word is the whole subject, in a title of eight words it may be a detail.
        yield title, TITLE * (1 + 1 / max(1, len(words_of(title))))
    yield product.keywords, KEYWORD
    yield f"{product.summary} {product.summary_en}", SUMMARY
    yield f"{product.body} {product.body_en} {product.how_today} {product.how_today_en}", TEXT
    if product.topic:
        yield f"{product.topic.name} {product.topic.name_en}", SUMMARY
