"""Texts that know their language."""

from django.template import Context, Template
from django.utils import translation

from city.localised import Localised, localised


def rendered(text: object) -> str:
    page = Template("{% load city %}<p{{ text|lang_attr }}>{{ text }}</p>")
    return page.render(Context({"text": text}))


def test_dutch_readers_get_dutch_and_english_readers_english():
    with translation.override("nl"):
        assert localised("dag", "day") == "dag"
    with translation.override("en"):
        assert localised("dag", "day") == "day"
        assert localised("dag", "") == "dag"


def test_a_page_says_the_language_only_where_it_differs():
    with translation.override("nl"):
        assert rendered(Localised("dag", "nl")) == "<p>dag</p>"
    with translation.override("en"):
        assert rendered(Localised("dag", "nl")) == '<p lang="nl">dag</p>'
        assert rendered(Localised("", "")) == "<p></p>"
        assert rendered("plain") == "<p>plain</p>"


def test_a_text_of_the_city_is_escaped_like_any_other():
    assert "&lt;b&gt;" in rendered(Localised("<b>", "nl"))
