"""Which ready answers and products fit what a citizen asked last.

One index over both, in the memory of the process, made of the same words, stems, synonyms and
forgiven slips as the search of the website (`city.matching`). A question in a chat is a whole
sentence, so words that only carry it are left out, and no share of them has to be found.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from chat.models import Conversation, Message, ReadyAnswer
from chat.states import Author, Kind
from city.matching import Index, Synonyms, Text, index_of, meanings_of, scores, synonyms
from city.models import Product
from city.remembered import remembered_for
from city.search import KEYWORD, SUMMARY, TEXT, TITLE, texts_of
from city.words import SAID_AROUND, STOP_WORDS, words_of

BEST = 3
KEPT_S = 10.0  # a change shows at once in its own process, and after this in the others
MAX_CHARACTERS, MAX_WORDS = 600, 40
LOOK_BACK = 12  # messages; who writes more in a row has asked before
MIN_SCORE, MIN_SHARE_OF_BEST = 9.0, 0.3

LEFT_OUT = STOP_WORDS | SAID_AROUND


@dataclass(frozen=True)
class Suggestions:
    """What fits, best first: shortcuts of answers, slugs of products, and both as one list.

    In `best` a shortcut has a slash in front. `seq` is that of the last message of the question, 0
    when the citizen asked nothing.
    """

    seq: int
    best: tuple[str, ...] = ()

    @property
    def answers(self) -> list[str]:
        return [each[1:] for each in self.best if each.startswith("/")]

    @property
    def products(self) -> list[str]:
        return [each for each in self.best if not each.startswith("/")]


@dataclass(frozen=True)
class Known:
    """All that can be suggested, in the order of the index."""

    keys: tuple[str, ...]
    index: Index
    synonyms: Synonyms


def suggestions_for(conversation: Conversation, *, on: date) -> Suggestions:
    """What fits the last question of the citizen. One query besides the remembered index."""
    seq, question = last_question(conversation)
    return Suggestions(seq, tuple(ranked(question, on=on)[:BEST]))


def last_question(conversation: Conversation) -> tuple[int, str]:
    """What the citizen wrote since the last answer, else the last before it; with its seq."""
    said = Message.objects.filter(
        conversation=conversation, kind__in=(Kind.TEXT, Kind.FILE, Kind.CARD)
    ).order_by("-seq")
    lines: list[str] = []
    seq = 0
    for message in said[:LOOK_BACK]:
        if message.author == Author.CITIZEN:
            seq = seq or message.seq
            lines.append(message.text)
        elif lines:
            break
    return seq, "\n".join(reversed(lines))[-MAX_CHARACTERS:]


def ranked(question: str, *, on: date) -> list[str]:
    """The keys of what fits, best first; nothing for a text without a subject."""
    known = _known(on)
    asked = _asked(question)
    totals: dict[int, float] = defaultdict(float)
    for word in asked:
        meanings = meanings_of(word, asked, known.synonyms)
        for position, score in scores(known.index, word, meanings).items():
            totals[position] += score
    worth_it = max(MIN_SCORE, max(totals.values(), default=0) * MIN_SHARE_OF_BEST)
    best = [position for position, score in totals.items() if score >= worth_it]
    best.sort(key=lambda position: (-totals[position], position))
    return [known.keys[position] for position in best]


def _asked(question: str) -> list[str]:
    words = dict.fromkeys(words_of(question))
    return [word for word in words if word not in LEFT_OUT][:MAX_WORDS]


@remembered_for(KEPT_S)
def _known(on: date) -> Known:
    products = Product.objects.published(on).select_related("topic")
    answers = ReadyAnswer.objects.filter(is_active=True).select_related("topic")
    texts = {product.slug: texts_of(product) for product in products}
    texts |= {f"/{answer.shortcut}": _texts_of(answer) for answer in answers}
    return Known(tuple(texts), _index(tuple(texts.values())), synonyms())


@lru_cache(maxsize=4)  # the rows are read again every two seconds, but their texts seldom change
def _index(texts: tuple[tuple[Text, ...], ...]) -> Index:
    return index_of(texts)


def _texts_of(answer: ReadyAnswer) -> tuple[Text, ...]:
    title = answer.title, TITLE * (1 + 1 / max(1, len(words_of(answer.title))))
    topic = (answer.topic.name, SUMMARY) if answer.topic else ("", SUMMARY)
    return (
        title,
        (answer.shortcut, KEYWORD),
        (answer.keywords, KEYWORD),
        (f"{answer.text} {answer.text_en}", TEXT),
        topic,
    )
