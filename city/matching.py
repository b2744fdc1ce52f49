"""How well a word that somebody typed matches the words of some texts, and what that tells.

Made for a few hundred texts in the memory of a process: a word is looked up in prepared tables, and
what was found for it is remembered as long as the texts stay the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import log

from city.models import Synonym
from city.words import allowed_typos, joined_words_of, stems, typos_between, words_of

# How well a word matches another.
SAME, SAME_STEM, SYNONYM, BEGINS = 1.0, 0.9, 0.85, 0.75
INSIDE, ONE_TYPO, TWO_TYPOS = 0.5, 0.6, 0.4
SURE = BEGINS  # from here on, no typo is looked for
MIN_BEGIN, MIN_INSIDE, MIN_TYPED_TYPO = 3, 4, 5
MAX_REMEMBERED = 5_000

Text = tuple[str, float]  # and how much a word tells by where it stands
Synonyms = dict[frozenset[str], tuple[str, ...]]


class Vocabulary:
    """The words of some texts, ready to be compared with what somebody typed."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._text = "\n" + "\n".join(sorted(self._words)) + "\n"
        self._of_stem: dict[str, list[str]] = defaultdict(list)
        self._by_letter: dict[str, list[str]] = defaultdict(list)
        self._known: dict[str, dict[str, float]] = {}
        self._slips: dict[str, dict[str, float]] = {}
        for word in self._words:
            for stem in stems(word):
                self._of_stem[stem].append(word)
            # The first two letters may be swapped, so a word stands under both.
            for letter in set(word[:2]):
                self._by_letter[letter].append(word)

    def like(self, asked: str) -> dict[str, float]:
        """The words that match as they are: the same, its stem, a beginning or a part."""
        if asked not in self._known:
            _make_room(self._known)
            self._known[asked] = self._like(asked)
        return self._known[asked]

    def almost(self, asked: str) -> dict[str, float]:
        """The words that match when a slip is forgiven."""
        if asked not in self._slips:
            _make_room(self._slips)
            near = ((word, _typo_likeness(asked, word)) for word in self._by_letter[asked[0]])
            self._slips[asked] = {word: likeness for word, likeness in near if likeness}
        return self._slips[asked]

    def of_meaning(self, meaning: str) -> set[str]:
        """The words with a stem of `meaning`."""
        return {word for stem in stems(meaning) for word in self._of_stem.get(stem, ())}

    def _like(self, asked: str) -> dict[str, float]:
        # Dutch joins words: "kaart" is inside "identiteitskaart", and the other way.
        found = dict.fromkeys(self._known_parts_of(asked), INSIDE)
        if len(asked) >= MIN_BEGIN:
            for word in self._containing(asked):
                if word.startswith(asked):
                    found[word] = BEGINS
                elif len(asked) >= MIN_INSIDE:
                    found[word] = INSIDE
        for word in self.of_meaning(asked):
            found[word] = SAME if word == asked else SAME_STEM
        return found

    def _known_parts_of(self, asked: str) -> Iterator[str]:
        """The words that `asked` begins or ends with."""
        for size in range(MIN_INSIDE + 1, len(asked)):
            for part in (asked[:size], asked[-size:]):
                if part in self._words:
                    yield part

    def _containing(self, asked: str) -> Iterator[str]:
        """The words with `asked` in them, found in one long text: a hundred times as quick."""
        at = self._text.find(asked)
        while at >= 0:
            begin, end = self._text.rfind("\n", 0, at) + 1, self._text.find("\n", at)
            yield self._text[begin:end]
            at = self._text.find(asked, end)


@dataclass(frozen=True)
class Index:
    """For every word: how much it tells about each text, by the position of the text."""

    weights: dict[str, dict[int, float]]
    count: int
    vocabulary: Vocabulary = field(repr=False)


def index_of(texts: Sequence[Sequence[Text]]) -> Index:
    """The index of texts, each in pieces with their weight; of a word its best place counts."""
    weights: dict[str, dict[int, float]] = defaultdict(dict)
    for position, pieces in enumerate(texts):
        for text, weight in pieces:
            for word in (*words_of(text), *joined_words_of(text)):
                weights[word][position] = max(weight, weights[word].get(position, 0))
    return Index(dict(weights), len(texts), Vocabulary(weights))


def synonyms() -> Synonyms:
    """By the words of what is typed ("id kaart" is two), the words to look for as well."""
    found: Synonyms = {}
    for word, means in Synonym.objects.values_list("word", "means"):
        key = frozenset(words_of(word))
        found[key] = (*found.get(key, ()), *words_of(means))
    return found


def scores(index: Index, asked: str, meanings: Iterable[str] = ()) -> dict[int, float]:
    """What each text scores for one asked word: its best matching word counts."""
    matches = dict(index.vocabulary.like(asked))
    for meaning in meanings:
        for word in index.vocabulary.of_meaning(meaning):
            matches[word] = max(matches.get(word, 0), SYNONYM)
    if max(matches.values(), default=0) < SURE:
        for word, likeness in index.vocabulary.almost(asked).items():
            matches[word] = max(matches.get(word, 0), likeness)
    found: dict[int, float] = {}
    for word, likeness in matches.items():
        for position, weight in index.weights[word].items():
            found[position] = max(likeness * weight, found.get(position, 0))
    # A word that few texts have tells more than one that stands in all.
    rarity = 1 + log(index.count / len(found)) if found else 0.0
    return {position: score * rarity for position, score in found.items()}


def meanings_of(asked: str, all_asked: Iterable[str], known: Synonyms) -> set[str]:
    """The synonyms of a word; those of two words count when both were asked."""
    everything = frozenset(all_asked)
    return {
        meaning
        for key, meanings in known.items()
        if asked in key and key <= everything
        for meaning in meanings
    }


def _typo_likeness(asked: str, word: str) -> float:
    allowed = allowed_typos(asked)
    if not allowed or asked[0] != word[0] != asked[1]:
        return 0.0
    typos = typos_between(asked, word, allowed)
    if typos > allowed and len(word) > len(asked) >= MIN_TYPED_TYPO:
        # Half a word with a slip, while somebody still types it.
        typos = typos_between(asked, word[: len(asked)], 1) + (allowed > 1)
    return (SAME, ONE_TYPO, TWO_TYPOS)[typos] if typos <= allowed else 0.0


def _make_room(remembered: dict[str, dict[str, float]]) -> None:
    if len(remembered) >= MAX_REMEMBERED:
        remembered.clear()
