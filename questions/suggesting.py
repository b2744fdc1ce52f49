"""To which department a question goes, with a reason that an agent can judge. The agent decides.

Evidence is summed word by word: words that a department is known by (its own, those of its topics
and products, with the stems, compounds, synonyms and slips of `city.matching`), and words of
questions that it answered before. Of each department the word that told most is the reason.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from math import log

from django.utils.translation import gettext as _

from city.matching import Index, Synonyms, Text, index_of, meanings_of, scores, synonyms
from city.models import Department, Product, Topic
from city.remembered import remembered_for
from city.words import SAID_AROUND, STOP_WORDS, stems, words_of
from questions.models import Escalation, Question

KEPT_S = 30.0
NAME, KEYWORDS, PRODUCT, SUMMARY = 3.0, 3.0, 2.0, 0.8  # what a word tells by where it stands
OF_TOPIC = 12.0  # a topic that was chosen is worth about two good words
PAST_WEIGHT, PAST_MOST = 2.0, 6.0
LEARNS_FROM = 3_000  # the newest questions that were answered
MAX_WORDS = 80
LEFT_OUT = STOP_WORDS | SAID_AROUND


@dataclass(frozen=True)
class Suggested:
    """A department and why, in a short sentence for the agent."""

    department: Department
    reason: str


@dataclass
class _Evidence:
    """What was found for one department."""

    total: float = 0.0
    strongest: float = 0.0
    reason: str = ""

    def add(self, score: float, reason: str) -> None:
        self.total += score
        if score > self.strongest:
            self.strongest, self.reason = score, reason


@dataclass(frozen=True)
class Past:
    """In how many questions each department met a stem. Learned from what it answered."""

    of_department: dict[int, Counter[str]] = field(default_factory=dict)
    questions: Counter[int] = field(default_factory=Counter)
    stems: Counter[str] = field(default_factory=Counter)

    def evidence(self, stem: str) -> Iterable[tuple[int, float]]:
        """How much likelier a department is when this stem is met; only what speaks for one.

        The logarithm of the ratio to all questions, with one invented question in each place, so
        that a stem that was met once convinces nobody.
        """
        if not self.stems[stem]:
            return
        everywhere = (self.stems[stem] + 1) / (self.questions.total() + 2)
        for department, met in self.of_department.items():
            if met[stem]:
                here = (met[stem] + everywhere) / (self.questions[department] + 1)
                yield department, max(0.0, log(here / everywhere))


@dataclass(frozen=True)
class _Known:
    departments: tuple[Department, ...]
    index: Index
    synonyms: Synonyms
    past: Past


def suggest(text: str, *, topic: Topic | None = None, limit: int = 3) -> list[Suggested]:
    """The departments that fit best, best first; those without a mailbox never.

    Nothing for a text without a subject and no topic.
    """
    known = _known()
    found = _found_in(text, known)
    if topic is not None and topic.department_id is not None:
        reason = _("topic “%(topic)s”") % {"topic": topic.local.name}
        found[topic.department_id].add(OF_TOPIC, reason)
    able = {department.pk: department for department in known.departments}
    best = sorted(found.items(), key=lambda each: -each[1].total)
    return [
        Suggested(able[pk], evidence.reason)
        for pk, evidence in best
        if pk in able and evidence.total > 0
    ][:limit]


def _found_in(text: str, known: _Known) -> defaultdict[int, _Evidence]:
    found: defaultdict[int, _Evidence] = defaultdict(_Evidence)
    asked = [word for word in dict.fromkeys(words_of(text)) if word not in LEFT_OUT][:MAX_WORDS]
    for word in asked:
        meanings = meanings_of(word, asked, known.synonyms)
        for position, score in scores(known.index, word, meanings).items():
            reason = _("“%(word)s” belongs to this department") % {"word": word}
            found[known.departments[position].pk].add(score, reason)
        for pk, score in _met_before(word, known.past).items():
            reason = _("earlier questions with “%(word)s” went here") % {"word": word}
            found[pk].add(min(PAST_MOST, PAST_WEIGHT * score), reason)
    return found


def _met_before(word: str, past: Past) -> dict[int, float]:
    met: dict[int, float] = {}
    for stem in stems(word):
        for pk, score in past.evidence(stem):
            met[pk] = max(score, met.get(pk, 0.0))
    return met


@remembered_for(KEPT_S)
def _known() -> _Known:
    rows = Department.objects.filter(is_active=True).exclude(email="").order_by("pk")
    departments = tuple(rows)
    topics, products = defaultdict(list), defaultdict(list)
    for topic in Topic.objects.filter(is_active=True):
        topics[topic.department_id].append(topic)
    for product in Product.objects.filter(is_published=True):
        products[product.department_id].append(product)
    texts = [_texts_of(each, topics[each.pk], products[each.pk]) for each in departments]
    return _Known(departments, _index(tuple(texts)), synonyms(), past_routing())


@lru_cache(maxsize=2)  # the rows are read again every half minute, but their words seldom change
def _index(texts: tuple[tuple[Text, ...], ...]) -> Index:
    return index_of(texts)


def _texts_of(
    department: Department, topics: list[Topic], products: list[Product]
) -> tuple[Text, ...]:
    return (
        (department.name, NAME),
        (department.keywords, KEYWORDS),
        *((topic.name, NAME) for topic in topics),
        *((f"{product.title} {product.keywords}", PRODUCT) for product in products),
        *((product.summary, SUMMARY) for product in products),
    )


def past_routing() -> Past:
    """What the newest questions that a department answered itself were made of.

    One that was returned first counts for who answered it in the end.
    """
    past = Past()
    rows = Escalation.objects.filter(
        question__outcome__in=[Question.Outcome.ANSWERED, Question.Outcome.CALLED_BACK],
        anonymised_at=None,
        department__isnull=False,
    ).order_by("-pk")
    for pk, text in rows.values_list("department_id", "text")[:LEARNS_FROM]:
        words = {word for word in words_of(text) if word not in LEFT_OUT}
        met = {stem for word in words for stem in stems(word)}
        past.questions[pk] += 1
        past.stems.update(met)
        past.of_department.setdefault(pk, Counter()).update(met)
    return past
