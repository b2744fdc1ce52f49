"""Ready answers: what is filled in, what is refused in the admin, what the console gets."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import User
from chat import demo
from chat.models import ReadyAnswer
from chat.ready_answers import VARIABLES, Asker, filled, shown_filled, unknown_in, values_for
from chat.testing import world
from city.demo import load as load_city
from city.models import CityContact, Product

pytestmark = pytest.mark.django_db
LIST, ADD = reverse("admin:chat_readyanswer_changelist"), reverse("admin:chat_readyanswer_add")
DOOR = "/werkbank/chat/kennis.json"


@pytest.fixture
def contact():
    return CityContact.objects.create(phone="011 00 00 00", email="stad@hasselt.example")


def an_answer(shortcut="uren", text="Bel {telefoon}.", **fields):
    return ReadyAnswer.objects.create(shortcut=shortcut, title="Uren", text=text, **fields)


def a_product(slug="reispas", **fields):
    given = {"title": "Reispas", "title_en": "Passport", "summary": "Reizen.", "how_today": "Bel."}
    return Product.objects.create(slug=slug, **{**given, **fields})


def asker():
    return Asker(agent_name="Anke", origin="https://portaal.example", now=world.NOW)


def test_each_variable_that_the_portal_fills_in_has_a_value_in_both_languages(contact):
    load_city()
    values = values_for(asker(), Product.objects.all())
    filled_here = {name for name, variable in VARIABLES.items() if variable.value}
    for language in ("nl", "en"):
        assert filled_here <= set(values[language])
        assert all(values[language][name] for name in filled_here)


def test_a_text_is_filled_in_and_what_is_unknown_stays_to_be_seen(contact):
    values = values_for(asker(), [a_product()])["en"]
    text = "{medewerker}, {telefoon}, {product:reispas}, {naam}, {wat?}"
    assert filled(text, values) == (
        "Anke, 011 00 00 00, https://portaal.example/en/producten/reispas/, {naam}, {wat?}"
    )


def test_a_value_with_braces_is_not_filled_in_again():
    assert filled("{medewerker}", {"medewerker": "{telefoon}", "telefoon": "x"}) == "{telefoon}"


def test_unknown_is_what_no_variable_is_called():
    assert unknown_in("{naam} {Naam} { naam } {} {naam} {x}") == ["Naam", " naam ", "", "x"]
    assert unknown_in("{product:reispas} {product:weg}", slugs=["reispas"]) == ["product:weg"]


def test_a_preview_shows_example_names(contact):
    assert shown_filled("Dag {naam}, {medewerker}", language="nl", now=world.NOW) == "Dag An, Bieke"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Dag {naaam}",
            "Het portaal kent {naaam} niet. U kunt dit gebruiken: {naam}, {medewerker}",
        ),
        ("Zie {product:weg}", "Het portaal kent {product:weg} niet"),
        ("Dag {naam", "Er staat een accolade alleen"),
        ("Dag naam}", "Er staat een accolade alleen"),
        ("Dag {{naam}}", "Er staat een accolade alleen"),
    ],
)
def test_the_admin_names_what_is_unknown_and_lists_what_there_is(administrator_client, text, said):
    form = {"shortcut": "dag", "title": "Dag", "text": text, "text_en": text, "is_active": "on"}
    answer = administrator_client.post(ADD, form)
    assert answer.status_code == 200
    errors = answer.context["adminform"].form.errors
    assert set(errors) == {"text", "text_en"}
    assert said in errors["text"][0]
    assert not ReadyAnswer.objects.exists()


def test_the_admin_keeps_what_is_right_and_shows_how_it_reads(administrator_client, contact):
    a_product()
    text = "Dag {naam}, bel {telefoon} of zie {product:reispas}."
    form = {"shortcut": "dag", "title": "Dag", "text": text, "is_active": "on"}
    assert administrator_client.post(ADD, form).status_code == 302
    [made] = ReadyAnswer.objects.all()
    page = administrator_client.get(reverse("admin:chat_readyanswer_change", args=[made.pk]))
    html = page.content.decode()
    assert "Dag An, bel 011 00 00 00 of zie /producten/reispas/." in html
    for name in VARIABLES:
        assert f"<code>{{{name}}}</code>" in html


@pytest.mark.parametrize("shortcut", ["Uren", "met spatie", "", "x" * 31, "uren"])
def test_a_wrong_shortcut_is_refused_at_its_field(administrator_client, shortcut):
    an_answer("uren")
    form = {"shortcut": shortcut, "title": "Dag", "text": "Dag", "is_active": "on"}
    answer = administrator_client.post(ADD, form)
    assert set(answer.context["adminform"].form.errors) == {"shortcut"}


def test_the_list_is_searched_and_filtered_with_as_many_queries_for_any_number(
    administrator_client, django_assert_max_num_queries
):
    topic = world.a_topic()
    for number in range(60):
        an_answer(f"uren-{number}", topic=topic, is_active=number % 2 == 0)
    with django_assert_max_num_queries(12):
        answer = administrator_client.get(LIST, {"q": "uren-7", "is_active__exact": "0"})
    assert answer.context["cl"].result_count == 1


def test_only_administrators_change_ready_answers(agent_client, supervisor_client, stranger_client):
    for client in (agent_client, supervisor_client, stranger_client):
        assert client.get(ADD).status_code in {302, 403}


def test_the_console_gets_answers_filled_in_and_products_in_both_languages(agent_client, contact):
    a_product()
    an_answer("uren", "Bel {telefoon}, {naam}.", text_en="Call {telefoon}.", is_holding=True)
    an_answer("enkel-nl", "Dag")
    an_answer("uit", "Dag", is_active=False)
    told = agent_client.get(DOOR).json()
    assert [answer["shortcut"] for answer in told["answers"]] == ["enkel-nl", "uren"]
    assert told["answers"][1] == {
        "shortcut": "uren",
        "title": "Uren",
        "keywords": "",
        "topic": "",
        "holding": True,
        "text": {"nl": "Bel 011 00 00 00, {naam}.", "en": "Call 011 00 00 00."},
        "unknown": [],
    }
    assert told["answers"][0]["text"]["en"] == "Dag"
    [product] = told["products"]
    assert product["card"]["en"]["url"] == "http://testserver/en/producten/reispas/"


def test_a_variable_that_slipped_in_is_named_to_the_console(agent_client, contact):
    an_answer("oud", "Dag {naam}, {vroeger} {product:weg}")
    [answer] = agent_client.get(DOOR).json()["answers"]
    assert answer["unknown"] == ["vroeger", "product:weg"]
    assert "{vroeger}" in answer["text"]["nl"]


def test_what_did_not_change_is_not_sent_again(agent_client, contact):
    first = agent_client.get(DOOR)
    again = agent_client.get(DOOR, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    an_answer()
    assert agent_client.get(DOOR, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_the_knowledge_costs_as_many_queries_for_any_number(
    agent_client, contact, django_assert_max_num_queries
):
    topic = world.a_topic()
    for number in range(60):
        an_answer(f"uren-{number}", topic=topic)
        a_product(f"product-{number}", topic=topic)
    agent_client.get(DOOR)
    with django_assert_max_num_queries(20):
        agent_client.get(DOOR)


def test_the_knowledge_is_only_read(agent_client):
    assert agent_client.post(DOOR).status_code == 405


def test_the_demo_has_answers_in_both_languages_that_the_admin_would_take():
    load_city()
    demo.load()
    answers = list(ReadyAnswer.objects.all())
    assert len(answers) >= 30
    for answer in answers:
        answer.full_clean()
        assert answer.text_en
    assert [answer.shortcut for answer in answers if answer.is_holding] == ["ogenblik"]


def test_the_demo_keeps_what_an_administrator_changed():
    load_city()
    demo.load()
    count = ReadyAnswer.objects.count()
    ReadyAnswer.objects.filter(shortcut="bellen").update(text="Anders")
    demo.load()
    assert ReadyAnswer.objects.count() == count
    assert ReadyAnswer.objects.get(shortcut="bellen").text == "Anders"


def test_the_model_refuses_too(contact):
    with pytest.raises(ValidationError, match="naaam"):
        ReadyAnswer(shortcut="x", title="x", text="{naaam}").full_clean()


def test_notes_stand_in_the_conversation_and_are_not_changed_there(
    administrator_client, open_chat, agent: User
):
    from chat.tests.test_notes import a_note

    chat = world.a_chat_with(agent)
    a_note(chat, agent, "Lift op smalle stoep")
    page = administrator_client.get(reverse("admin:chat_conversation_change", args=[chat.pk]))
    html = page.content.decode()
    assert "Lift op smalle stoep" in html
    assert 'name="notes-0-text"' not in html
