"""The telephone first: who switches it, when it ends, and that it never flaps."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat import rush as standing
from chat.actions import rush
from chat.models import ExchangeReport, PhoneFirst
from chat.testing import world
from chat.testing.world import NOW, after
from city.hours import BRUSSELS
from city.models import Announcement
from common.errors import RuleBroken
from common.models import Event
from common.testing.races import at_once

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
ON, OFF = 6, 2  # of the rules


@pytest.fixture(autouse=True)
def rules(db):
    return world.rules(phone_first_on_calls=ON, phone_first_off_calls=OFF)


def on(supervisor, now=NOW, span=HOUR):
    rush.switch_on(by=supervisor, until=now + span, now=now)


def report(calls, now=NOW):
    return rush.hear_exchange(waiting_calls=calls, now=now)


def history():
    """Source, length in seconds and why it ended of all times, oldest first."""
    return [
        (
            row.source,
            row.ended_at and (row.ended_at - row.started_at).total_seconds(),
            row.end_reason,
        )
        for row in PhoneFirst.objects.order_by("pk")
    ]


def events():
    return list(
        Event.objects.filter(kind__startswith="chat.phone_first")
        .order_by("pk")
        .values_list("kind", "actor")
    )


def test_a_supervisor_puts_the_telephone_first_and_the_bar_says_so(supervisor, rules):
    on(supervisor)
    row, bar = standing.current(NOW), Announcement.objects.get()
    assert (row.source, row.started_by, row.until) == ("supervisor", supervisor, after(3_600))
    assert (bar.kind, bar.text, bar.text_en) == (
        "phone_first",
        rules.phone_first_text,
        rules.phone_first_text_en,
    )
    assert (bar.starts_at, bar.ends_at) == (NOW, after(3_600))
    assert events() == [("chat.phone_first_on", supervisor.pk)]


def test_every_page_shows_it_at_its_next_load_in_its_language(supervisor, rules):
    on(supervisor, timezone.now())
    texts = {"/": rules.phone_first_text, "/en/contact/": rules.phone_first_text_en}
    for address, text in texts.items():
        assert text in Client().get(address).content.decode()
    status = Client().get("/chat/status.json").json()
    assert status["announcement"] == rules.phone_first_text
    rush.switch_off(by=supervisor, now=timezone.now())
    assert rules.phone_first_text not in Client().get("/").content.decode()


def test_it_is_over_on_the_second_before_anybody_swept(supervisor):
    on(supervisor)
    assert standing.current(after(3_599))
    assert standing.current(after(3_600)) is None
    assert list(Announcement.objects.on_at(after(3_599))) != []
    assert list(Announcement.objects.on_at(after(3_600))) == []


def test_the_sweep_writes_the_end_at_its_own_moment_and_once(supervisor):
    on(supervisor)
    assert not rush.end_what_is_over(now=after(3_599))
    assert rush.end_what_is_over(now=after(3_655))
    assert not rush.end_what_is_over(now=after(3_660))
    assert history() == [("supervisor", 3_600.0, "time_over")]
    assert events() == [("chat.phone_first_on", supervisor.pk), ("chat.phone_first_off", None)]
    assert not Announcement.objects.exists()


@pytest.mark.parametrize("span", [timedelta(0), timedelta(hours=-1), timedelta(hours=4, seconds=1)])
def test_a_time_in_the_past_or_beyond_four_hours_is_refused(supervisor, span):
    with pytest.raises(RuleBroken, match="phone_first_until"):
        on(supervisor, span=span)
    assert not PhoneFirst.objects.exists()


def test_a_double_click_changes_nothing(supervisor):
    on(supervisor)
    on(supervisor, after(0.3))
    assert len(events()) == 1
    rush.switch_off(by=supervisor, now=after(10))
    rush.switch_off(by=supervisor, now=after(10.2))
    assert history() == [("supervisor", 10.0, "switched_off")]
    assert len(events()) == 2


def test_it_can_be_made_longer_and_the_bar_with_it(supervisor, make_user):
    on(supervisor)
    other = make_user("Olga", "supervisor")
    on(other, after(1_800), span=2 * HOUR)
    assert standing.current(NOW).until == Announcement.objects.get().ends_at == after(9_000)
    assert events()[1] == ("chat.phone_first_moved", other.pk)


def test_two_supervisors_at_once_make_one(supervisor, make_user, transactional_db):
    other = make_user("Olga", "supervisor")
    outcomes = at_once(lambda: on(supervisor), lambda: on(other))
    assert outcomes == [None, None]
    assert PhoneFirst.objects.count() == Announcement.objects.count() == 1


def test_the_database_keeps_it_to_one_at_a_time(supervisor):
    on(supervisor)
    named = r"one_phone_first_at_a_time|end_reason"
    with pytest.raises(IntegrityError, match=named), transaction.atomic():
        PhoneFirst.objects.create(source="exchange", started_at=NOW, until=after(60))


def test_the_exchange_switches_on_from_so_many_calls_and_off_at_so_few():
    assert not report(ON - 1)
    assert report(ON, after(10))
    assert report(OFF + 1, after(100))  # in between nothing changes
    assert report(OFF + 1, after(200))
    assert not report(OFF, after(210))
    assert not report(ON - 1, after(220))
    assert history() == [("exchange", 200.0, "calls_down")]
    assert ExchangeReport.objects.get().waiting_calls == ON - 1


def test_one_wild_number_does_not_make_it_flap():
    assert report(ON)
    assert report(0, after(5))
    assert report(0, after(119))
    assert not report(0, after(120))
    assert not report(99, after(121))
    assert not report(99, after(239))
    assert report(99, after(240))


def test_the_silence_of_the_exchange_ends_what_it_began():
    report(ON)
    report(ON, after(50))
    assert standing.current(after(169))
    assert standing.current(after(170)) is None
    rush.end_what_is_over(now=after(172))
    assert history() == [("exchange", 170.0, "exchange_silent")]


def test_an_exchange_that_speaks_again_after_its_silence_begins_anew():
    report(ON)
    assert not report(ON, after(130))  # steady first
    assert report(ON, after(250))
    assert history() == [("exchange", 120.0, "exchange_silent"), ("exchange", None, "")]


def test_the_exchange_never_ends_what_a_supervisor_began(supervisor):
    on(supervisor)
    assert report(0, after(600))
    rush.end_what_is_over(now=after(1_800))  # and its silence neither
    assert standing.current(after(3_599)).source == "supervisor"


def test_what_a_supervisor_switched_off_the_exchange_leaves_off_for_a_while(supervisor, settings):
    report(ON)
    rush.switch_off(by=supervisor, now=after(30))
    assert not report(ON, after(40))
    rests_until = after(30) + standing.RESTS
    assert standing.standing(after(40)).rests_until == rests_until
    assert not report(ON, rests_until - timedelta(seconds=1))
    assert report(ON, rests_until)
    assert standing.standing(rests_until).rests_until is None
    settings.EXCHANGE_TOKEN = ""
    assert standing.standing(after(40)).rests_until is None


def test_a_supervisor_takes_over_what_the_exchange_began(supervisor):
    report(ON)
    on(supervisor, after(60))
    assert report(0, after(300))
    assert history() == [("exchange", 60.0, "switched_off"), ("supervisor", None, "")]
    assert Announcement.objects.get().ends_at == after(3_660)


def test_an_administrator_who_removed_the_bar_breaks_nothing(supervisor):
    on(supervisor)
    Announcement.objects.all().delete()
    on(supervisor, after(60), span=2 * HOUR)
    rush.switch_off(by=supervisor, now=after(120))
    assert [reason for *_rest, reason in history()] == ["switched_off"]


def test_the_log_says_who_and_why_and_nothing_personal(supervisor):
    report(ON)
    rush.switch_off(by=supervisor, now=after(30))
    began, ended = Event.objects.filter(kind__startswith="chat.phone_first").order_by("pk")
    assert began.details == {"source": "exchange", "waiting_calls": ON}
    assert ended.details == {"source": "exchange", "reason": "switched_off", "seconds": 30}
    assert began.subject == ended.subject


@pytest.mark.parametrize(
    "local",
    [
        datetime(2026, 10, 25, 1, 30, tzinfo=BRUSSELS),  # the clock goes back at 3
        datetime(2026, 3, 29, 1, 30, tzinfo=BRUSSELS),  # and forward at 2
        datetime(2026, 12, 31, 23, 30, tzinfo=BRUSSELS),
    ],
)
def test_an_hour_is_an_hour_across_midnight_and_both_clock_changes(supervisor, local):
    now = local.astimezone(UTC)
    on(supervisor, now, span=4 * HOUR)
    assert standing.current(now + timedelta(hours=3, minutes=59))
    assert standing.current(now + timedelta(hours=4)) is None
    rush.end_what_is_over(now=now + timedelta(hours=5))
    assert history() == [("supervisor", 4 * 3_600.0, "time_over")]


SERIES = st.lists(st.tuples(st.integers(1, 200), st.integers(0, 12)), max_size=40)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(SERIES)
def test_whatever_the_exchange_says_it_changes_at_most_once_in_two_minutes(series):
    PhoneFirst.objects.all().delete()
    now, moments, was_first = NOW, [], False
    for wait_s, calls in series:
        now += timedelta(seconds=wait_s)
        is_first = report(calls, now)
        assert is_first == bool(standing.current(now))
        if is_first and not was_first:
            assert calls >= ON
        was_first = is_first
    for row in PhoneFirst.objects.order_by("pk"):
        moments += [row.started_at, *([row.ended_at] if row.ended_at else [])]
    spans = [later - earlier for earlier, later in pairwise(moments)]
    assert all(span >= rush.STEADY for span in spans)
