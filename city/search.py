"""Search over the published products, for the results page and the suggestions.

The whole catalogue is a few hundred texts, so an index in the memory of the process (remembered for
two seconds, like the hours) beats a search server and needs nothing but the database.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import log

from city.models import Product, Synonym
from city.remembered import remembered
from city.words import (
    allowed_typos,
    asked_words,
    joined_words_of,
    stems,
    typos_between,
    words_of,
)

MAX_QUERY_CHARACTERS = 100
MAX_ASKED_WORDS = 8
RESULTS, SUGGESTIONS = 20, 5

# How much a word tells by where it stands, and by how well it matches what was asked.
TITLE, KEYWORD, SUMMARY, TEXT = 8.0, 6.0, 3.0, 1.0
SAME, SAME_STEM, SYNONYM, BEGINS = 1.0, 0.9, 0.85, 0.75
INSIDE, ONE_TYPO, TWO_TYPOS = 0.5, 0.6, 0.4
SURE = BEGINS  # from here on, no typo is looked for
MIN_COVERAGE = 0.5  # at least half of the asked words must be found
MIN_SHARE_OF_BEST = 0.2  # what scores far below the best is noise
MIN_BEGIN, MIN_INSIDE, MIN_TYPED_TYPO = 3, 4, 5


@dataclass(frozen=True)
class Index:
    """For every word: how much it tells about each product, by position in `products`."""

    products: tuple[Product, ...]
    weights: dict[str, dict[int, float]]
    synonyms: dict[frozenset[str], tuple[str, ...]]


def search(query: str, *, on: date, limit: int = RESULTS) -> list[Product]:
    """The products for what somebody typed, best first; nothing for an empty query."""
    index = _index(on)
    asked = asked_words(query[:MAX_QUERY_CHARACTERS])[:MAX_ASKED_WORDS]
    scores: dict[int, float] = defaultdict(float)
    found: dict[int, int] = defaultdict(int)
    for word in asked:
        for position, score in _scores(index, word, asked).items():
            scores[position] += score
            found[position] += 1
    ranked = {
        position: score * (found[position] / len(asked)) ** 2
        for position, score in scores.items()
        if found[position] / len(asked) >= MIN_COVERAGE
    }
    worth_it = max(ranked.values(), default=0) * MIN_SHARE_OF_BEST
    best = sorted(
        (position for position, score in ranked.items() if score >= worth_it),
        key=lambda position: (-ranked[position], position),
    )
    return [index.products[position] for position in best[:limit]]


def suggest(query: str, *, on: date) -> list[Product]:
    """The few products to show while somebody types, from two letters on."""
    return search(query, on=on, limit=SUGGESTIONS) if len(query.strip()) > 1 else []


@remembered
def _index(on: date) -> Index:
    products = tuple(Product.objects.published(on).select_related("topic"))
    texts = tuple(tuple(_texts(product)) for product in products)
    return Index(products, _weights(texts), _synonyms())


@lru_cache(maxsize=4)  # the rows are read again every two seconds, but their texts seldom change
def _weights(texts: tuple[tuple[tuple[str, float], ...], ...]) -> dict[str, dict[int, float]]:
    weights: dict[str, dict[int, float]] = defaultdict(dict)
    for position, of_product in enumerate(texts):
        for text, weight in of_product:
            for word in (*words_of(text), *joined_words_of(text)):
                weights[word][position] = max(weight, weights[word].get(position, 0))
    return dict(weights)


def _texts(product: Product) -> Iterable[tuple[str, float]]:
    for title in (product.title, product.title_en, product.short_title, product.short_title_en):
        # In "Reispas" the word is the whole subject, in a title of eight words it may be a detail.
        yield title, TITLE * (1 + 1 / max(1, len(words_of(title))))
    yield product.keywords, KEYWORD
    yield f"{product.summary} {product.summary_en}", SUMMARY
    yield f"{product.body} {product.body_en} {product.how_today} {product.how_today_en}", TEXT
    if product.topic:
        yield f"{product.topic.name} {product.topic.name_en}", SUMMARY


def _synonyms() -> dict[frozenset[str], tuple[str, ...]]:
    """By the words of what is typed ("id kaart" is two), the words to look for as well."""
    synonyms: dict[frozenset[str], tuple[str, ...]] = {}
    for word, means in Synonym.objects.values_list("word", "means"):
        key = frozenset(words_of(word))
        synonyms[key] = (*synonyms.get(key, ()), *words_of(means))
    return synonyms


def _scores(index: Index, asked: str, all_asked: list[str]) -> dict[int, float]:
    """What each product scores for one asked word: its best matching word counts."""
    matches = {word: _likeness(asked, word) for word in index.weights}
    for meaning in _meanings(index, asked, all_asked):
        for word in index.weights:
            if stems(word) & stems(meaning):
                matches[word] = max(matches[word], SYNONYM)
    if max(matches.values(), default=0) < SURE:
        for word in index.weights:
            matches[word] = max(matches[word], _typo_likeness(asked, word))
    scores: dict[int, float] = {}
    for word, likeness in matches.items():
        if likeness:
            for position, weight in index.weights[word].items():
                scores[position] = max(likeness * weight, scores.get(position, 0))
    # A word that few products have tells more than one that stands in all.
    rarity = 1 + log(len(index.products) / len(scores)) if scores else 0.0
    return {position: score * rarity for position, score in scores.items()}


def _meanings(index: Index, asked: str, all_asked: list[str]) -> set[str]:
    known = frozenset(all_asked)
    return {
        meaning
        for key, meanings in index.synonyms.items()
        if asked in key and key <= known
        for meaning in meanings
    }


def _likeness(asked: str, word: str) -> float:
    if asked == word:
        return SAME
    if stems(asked) & stems(word):
        return SAME_STEM
    if len(asked) >= MIN_BEGIN and word.startswith(asked):
        return BEGINS
    # Dutch writes compounds as one word: "kaart" is inside "identiteitskaart", and the other way.
    if len(asked) >= MIN_INSIDE and asked in word:
        return INSIDE
    if len(word) > MIN_INSIDE and (asked.startswith(word) or asked.endswith(word)):
        return INSIDE
    return 0.0


def _typo_likeness(asked: str, word: str) -> float:
    allowed = allowed_typos(asked)
    if not allowed or asked[0] != word[0] != asked[1]:
        return 0.0
    typos = typos_between(asked, word, allowed)
    if typos > allowed and len(word) > len(asked) >= MIN_TYPED_TYPO:
        # Half a word with a slip, while somebody still types it.
        typos = typos_between(asked, word[: len(asked)], 1) + (allowed > 1)
    return (SAME, ONE_TYPO, TWO_TYPOS)[typos] if typos <= allowed else 0.0
