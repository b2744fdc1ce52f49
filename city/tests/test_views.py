"""Every page of the city by its door: works, wrong method, stranger, malformed; no cookie, ever."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from city import demo
from city.models import Announcement, ClosingDay, OpeningSchedule, Product

PAGES = [
    "/",
    "/zoeken/",
    "/zoeken/?q=reispas",
    "/producten/",
    "/producten/reispas/",
    "/contact/",
    "/openingsuren/",
    "/privacy/",
    "/toegankelijkheid/",
]
SUGGESTIONS = "/zoeken/suggesties.json"
BOTH_LANGUAGES = [*PAGES, *(f"/en{page}" for page in PAGES)]
# Contact data and announcements are in every page; the rest is what the page itself shows.
MOST_QUERIES = {"/": 6, "/openingsuren/": 12, "/contact/": 13}
pytestmark = pytest.mark.django_db


@pytest.fixture
def content(db):
    demo.load()


@pytest.mark.parametrize("address", BOTH_LANGUAGES)
def test_a_page_is_the_same_for_everybody_and_may_be_kept(citizen, content, address):
    response = citizen.get(address)
    assert response.status_code == 200
    assert response.cookies == {}
    assert response["Cache-Control"] == "public, max-age=30"
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("address", BOTH_LANGUAGES)
def test_a_page_works_for_a_city_without_content(citizen, address):
    expected = 404 if "reispas/" in address else 200
    assert citizen.get(address).status_code == expected


@pytest.mark.parametrize("address", [*PAGES, SUGGESTIONS])
def test_a_page_is_only_read(citizen, content, address):
    assert citizen.head(address).status_code == 200
    for method in (citizen.post, citizen.put, citizen.delete, citizen.patch):
        assert method(address).status_code == 405


@pytest.mark.parametrize("address", PAGES)
def test_somebody_with_a_login_sees_the_same_page(citizen, stranger_client, content, address):
    page = stranger_client.get(address)
    assert page.content == citizen.get(address).content
    assert page["Cache-Control"] == "public, max-age=30"
    assert page.cookies == {}


@pytest.mark.parametrize("address", PAGES)
def test_a_page_costs_few_queries(citizen, content, django_assert_max_num_queries, address):
    with django_assert_max_num_queries(MOST_QUERIES.get(address, 5)):
        citizen.get(address)


def test_a_page_without_hours_or_products_asks_only_for_the_frame(
    citizen, content, django_assert_max_num_queries
):
    with django_assert_max_num_queries(2):
        citizen.get("/toegankelijkheid/")


def test_the_home_page_shows_the_tasks_and_today(citizen, content):
    context = citizen.get("/").context
    assert [product.slug for product in context["top_tasks"]] == [
        "afspraak-maken",
        "attest-of-uittreksel",
        "verhuizen",
        "melding-doen",
        "videogesprek-woonloket",
        "reistoelating-kind",
    ]
    assert context["today"].slug == "scheep"
    assert all(product.way == "distance" for product in context["online_products"])
    assert all(product.way == "desk" for product in context["desk_products"])
    assert context["often_searched"]


def test_the_page_in_english_has_english_where_the_city_wrote_it(citizen, content):
    Product.objects.filter(slug="reispas").update(body_en="", bring_en="")
    page = citizen.get("/en/producten/reispas/").content.decode()
    assert "<h1>Passport</h1>" in page
    assert '<p lang="nl">Kijk eerst of u een paspoort nodig hebt' in page
    assert '<html lang="en">' in page


def test_a_product_says_how_it_is_done_today(citizen, content):
    page = citizen.get("/producten/reispas/").content.decode()
    assert "Bel of chat met ons voor een afspraak" in page
    assert "Een recente pasfoto met witte achtergrond" in page
    assert "75 euro, met spoed 250 euro (voorbeeld)" in page
    related = citizen.get("/producten/reispas/").context["related"]
    assert "identiteitskaart" in [product.slug for product in related]


@pytest.mark.parametrize("slug", ["bestaat-niet", "REISPAS", "a" * 300])
def test_a_product_that_is_not_there_is_404(citizen, content, slug):
    assert citizen.get(f"/producten/{slug}/").status_code == 404


@pytest.mark.parametrize("address", ["/producten/%00/", "/producten/../", "/producten/a b/"])
def test_a_malformed_address_is_404(citizen, content, address):
    assert citizen.get(address).status_code == 404


def test_a_product_to_come_looks_like_one_that_is_not_there(citizen, content):
    tomorrow = timezone.localdate() + timedelta(days=1)
    Product.objects.filter(slug="reispas").update(available_from=tomorrow)
    assert citizen.get("/producten/reispas/").status_code == 404
    assert "/producten/reispas/" not in citizen.get("/producten/").content.decode()
    Product.objects.filter(slug="reispas").update(available_from=timezone.localdate())
    assert citizen.get("/producten/reispas/").status_code == 200


def test_products_stand_by_topic_and_none_is_left_out(citizen, content):
    Product.objects.filter(slug="reispas").update(topic=None)
    groups = citizen.get("/producten/").context["groups"]
    assert groups[0].anchor == "identiteit"
    assert groups[-1].anchor == "other"
    assert [product.slug for product in groups[-1].products] == ["reispas"]
    shown = sum(len(group.products) for group in groups)
    assert shown == Product.objects.count()


def test_search_lists_results_best_first(citizen, content):
    context = citizen.get("/zoeken/", {"q": " rijbewjs "}).context
    assert context["query"] == "rijbewjs"
    assert context["results"][0].slug == "rijbewijs"


@pytest.mark.parametrize(
    "query", ["", "\x00", "<script>alert(1)</script>", "é" * 5000, "'; drop table", "\ud7ff"]
)
def test_search_bears_whatever_is_typed(citizen, content, query):
    page = citizen.get("/zoeken/", {"q": query})
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()
    suggestions = citizen.get(SUGGESTIONS, {"q": query})
    assert suggestions["Content-Type"] == "application/json"
    assert suggestions["X-Content-Type-Options"] == "nosniff"
    assert len(suggestions.json()["query"]) <= 100


def test_search_bears_an_address_that_is_no_text(citizen, content):
    assert citizen.get("/zoeken/?q=%ff%fe&q=%00").status_code == 200


def test_suggestions_are_json_that_may_be_kept(citizen, content):
    response = citizen.get(SUGGESTIONS, {"q": "reisp"})
    assert response.json()["suggestions"][0] == {
        "title": "Internationaal paspoort (reispas)",
        "lang": "nl",
        "summary": "Een paspoort om buiten Europa te reizen, ook met spoed.",
        "url": "/producten/reispas/",
    }
    assert response["Cache-Control"] == "public, max-age=30"
    assert response.cookies == {}
    assert "Cookie" not in response.get("Vary", "")


def test_suggestions_in_english_lead_to_english_pages(citizen, content):
    (first, *_) = citizen.get(f"/en{SUGGESTIONS}", {"q": "passport"}).json()["suggestions"]
    assert first["title"] == "Passport"
    assert first["url"] == "/en/producten/reispas/"


def test_opening_hours_show_places_first_and_the_coming_closing_days(citizen, content):
    today = timezone.localdate()
    ClosingDay.objects.filter(on__gte=today).delete()
    ClosingDay.objects.create(on=today - timedelta(days=1), name="Voorbij")
    day = ClosingDay.objects.create(on=today + timedelta(days=3), name="Brugdag")
    day.open_schedules.add(OpeningSchedule.objects.get(slug="contactcentrum"))
    context = citizen.get("/openingsuren/").context
    assert [place.today.slug for place in context["places"]] == ["scheep", "contactcentrum"]
    assert context["places"][0].address == "Limburgplein 1, 3500 Hasselt"
    (closing,) = context["closing_days"]
    assert closing.name == "Brugdag"
    assert closing.stays_open == ("Contactcenter",)


def test_hours_inside_the_city_are_not_listed(citizen, content):
    OpeningSchedule.objects.filter(slug="contactcentrum").update(is_listed=False)
    places = citizen.get("/openingsuren/").context["places"]
    assert [place.today.slug for place in places] == ["scheep"]


def test_the_frame_has_contact_data_and_what_is_announced_now(citizen, content):
    now = timezone.now()
    Announcement.objects.create(text="Het is druk.", kind="phone_first", starts_at=now)
    Announcement.objects.create(text="Straks.", starts_at=now + timedelta(hours=1))
    dutch = citizen.get("/privacy/")
    assert [(each.text, each.lang) for each in dutch.context["announcements"]] == [
        ("Het is druk.", "")
    ]
    assert dutch.context["contact"].phone == "011 00 00 00"
    english = citizen.get("/en/privacy/")
    assert [(each.text, each.lang) for each in english.context["announcements"]] == [
        ("Het is druk.", "nl")
    ]


def test_a_closing_day_far_away_says_its_year(citizen):
    far = date(timezone.localdate().year + 2, 7, 21)
    ClosingDay.objects.create(on=far, name="Nationale feestdag")
    (closing,) = citizen.get("/openingsuren/").context["closing_days"]
    assert closing.day.endswith(str(far.year))
