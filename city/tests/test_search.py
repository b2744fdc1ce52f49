"""What people type and what they should find, over the demo catalogue."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from city import demo, words
from city.models import Product, Synonym
from city.search import search, suggest

TODAY = timezone.localdate()

# The words as typed, and the product that must come first.
FIRST = [
    ("reispas", "reispas"),
    ("paspoort", "reispas"),
    ("reispsa", "reispas"),
    ("pasport", "reispas"),
    ("ik wil een nieuwe reispas", "reispas"),
    ("passport", "reispas"),
    ("rijbewijs", "rijbewijs"),
    ("rijbewjs", "rijbewijs"),
    ("auto", "rijbewijs"),
    ("driving licence", "rijbewijs"),
    ("internationaal rijbewijs", "internationaal-rijbewijs"),
    ("leren rijden", "voorlopig-rijbewijs"),
    ("identiteitskaart", "identiteitskaart"),
    ("identitietskaart", "identiteitskaart"),
    ("id-kaart", "identiteitskaart"),
    ("eid", "identiteitskaart"),
    ("Kids-ID", "kids-id"),
    ("kids id", "kids-id"),
    ("kinderpas", "kids-id"),
    ("id-kaart verloren", "verlies-eid"),
    ("portefeuille gestolen", "verlies-eid"),
    ("gezinssamenstelling", "gezinssamenstelling"),
    ("gezinsamenstelling", "gezinssamenstelling"),
    ("samenstelling van gezin", "gezinssamenstelling"),
    ("bewijs van goed gedrag en zeden", "uittreksel-strafregister"),
    ("strafblad", "uittreksel-strafregister"),
    ("criminal record", "uittreksel-strafregister"),
    ("verhuizen", "verhuizen"),
    ("VERHUIZEN", "verhuizen"),
    ("adres veranderen", "adreswijziging"),
    ("verhuislift", "parkeerverbod"),
    ("parkeerverbot", "parkeerverbod"),
    ("trouwen", "huwelijk"),
    ("huwlijk", "huwelijk"),
    ("baby", "geboorteaangifte"),
    ("begrafenis", "overlijden"),
    ("handtekening", "legalisatie"),
    ("put in de weg", "melding-doen"),
    ("kapotte lamp", "melding-doen"),
    ("containerpark", "huisvuil-en-recyclagepark"),
    ("afval", "huisvuil-en-recyclagepark"),
    ("premie dak", "huurpremie"),
    ("toestemming reizen kind", "reistoelating-kind"),
    ("afspraak", "afspraak-maken"),
]


@pytest.fixture
def catalogue(db):
    demo.load()


def found(query: str) -> list[str]:
    return [product.slug for product in search(query, on=TODAY)]


def test_people_find_what_they_come_for(catalogue):
    wrong = {query: found(query)[:3] for query, slug in FIRST if found(query)[:1] != [slug]}
    assert wrong == {}


@pytest.mark.parametrize("query", ["", "   ", "!?", "xyzzy", "\u202e", "a", "0123456789" * 10])
def test_nothing_is_found_for_nothing(catalogue, query):
    assert found(query) == []


def test_half_a_word_already_suggests(catalogue):
    for typed, slug in (
        ("rijb", "rijbewijs"),
        ("gezinss", "gezinssamenstelling"),
        ("kids", "kids-id"),
    ):
        assert slug in [product.slug for product in suggest(typed, on=TODAY)]


def test_half_a_word_with_a_slip_suggests_too(catalogue):
    assert "gezinssamenstelling" in [each.slug for each in suggest("gezinsasm", on=TODAY)]


def test_five_suggestions_at_most_and_none_for_one_letter(catalogue):
    assert len(suggest("attest", on=TODAY)) == 5
    assert suggest("a", on=TODAY) == []


def test_a_part_of_a_compound_finds_the_whole(catalogue):
    assert "identiteitskaart" in found("kaart")


def test_accents_do_not_matter(catalogue):
    assert found("Gezínssamenstélling")[0] == "gezinssamenstelling"


def test_most_of_the_words_must_fit(catalogue):
    assert found("reispas kwantummechanica bosuil") == []


def test_what_is_not_published_is_not_found(catalogue):
    Product.objects.filter(slug="reispas").update(available_from=TODAY + timedelta(days=1))
    assert "reispas" not in found("reispas")
    later = [each.slug for each in search("reispas", on=TODAY + timedelta(days=1))]
    assert later[0] == "reispas"


def test_the_city_adds_a_synonym(catalogue):
    assert found("toverstaf") == []
    Synonym.objects.create(word="toverstaf", means="huwelijk")
    assert found("toverstaf")[0] == "huwelijk"


def test_an_empty_catalogue_finds_nothing(db):
    assert search("reispas", on=date(2026, 6, 30)) == []


def test_two_queries_for_the_whole_index(catalogue, django_assert_num_queries):
    with django_assert_num_queries(2):
        search("reispas", on=TODAY)


@pytest.mark.parametrize(
    ("one", "other", "typos"),
    [
        ("reispas", "reispas", 0),
        ("reispsa", "reispas", 1),
        ("reispa", "reispas", 1),
        ("reisspas", "reispas", 1),
        ("reizpas", "reispas", 1),
        ("rijbewjis", "rijbewijs", 1),
        ("huwlijk", "huwelijk", 1),
        ("gzinsamenstelling", "gezinssamenstelling", 2),
        ("kat", "identiteitskaart", 3),
        ("", "ab", 2),
    ],
)
def test_counting_typos(one, other, typos):
    assert words.typos_between(one, other, 2) == typos
    assert words.typos_between(other, one, 2) == typos


def test_short_words_and_numbers_forgive_nothing():
    assert [words.allowed_typos(word) for word in ("pas", "kaart", "rijbewijs", "2026")] == [
        0,
        1,
        2,
        0,
    ]


def test_the_words_that_count():
    assert words.asked_words("Hoe vraag ik een nieuwe e-ID aan?") == ["id"]
    assert words.asked_words("wat is het") == ["wat", "is", "het"]
    assert words.joined_words_of("e-ID en id-kaart") == ["eid", "idkaart"]
