"""Who may read a question, who may work on it, and into whose hands it may be put."""

from datetime import timedelta

import pytest
from django.utils import timezone

from city.models import Absence
from common.errors import RuleBroken
from questions import access, links
from questions.actions import answering, handling
from questions.models import Escalation, Question, QuestionRules
from questions.testing.rows import make_department, passed_on, routed

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def mobility(specialist):
    return make_department("mobiliteit", specialist)


@pytest.fixture
def asked(mobility) -> Escalation:
    return routed(mobility)


def may(user, escalation) -> tuple[bool, bool]:
    """Whether this person reads it, and works on it."""
    reads = access.readable(user).filter(pk=escalation.pk).exists()
    return reads, access.may_handle(user, escalation)


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("specialist", (True, True)),
        ("agent", (True, False)),
        ("supervisor", (True, True)),
        ("desk_clerk", (False, False)),
        ("administrator", (False, False)),
        ("stranger", (False, False)),
    ],
)
def test_each_role_and_a_question_of_a_department(who, expected, asked, request):
    assert may(request.getfixturevalue(who), asked) == expected


def test_a_specialist_of_another_department_knows_of_none(asked, make_user):
    other = make_user("Lotte", "specialist")
    make_department("wonen", other)
    assert may(other, asked) == (False, False)
    with pytest.raises(RuleBroken, match="not_found"):
        access.find(other, asked.question.public_id)


def test_a_member_without_the_role_of_specialist_reads_nothing(asked, mobility, make_user):
    member = make_user("Noor", "desk")
    mobility.memberships.create(user=member)
    assert may(member, asked) == (False, False)


def test_a_question_without_department_is_for_the_contact_centre(agent, specialist):
    asked = passed_on(None, channel=Question.Channel.FORM)
    assert may(agent, asked) == (True, True)
    assert may(specialist, asked) == (False, False)


@pytest.mark.parametrize(
    ("starts", "ends", "expected"), [(0, 0, True), (-3, 2, True), (1, 5, False)]
)
def test_a_stand_in_works_for_who_is_away_on_those_days(
    starts, ends, expected, asked, specialist, make_user
):
    other = make_user("Lotte", "specialist")
    make_department("wonen", other)
    Absence.objects.create(
        user=specialist,
        stand_in=other,
        starts_on=TODAY() + timedelta(days=starts),
        ends_on=TODAY() + timedelta(days=ends),
    )
    assert may(other, asked) == (expected, expected)
    assert access.may_be_given(other, asked) is expected
    assert access.stood_in_for(other).exists() is expected


def test_it_is_given_to_colleagues_with_the_role_only(asked, mobility, specialist, make_user):
    lotte, noor, gone = (make_user("Lotte", "specialist"), make_user("Noor"), make_user("Piet"))
    for one in (lotte, noor, gone):
        mobility.memberships.create(user=one)
    gone.role_grants.create(role="specialist")
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    assert list(access.colleagues(asked)) == [specialist, lotte]
    with pytest.raises(RuleBroken, match="not_their_department"):
        handling.assign(escalation=asked, to=noor, by=specialist, now=timezone.now())


def test_the_link_opens_its_own_question_only(mobility):
    one, other = routed(mobility), routed(mobility)
    now = timezone.now()
    assert access.by_link(one.reference, links.link_secret(one), now=now) == one
    for reference, secret in (
        (one.reference, links.link_secret(other)),
        (one.reference, ""),
        (one.reference, "é" * 22),
        ("HAS-2026-999999-A", links.link_secret(one)),
        ("nonsens", links.link_secret(one)),
    ):
        with pytest.raises(RuleBroken, match="not_found"):
            access.by_link(reference, secret, now=now)


def test_the_link_ends_some_time_after_the_question(asked, specialist):
    now = timezone.now()
    answering.close(
        escalation=asked,
        outcome=Question.Outcome.NOT_FOR_CITY,
        text="Dat doet de provincie.",
        by=specialist,
        now=now,
    )
    days = QuestionRules.current().link_days
    secret = links.link_secret(asked)
    assert access.by_link(asked.reference, secret, now=now + timedelta(days=days - 1))
    with pytest.raises(RuleBroken, match="link_expired"):
        access.by_link(asked.reference, secret, now=now + timedelta(days=days + 1))


def test_an_older_key_still_opens_what_was_mailed_with_it(asked, settings):
    mailed = links.link_secret(asked)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-of-more-than-fifty-characters-for-this-test"
    assert links.link_secret(asked) != mailed
    assert links.opens(asked, mailed)
    settings.SECRET_KEY_FALLBACKS = []
    assert not links.opens(asked, mailed)
