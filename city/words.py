"""Words of a text for searching: folded, stemmed, compared. Pure."""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

_dutch = snowballstemmer.stemmer("dutch")
_english = snowballstemmer.stemmer("english")

STOP_WORDS = frozenset(
    # Words that say nothing of the subject, among them those with which people begin a question.
    """aan al als bij dan dat de den der die dit doe doen door een en er ge geen gij graag had heb
    hebben heeft het hier hij hoe hoeveel ik in is ja je jij kan kun kunnen maar me mee met mij mijn
    moet moeten na naar nee nieuw nieuwe nodig nog nu of om ons onze ook op over te tot u uit uw van
    vanaf veel voor vraag waar waarmee wanneer was wat we wel welke wie wij wil willen word worden
    wordt zijn zo zonder
    about an and are at be can do for from get have how in is it my need new of on or our the this
    to want what when where which who will with you your""".split()  # noqa: SIM905  a list of words reads best as text
)

# What people say around their question to an employee.
SAID_AROUND = frozenset(
    """hallo hey hoi dag goeiedag goedendag goedemorgen goeiemorgen goedemiddag goeiemiddag
    goedenavond goeienavond beste mevrouw meneer alvast bedankt dank merci groeten groetjes mvg
    aub alsjeblieft alstublieft jullie iemand iets even eens graag weten zeggen zou zouden mag
    mogen moest krijg krijgen hebt gaat gaan ga doet toch al alleen allemaal allebei altijd dus
    want omdat daarvoor daar hiervoor terecht bestaat zit zijn waren was geweest werd ben bent
    echt heel erg zeer maar ofwel nooit vandaag gisteren vanochtend ander andere elke elk niet
    meer geen zelf ik we wij hun hen hem haar zij ze deze dit onder tegen tijdens tussen via
    binnen vanuit hoelang lang vanzelf help helpen persoon robot echte mensen week weken maand
    maanden jaar dagen stad gemeente doorgeven hello please thanks would could should""".split()  # noqa: SIM905  a list of words reads best as text
)


def fold(text: str) -> str:
    """Lower case without accents: "Geboorteàkte" becomes "geboorteakte"."""
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("’", "'"))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def words_of(text: str) -> list[str]:
    """The words of a text, folded, those of one letter left out; "id-kaart" is "id", "kaart"."""
    return [word for word in re.findall(r"[a-z0-9]+", fold(text)) if len(word) > 1]


def joined_words_of(text: str) -> list[str]:
    """Words with a hyphen written as one: "e-loket" is "eloket"."""
    return [word.replace("-", "") for word in re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)+", fold(text))]


def asked_words(query: str) -> list[str]:
    """The words that count in what somebody typed; all of them when only stop words are left."""
    words = list(dict.fromkeys(words_of(query)))
    return [word for word in words if word not in STOP_WORDS] or words


@lru_cache(maxsize=20_000)
def stems(word: str) -> frozenset[str]:
    """The Dutch and the English stem: the site is searched in both languages at once."""
    return frozenset([_dutch.stemWord(word), _english.stemWord(word)])


def allowed_typos(word: str) -> int:
    """How many slips are forgiven: a short word is too soon one letter from another word."""
    if len(word) < 4 or word.isdigit():
        return 0
    return 1 if len(word) < 8 else 2


def typos_between(one: str, other: str, at_most: int) -> int:
    """Letters missing, extra, wrong or swapped with their neighbour; `at_most` + 1 when more.

    Optimal string alignment distance, given up as soon as a whole row exceeds `at_most`.
    """
    if abs(len(one) - len(other)) > at_most:
        return at_most + 1
    # Only cells near the diagonal can end within the limit.
    too_many = at_most + 1
    two_above: list[int] = []
    above = [min(cell, too_many) for cell in range(len(other) + 1)]
    for i in range(1, len(one) + 1):
        row = [min(i, too_many)] + [too_many] * len(other)
        for j in range(max(1, i - at_most), min(len(other), i + at_most) + 1):
            differs = one[i - 1] != other[j - 1]
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + differs)
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                cost = min(cost, two_above[j - 2] + 1)
            row[j] = cost
        if min(row) > at_most:
            return too_many
        two_above, above = above, row
    return min(above[-1], too_many)
