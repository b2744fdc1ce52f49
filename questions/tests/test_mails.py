"""What the mails about a question say, to whom they go and what they never hold."""

import uuid
from datetime import date, datetime, timedelta

import pytest
from django.core.mail import BadHeaderError

from city.hours import BRUSSELS
from city.models import Absence, CityContact, Topic
from common.errors import RuleBroken
from common.mail import mail_of
from questions import letters
from questions.actions import answering, chasing, handling, routing
from questions.actions.mailbox import test_mailbox as ask_mailbox_test
from questions.actions.registering import Contact
from questions.actions.sending import work_off
from questions.links import url_of
from questions.models import Step
from questions.states import Urgency, Way
from questions.testing.rows import make_department, passed_on, routed

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 8, 10, tzinfo=BRUSSELS)  # a Monday
CITIZEN = "fatima@burger.example"
DEPARTMENT = "mobiliteit@test.example"
Kind = Step.Kind
TO_CITIZEN = {Kind.RECEIPT, Kind.ASKED_BACK, Kind.ASK_AGAIN, Kind.ANSWER, Kind.MOVED, Kind.CLOSED}


@pytest.fixture(autouse=True)
def city(db):
    return CityContact.objects.create(
        name="Stad Hasselt", email="info@stad.test", phone="011 00 00 00"
    )


@pytest.fixture
def mobility(specialist, make_user):
    department = make_department("mobiliteit", specialist)
    department.memberships.create(user=make_user("Hilde", "specialist"), is_head=True)
    return department


@pytest.fixture
def asked(mobility, agent):
    topic = Topic.objects.create(slug="parkeren", name="Parkeren")
    contact = Contact(way=Way.MAIL, name="Fatima", mail=CITIZEN, phone="0470123456")
    return routed(mobility, by=agent, now=NOW, topic=topic, urgency=Urgency.URGENT, contact=contact)


def ref() -> uuid.UUID:
    return uuid.uuid4()


def say(action, escalation, by, text, **more):
    return action(escalation=escalation, text=text, by=by, now=NOW, client_ref=ref(), **more)


def sent(kind: str, mail_server, *, now=NOW):
    """The one mail of this kind, sent now and nothing else."""
    steps = Step.objects.filter(done_at=None, dropped_at=None)
    steps.exclude(kind=kind).update(done_at=now)
    before = len(mail_server.taken)
    work_off(now=now)
    [mail] = mail_server.taken[before:]
    return mail


def plain(mail) -> str:
    return mail.get_body(("plain",)).get_content()


def html(mail) -> str:
    return mail.get_body(("html",)).get_content()


def everything(asked, specialist, agent, mail_server) -> dict[str, object]:
    """Every kind of mail, of one question on its way."""
    found = {}

    def take(kind, now=NOW):
        found[kind] = sent(kind, mail_server, now=now)

    take(Kind.RECEIPT)
    Step.objects.filter(kind=Kind.TO_DEPARTMENT).update(done_at=None)
    take(Kind.TO_DEPARTMENT)
    handling.assign(escalation=asked, to=specialist, by=agent, now=NOW)
    take(Kind.ASSIGNED)
    asked.refresh_from_db()
    reminded, late = asked.remind_at, asked.due_at
    chasing.chase(now=reminded)
    take(Kind.REMINDER, reminded)
    chasing.chase(now=late)
    take(Kind.OVERDUE, late)
    say(answering.ask_citizen, asked, specialist, "Welke straat?")
    take(Kind.ASKED_BACK)
    silent = NOW + timedelta(days=6)
    chasing.chase(now=silent)
    take(Kind.ASK_AGAIN, silent)
    answering.reply(escalation=asked, text="De Kapelstraat.", now=NOW, client_ref=ref())
    take(Kind.REPLIED)
    reason = {"reason": "Gaat over huur.", "by": specialist, "now": NOW, "client_ref": ref()}
    routing.return_question(escalation=asked, **reason)
    take(Kind.RETURNED)
    routing.send_to_department(
        escalation=asked, department=make_department("wonen"), by=agent, now=NOW, client_ref=ref()
    )
    take(Kind.MOVED)
    say(answering.answer, asked, specialist, "Ja, dat mag.")
    take(Kind.ANSWER)
    outcome = answering.Outcome.ANSWERED
    say(answering.close, asked, specialist, "Nog een fijne dag.", outcome=outcome)
    take(Kind.CLOSED)
    return found


def test_each_mail_has_reference_link_and_its_own_words(asked, specialist, agent, mail_server):
    found = everything(asked, specialist, agent, mail_server)
    assert set(found) == set(Kind) - {Kind.ROUTE, Kind.MAILBOX_TEST}
    for kind, mail in found.items():
        assert asked.reference in mail["Subject"], kind
        assert mail["Reply-To"] == "info@stad.test"
        assert mail["Auto-Submitted"] == "auto-generated"
        detail = f"{letters.settings.PORTAL_URL}/werkbank/"
        link = url_of(asked) if kind in TO_CITIZEN else detail
        assert link in plain(mail), kind
        assert link in html(mail), kind
        assert (mail["To"] == CITIZEN) == (kind in TO_CITIZEN), kind
    assert len({mail["Subject"] for mail in found.values()}) == len(found)
    for kind, words in {
        Kind.RECEIPT: "Mag ik voor mijn deur parkeren?",
        Kind.TO_DEPARTMENT: "Mag ik voor mijn deur parkeren?",
        Kind.ASKED_BACK: "Welke straat?",
        Kind.ASK_AGAIN: "Welke straat?",
        Kind.REPLIED: "De Kapelstraat.",
        Kind.RETURNED: "Gaat over huur.",
        Kind.ANSWER: "Ja, dat mag.",
        Kind.CLOSED: "Nog een fijne dag.",
    }.items():
        assert words in plain(found[kind]), kind
        assert words in html(found[kind]), kind
    assert "Parkeren" in plain(found[Kind.TO_DEPARTMENT])
    assert "Mobiliteit" in plain(found[Kind.RECEIPT])
    assert "Wonen" in plain(found[Kind.MOVED])
    for mail in found.values():
        for remote in ("<img", "<script", "<link", "@import", "src=", "url("):
            assert remote not in html(mail)


def test_colleagues_read_no_contact_data_and_the_citizen_no_reason(
    asked, specialist, agent, mail_server
):
    for kind, mail in everything(asked, specialist, agent, mail_server).items():
        whole = plain(mail) + html(mail)
        if kind in TO_CITIZEN:
            assert "Gaat over huur." not in whole
            assert "Fatima" in whole
        else:
            for private in (CITIZEN, "0470", "Fatima", letters.url_of(asked)):
                assert private not in whole, kind


def test_what_people_write_is_text_and_nothing_else(mobility, mail_server):
    routed(mobility, now=NOW, text='<b>Mag</b> dit & "dat"?\nTweede regel')
    Step.objects.filter(kind=Kind.ROUTE).update(done_at=NOW)
    mail = sent(Kind.TO_DEPARTMENT, mail_server)
    assert '    <b>Mag</b> dit & "dat"?\n    Tweede regel' in plain(mail).replace("\r\n", "\n")
    assert "&lt;b&gt;Mag&lt;/b&gt;" in html(mail)


def test_an_english_citizen_gets_english_and_the_department_dutch(mobility, mail_server):
    routed(mobility, now=NOW, language="en")
    work_off(now=NOW)
    languages = {mail["To"]: 'lang="en"' in html(mail) for mail in mail_server.taken}
    assert languages == {CITIZEN: True, DEPARTMENT: False}


# --- to whom -------------------------------------------------------------------------------------


def to(kind: str, mail_server, *, now=NOW) -> set[str]:
    mail = sent(kind, mail_server, now=now)
    return {address.strip() for address in mail["To"].split(",")}


def test_who_stands_in_today_gets_it_too_as_one_mail(asked, specialist, agent, make_user):
    Absence.objects.create(
        user=specialist,
        stand_in=make_user("Lotte", "specialist"),
        starts_on=date(2026, 6, 8),
        ends_on=date(2026, 6, 8),
    )
    handling.assign(escalation=asked, to=specialist, by=agent, now=NOW)
    step = Step.objects.get(kind=Kind.ASSIGNED)
    today = letters.letter_of(step, now=NOW)
    assert (today.to, *today.also) == ("dirk@test.example", "lotte@test.example")
    assert letters.letter_of(step, now=NOW + timedelta(days=1)).also == []


def test_of_two_recipients_one_refused_the_mail_is_sent(
    asked, specialist, agent, make_user, mail_server
):
    test_who_stands_in_today_gets_it_too_as_one_mail(asked, specialist, agent, make_user)
    mail_server.to_recipient = ["550 No such user"]
    sent(Kind.ASSIGNED, mail_server)
    assert mail_server.recipients == ["lotte@test.example"]
    assert Step.objects.get(kind=Kind.ASSIGNED).done_at == NOW


def test_overdue_goes_to_the_heads_or_else_the_supervisors_or_else_the_contact_centre(
    asked, mobility, supervisor, mail_server
):
    late = asked.due_at
    chasing.chase(now=late)
    step = Step.objects.get(kind=Kind.OVERDUE)
    assert letters.letter_of(step, now=late).to == "hilde@test.example"
    mobility.memberships.all().delete()
    assert letters.letter_of(step, now=late).to == "carla@test.example"
    supervisor.is_active = False
    supervisor.save()
    assert letters.letter_of(step, now=late).to == "info@stad.test"


def test_a_merged_department_gets_its_mail_at_the_new_address(asked, mobility):
    new = make_department("ruimte")
    mobility.is_active, mobility.merged_into = False, new
    mobility.save()
    step = Step.objects.get(kind=Kind.TO_DEPARTMENT)
    assert letters.letter_of(step, now=NOW).to == "ruimte@test.example"


def test_a_reply_goes_to_the_department_when_nobody_has_it_in_hand(asked, mail_server):
    answering.reply(escalation=asked, text="Nog iets.", now=NOW, client_ref=ref())
    assert to(Kind.REPLIED, mail_server) == {DEPARTMENT}


def test_nobody_to_mail_is_told_as_such(asked, city):
    CityContact.objects.update(email="")
    asked.steps.all().delete()
    step = Step(kind=Kind.RETURNED, escalation=asked)
    with pytest.raises(RuleBroken) as broken:
        letters.letter_of(step, now=NOW)
    assert broken.value.code == "no_mailbox"


# --- the mailbox of a department -----------------------------------------------------------------


def test_each_test_of_a_mailbox_is_a_new_mail(mobility, administrator, mail_server):
    for second in range(2):
        ask_mailbox_test(
            department=mobility, by=administrator, now=NOW + timedelta(microseconds=second)
        )
    work_off(now=NOW + timedelta(seconds=1))
    assert mail_server.recipients == [DEPARTMENT] * 2
    assert len({mail["Message-ID"] for mail in mail_server.taken}) == 2
    assert "Mobiliteit" in mail_server.taken[0]["Subject"]
    assert "http" not in plain(mail_server.taken[0])


def test_a_department_without_a_mailbox_cannot_be_tested(administrator):
    empty = make_department("leeg", email="")
    with pytest.raises(RuleBroken) as broken:
        ask_mailbox_test(department=empty, by=administrator, now=NOW)
    assert broken.value.code == "no_mailbox"
    assert not Step.objects.exists()


# --- heads of mails ------------------------------------------------------------------------------

EVIL = "Wonen\r\nBcc: els@voorbeeld.be\r\n\r\n<h1>Hallo"


def test_no_name_adds_a_header(specialist, mail_server):
    department = make_department("mobiliteit", specialist, name=EVIL)
    contact = Contact(way=Way.MAIL, name=EVIL, mail=CITIZEN)
    routed(department, now=NOW, contact=contact)
    ask_mailbox_test(department=department, by=specialist, now=NOW)
    work_off(now=NOW)
    assert sorted(mail_server.recipients) == [CITIZEN, DEPARTMENT, DEPARTMENT]
    for mail in mail_server.taken:
        assert mail["Bcc"] is None
        assert "\n" not in mail["Subject"]
        assert "<h1>Hallo" not in html(mail)


@pytest.mark.parametrize("field", ["to", "reply_to", "also"])
def test_an_address_with_a_line_break_makes_no_mail(mobility, field):
    step = passed_on(mobility, now=NOW).steps.get(kind=Kind.RECEIPT)
    letter = letters.letter_of(step, now=NOW)
    evil = "an@voorbeeld.be\nBcc: els@voorbeeld.be"
    bad = type(letter)(**{**vars(letter), field: [evil] if field == "also" else evil})
    with pytest.raises(BadHeaderError):
        mail_of(bad).message()
