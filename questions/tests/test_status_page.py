"""The page that a citizen's secret link opens: where the question is, and replies to it."""

import logging
import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import gettext, override

from common.errors import RuleBroken
from common.logs import WordlessFormatter
from questions import status_views
from questions.actions import answering, handling, routing
from questions.actions.registering import Contact
from questions.links import path_of
from questions.models import Entry, Escalation, Question, QuestionRules
from questions.states import Kind, State, Way
from questions.testing.rows import make_department, passed_on, routed

pytestmark = pytest.mark.django_db


def ref():
    return uuid.uuid4()


def nl(sentence):
    with override("nl"):
        return gettext(sentence)


def body(answer):
    return answer.content.decode()


def fresh(row):
    return Escalation.objects.joined().get(pk=row.pk)


def rows_of(row):
    return Entry.objects.filter(escalation=row).count(), fresh(row).state, fresh(row).last_seq


@pytest.fixture
def mobility(specialist):
    return make_department("mobiliteit", specialist, name_en="Mobility")


@pytest.fixture
def with_department(mobility, agent):
    return routed(mobility, by=agent)


@pytest.fixture
def asked_back(with_department, specialist):
    answering.ask_citizen(
        escalation=with_department,
        text="Welke straat?",
        by=specialist,
        now=timezone.now(),
        client_ref=ref(),
    )
    return fresh(with_department)


@pytest.fixture
def answered(asked_back, specialist):
    answering.reply(
        escalation=asked_back, text="De Kapelstraat.", now=timezone.now(), client_ref=ref()
    )
    answering.answer(
        escalation=asked_back,
        text="Ja, met een kaart.",
        by=specialist,
        now=timezone.now(),
        client_ref=ref(),
    )
    return fresh(asked_back)


def reply(client, row, text="Nog iets.", **fields):
    form = {"step": "reply", "ref": str(uuid.uuid4()), "text": text, **fields}
    return client.post(path_of(row), form)


# --- what it says -----------------------------------------------------------------------------


def test_a_question_without_a_department_is_with_the_contact_centre(citizen):
    page = citizen.get(path_of(passed_on(None)))
    assert page.status_code == 200
    assert nl("The contact centre looks for the right department for your question.") in body(page)
    assert "Mag ik voor mijn deur parkeren?" in body(page)


def test_holder_term_and_course_stand_there_in_words(citizen, with_department, agent):
    page = body(citizen.get(path_of(with_department)))
    where = nl("Your question is with the department %(department)s.")
    assert where % {"department": "Mobiliteit"} in page
    assert nl("You get an answer by %(day)s at the latest.").split("%")[0] in page
    assert nl("%(name)s of the city wrote your question down.") % {"name": "Anke"} in page
    assert with_department.reference in page
    assert "fatima@burger.example" in page


def test_the_course_is_a_conversation_and_names_first_names(citizen, answered):
    page = body(citizen.get(path_of(answered)))
    said = ["Mag ik voor mijn deur parkeren?", "Welke straat?", "De Kapelstraat.", "met een kaart."]
    course = page[page.index('class="course"') :]
    assert [course.index(text) for text in said] == sorted(course.index(text) for text in said)
    values = {"name": "Dirk", "department": "Mobiliteit"}
    assert nl("%(name)s of %(department)s answered.") % values in course


def test_what_colleagues_tell_each_other_is_never_shown(citizen, with_department, specialist):
    now = timezone.now()
    handling.write_note(
        escalation=with_department, text="GEHEIM-1", by=specialist, now=now, client_ref=ref()
    )
    routing.return_question(
        escalation=with_department, reason="GEHEIM-2", by=specialist, now=now, client_ref=ref()
    )
    routing.send_to_department(
        escalation=with_department,
        department=make_department("wonen"),
        by=specialist,
        now=now,
        client_ref=ref(),
        note="GEHEIM-3",
    )
    page = body(citizen.get(path_of(with_department)))
    assert "GEHEIM" not in page
    assert "Wonen" in page
    assert specialist.email not in page


def test_every_line_of_a_course_has_its_words(citizen, with_department):
    for seq, kind in enumerate(Kind, start=100):
        Entry.objects.create(
            escalation=with_department, seq=seq, kind=kind, author="portal", at=timezone.now()
        )
    for language in ("nl", "en"):
        with override(language):
            assert citizen.get(path_of(with_department)).status_code == 200


def test_a_call_is_told_as_a_call(citizen, with_department, specialist):
    answering.answer(
        escalation=with_department,
        text="Besproken.",
        by=specialist,
        now=timezone.now(),
        client_ref=ref(),
        outcome=Question.Outcome.CALLED_BACK,
    )
    said = nl("%(name)s of %(department)s spoke to you on the telephone.")
    values = {"name": "Dirk", "department": "Mobiliteit"}
    assert said % values in body(citizen.get(path_of(with_department)))


def test_the_english_page_is_english(citizen, asked_back):
    with override("en"):
        page = body(citizen.get(path_of(asked_back)))
    assert "The department Mobility has asked you something." in page
    assert "Your answer to the department Mobility" in page
    assert "Uw vraag" not in page


def test_a_late_answer_is_owned_up_to(citizen, with_department):
    Escalation.objects.update(due_at=timezone.now() - timedelta(days=1))
    late = nl("You should have had an answer by %(day)s. We are late; our apologies.")
    assert late.rpartition(". ")[2] in body(citizen.get(path_of(with_department)))


def test_a_get_changes_nothing(citizen, answered):
    before = rows_of(answered)
    for path in (path_of(answered), path_of(answered) + "ontvangen/"):
        assert citizen.get(path).status_code == 200
        assert citizen.head(path).status_code == 200
    citizen.get(path_of(answered), {"step": "satisfied", "text": "x"})
    assert rows_of(answered) == before


def test_the_confirmation_of_who_left_no_mail_says_to_keep_the_link(citizen):
    asked = passed_on(None, contact=Contact(Way.PHONE, phone="0470 12 34 56"))
    page = body(citizen.get(path_of(asked) + "ontvangen/"))
    assert "0470 12 34 56" in page
    keep = nl(
        "You gave us no e-mail address, so this page is the only place where you find it. Save it, "
        "or write the reference down."
    )
    assert keep in page


# --- replies ----------------------------------------------------------------------------------


def test_who_was_asked_answers_and_it_goes_on(citizen, asked_back):
    page = body(citizen.get(path_of(asked_back)))
    act = page[page.index("course-act") : page.index('class="course"')]
    assert "Welke straat?" in act
    assert 'value="reply"' in act
    answer = reply(citizen, asked_back, "De Kapelstraat.")
    assert (answer.status_code, answer["Location"]) == (302, path_of(asked_back))
    assert fresh(asked_back).state == State.IN_PROGRESS
    page = body(citizen.get(path_of(asked_back)))
    assert nl("Your message has arrived. The department sees it with your question.") in page


@pytest.mark.parametrize("times", [2, 3])
def test_sent_twice_is_one_reply(citizen, asked_back, times):
    form = {"step": "reply", "ref": str(uuid.uuid4()), "text": "De Kapelstraat."}
    for _ in range(times):
        assert citizen.post(path_of(asked_back), form).status_code == 302
    assert Entry.objects.filter(kind=Kind.REPLIED).count() == 1


def test_another_text_in_the_same_page_is_another_reply(citizen, with_department):
    name = str(uuid.uuid4())
    reply(citizen, with_department, "Een.", ref=name)
    reply(citizen, with_department, "Twee.", ref=name)
    texts = Entry.objects.filter(kind=Kind.REPLIED).values_list("text", flat=True)
    assert list(texts) == ["Een.", "Twee."]


def test_under_way_something_can_be_added(citizen, with_department):
    assert nl("Add something") in body(citizen.get(path_of(with_department)))
    reply(citizen, with_department, "Het is dringend.")
    assert fresh(with_department).state == State.ROUTED


def test_the_answer_comes_first_also_when_it_is_closed(citizen, answered):
    for _ in range(2):
        page = body(citizen.get(path_of(answered)))
        assert page.index("Ja, met een kaart.") < page.index('class="course"')
        answering.close_satisfied(escalation=answered, now=timezone.now())


def test_a_satisfied_citizen_closes_it_once(citizen, answered):
    assert nl("Yes, my question is answered") in body(citizen.get(path_of(answered)))
    for _ in range(2):
        assert citizen.post(path_of(answered), {"step": "satisfied"}).status_code == 302
    assert fresh(answered).state == State.CLOSED
    assert Entry.objects.filter(kind=Kind.CLOSED).count() == 1
    page = body(citizen.get(path_of(answered)))
    assert nl("Thank you for letting us know. Your question is closed.") in page


def test_a_question_without_an_answer_is_not_closed_by_its_citizen(citizen, with_department):
    answer = citizen.post(path_of(with_department), {"step": "satisfied"})
    assert answer.status_code == 422
    assert fresh(with_department).state == State.ROUTED
    with pytest.raises(RuleBroken, match="not_allowed_now"):
        answering.close_satisfied(escalation=with_department, now=timezone.now())


@pytest.mark.parametrize("closed", [False, True])
def test_a_reply_after_the_answer_opens_it_again(citizen, answered, closed):
    if closed:
        answering.close_satisfied(escalation=answered, now=timezone.now())
    reply(citizen, answered, "En op zondag?")
    assert fresh(answered).state == State.REOPENED
    assert nl("Your question was opened again.") in body(citizen.get(path_of(answered)))


@pytest.mark.parametrize("text", ["", "  \n", "\u200b"])
def test_an_empty_reply_is_refused(citizen, asked_back, text):
    answer = reply(citizen, asked_back, text)
    assert answer.status_code == 422
    assert answer.context["form"].errors["text"] == [nl("Nothing is written yet.")]
    assert fresh(asked_back).state == State.WAITING


def test_a_reply_of_five_hundred_pages_stays_in_its_field(citizen, asked_back):
    text = "Een lange regel. " * 90_000
    answer = reply(citizen, asked_back, text)
    assert answer.status_code == 422
    assert "5000" in answer.context["form"].errors["text"][0]
    assert answer.context["form"]["text"].value() == text
    assert fresh(asked_back).state == State.WAITING


def test_a_broken_ref_is_no_obstacle(citizen, asked_back):
    assert reply(citizen, asked_back, ref="x\0").status_code == 302


def test_the_fiftieth_reply_is_the_last_and_the_next_stays(citizen, with_department, monkeypatch):
    monkeypatch.setattr(answering, "MOST_REPLIES", 1)
    reply(citizen, with_department, "Een.")
    answer = reply(citizen, with_department, "Nog een.")
    assert answer.status_code == 422
    assert answer.context["form"]["text"].value() == "Nog een."


# --- too late ---------------------------------------------------------------------------------


def close_days_ago(row, days):
    answering.close_satisfied(escalation=row, now=timezone.now())
    Escalation.objects.update(closed_at=timezone.now() - timedelta(days=days))


def test_closed_too_long_ago_the_page_leads_to_a_new_question(citizen, answered):
    close_days_ago(answered, 15)
    page = body(citizen.get(path_of(answered)))
    assert 'value="reply"' not in page
    assert 'action="/contact/vraag/"' in page


def test_a_reply_that_comes_too_late_is_kept_for_a_new_question(citizen, answered):
    close_days_ago(answered, 15)
    answer = reply(citizen, answered, "Toch nog een vraag.")
    assert answer.status_code == 422
    assert nl(
        "This question was closed too long ago to reply. Ask a new question; mention the reference."
    ) in body(answer)
    assert ">Toch nog een vraag.</textarea>" in body(answer)
    assert fresh(answered).state == State.CLOSED


def test_an_expired_link_says_what_to_do_and_keeps_what_was_typed(citizen, answered):
    close_days_ago(answered, QuestionRules.current().link_days + 1)
    page = citizen.get(path_of(answered))
    assert page.status_code == 410
    assert nl("This link has expired") in body(page)
    assert "Kapelstraat" not in body(page)
    answer = reply(citizen, answered, "Mijn tekst.")
    assert answer.status_code == 410
    assert ">Mijn tekst.</textarea>" in body(answer)


# --- strangers --------------------------------------------------------------------------------


def test_a_wrong_secret_and_an_unknown_reference_look_the_same(citizen, with_department):
    right = path_of(with_department)
    reference, secret = right.split("/")[2:4]
    wrong = [
        f"/vraag/{reference}/{'x' * 22}/",
        f"/vraag/{reference}/{secret[:-1]}/",
        f"/vraag/HAS-2026-999999-A/{secret}/",
        f"/vraag/niets/{secret}/",
        f"/vraag/%00/{secret}/",
        f"/vraag/{reference}/é/",
    ]
    shown = set()
    for address in wrong:
        for ending in ("", "ontvangen/"):
            answer = citizen.get(address + ending)
            assert answer.status_code == 404
            shown.add(re.sub(r'href="[^"]*/vraag/[^"]*"', "", body(answer)))
        assert citizen.post(address, {"step": "reply", "text": "x"}).status_code == 404
    assert len(shown) == 1
    assert not Entry.objects.filter(kind=Kind.REPLIED).exists()


def test_the_link_of_one_question_opens_no_other(citizen, with_department):
    other = passed_on(None)
    secret = path_of(other).split("/")[3]
    assert citizen.get(f"/vraag/{with_department.reference}/{secret}/").status_code == 404


def test_staff_without_the_link_has_no_way_in_here(stranger_client, agent_client, with_department):
    for client in (stranger_client, agent_client):
        wrong = f"/vraag/{with_department.reference}/{'x' * 22}/"
        assert client.get(wrong).status_code == 404


@pytest.mark.parametrize("ending", ["", "ontvangen/"])
def test_the_address_goes_nowhere(citizen, with_department, ending):
    page = citizen.get(path_of(with_department) + ending)
    assert page["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page["X-Robots-Tag"]
    assert "no-store" in page["Cache-Control"]
    assert "private" in page["Cache-Control"]
    assert page.cookies == {}
    # The chat would tell the employee on which page it began.
    assert "widget.js" not in body(page)


def test_no_log_carries_the_secret(citizen, asked_back, answered, caplog):
    [ours] = [
        handler.formatter
        for handler in logging.getLogger().handlers
        if isinstance(handler.formatter, WordlessFormatter)
    ]
    path = path_of(asked_back)
    secret = path.split("/")[3]
    with caplog.at_level(logging.DEBUG):
        assert reply(citizen, asked_back, "").status_code == 422
        assert citizen.put(path).status_code == 405
        assert citizen.get("/en" + path + "bestaat-niet/").status_code == 404
    plain = [record.getMessage() for record in caplog.records]
    assert any(secret in line for line in plain)  # it really was there to leak
    lines = [ours.format(record) for record in caplog.records]
    assert not any(secret in line for line in lines)
    assert any(f"{asked_back.reference}/…" in line for line in lines)


# --- pace and methods -------------------------------------------------------------------------


def test_too_many_looks_are_asked_to_wait_and_the_text_stays(citizen, asked_back, monkeypatch):
    monkeypatch.setattr(status_views, "LOOKS_PER_MINUTE", 1)
    assert citizen.get(path_of(asked_back)).status_code == 200
    answer = reply(citizen, asked_back, "Mijn tekst.")
    assert answer.status_code == 429
    assert answer["Retry-After"]
    assert ">Mijn tekst.</textarea>" in body(answer)
    assert fresh(asked_back).state == State.WAITING


def test_who_knocks_with_a_wrong_secret_locks_nobody_out(citizen, asked_back, monkeypatch):
    monkeypatch.setattr(status_views, "LOOKS_PER_MINUTE", 2)
    for _ in range(5):
        citizen.get(f"/vraag/{asked_back.reference}/{'x' * 22}/")
    assert citizen.get(path_of(asked_back)).status_code == 200


def test_it_works_without_any_cookie(asked_back):
    client = Client(enforce_csrf_checks=True)
    assert reply(client, asked_back).status_code == 302


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(citizen, with_department, method):
    assert getattr(citizen, method)(path_of(with_department)).status_code == 405
    received = path_of(with_department) + "ontvangen/"
    assert getattr(citizen, method)(received).status_code == 405
    assert citizen.post(received).status_code == 405


def test_a_forgiving_reference_in_the_address_opens_it(citizen, with_department):
    reference, secret = path_of(with_department).split("/")[2:4]
    assert citizen.get(f"/vraag/{reference.lower()}/{secret}/").status_code == 200
