"""What every page promises: no inline script or style, icons that exist, a way on."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse

from city.models import Product

BASE = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((BASE / "templates").rglob("*.html"))
CITIZEN_PAGES = [
    "home",
    "search",
    "products",
    "contact",
    "question-form",
    "opening-hours",
    "privacy",
    "accessibility",
]
ICON = re.compile(r"components/icon\.html\" with name=\"([\w-]+)\"")


def sprite_icons() -> set[str]:
    sprite = (BASE / "templates" / "components" / "sprite.html").read_text()
    return set(re.findall(r'id="i-([\w-]+)"', sprite))


# A mail can name no style sheet, and no policy of ours guards it.
PAGES = [path for path in TEMPLATES if path.parent.name != "mail"]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(BASE).as_posix())
def test_no_template_of_a_page_carries_inline_script_or_style(path):
    text = path.read_text()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text)
    for script in re.findall(r"<script[^>]*>", text):
        assert "src=" in script or "application/json" in script


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(BASE).as_posix())
def test_every_icon_in_a_template_exists(path):
    assert set(ICON.findall(path.read_text())) <= sprite_icons()


@pytest.mark.django_db
def test_every_icon_of_the_demo_products_exists():
    from city import demo

    demo.load()
    assert set(Product.objects.values_list("icon", flat=True)) <= sprite_icons()


@pytest.mark.django_db
@pytest.mark.parametrize("name", CITIZEN_PAGES)
def test_a_page_offers_help_in_the_same_place_before_the_footer(citizen, name):
    page = citizen.get(reverse(name)).content.decode()
    assert page.count("<h1") == 1
    assert page.index('id="main"') < page.index('id="help-title"') < page.index("site-footer")


@pytest.mark.django_db
def test_the_language_switch_stays_on_the_page_with_its_question(citizen):
    page = citizen.get("/zoeken/?q=reispas").content.decode()
    assert 'href="/en/zoeken/?q=reispas" lang="en"' in page
    page = citizen.get("/en/zoeken/?q=reispas").content.decode()
    assert '<html lang="en">' in page
    assert 'href="/zoeken/?q=reispas" lang="nl"' in page


@pytest.mark.django_db
def test_a_question_of_the_citizen_comes_back_as_text(citizen):
    page = citizen.get("/zoeken/", {"q": '"><script>x</script>'}).content.decode()
    assert "<script>x" not in page


@pytest.mark.django_db
def test_a_missing_page_offers_the_search(citizen):
    answer = citizen.get("/bestaat-niet/")
    assert answer.status_code == 404
    assert 'role="search"' in answer.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_cookie_is_refused_with_a_kind_page():
    answer = Client(enforce_csrf_checks=True).post("/aanmelden/", {"login": "x"})
    assert answer.status_code == 403
    assert 'href="/contact/"' in answer.content.decode()


def test_the_page_for_our_own_faults_needs_nothing():
    source = (BASE / "templates" / "500.html").read_text()
    assert not re.search(r"{%|{{", source)
    assert "<h1>" in get_template("500.html").render()


@pytest.mark.django_db
def test_a_wrong_login_ties_its_error_to_the_form(citizen):
    page = citizen.post("/aanmelden/", {"login": "geen-adres", "password": ""}).content.decode()
    assert re.search(r'class="error-summary"[^>]*autofocus', page)
    assert 'href="#id_password"' in page
    assert re.search(r'<input[^>]*aria-describedby="[^"]*id_password_error"', page)
    assert 'id="id_password_error"' in page
