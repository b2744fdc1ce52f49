"""Any order of everything that people and the portal do: a question is never lost.

Three specialists, two agents, departments that merge, citizens with and without a mail address.
"""

import uuid
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.test import TestCase
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from accounts.models import User
from city.hours import BRUSSELS
from common.errors import RuleBroken
from questions import access
from questions.actions import answering, handling, routing
from questions.actions.registering import Contact
from questions.models import Entry, Escalation, Question, Step
from questions.states import (
    ALLOWED_MOVES,
    IN_HAND_STATES,
    OWED_STATES,
    TO_ROUTE_STATES,
    Kind,
    State,
    Way,
)
from questions.testing.rows import make_department, passed_on

NOW = datetime(2026, 6, 8, 10, tzinfo=BRUSSELS)  # a Monday
REFUSED = {
    *("answered_already", "closed_already", "department_gone", "no_mail_to_ask"),
    *("not_allowed_now", "not_their_department", "reply_too_late", "same_department"),
    "taken_by",
}
CONTACTS = (
    Contact(way=Way.MAIL, mail="fatima@burger.example"),
    Contact(way=Way.PHONE, phone="0470 12 34 56"),
    Contact(way=Way.CHAT, mail="fatima@burger.example"),
)
contacts = st.sampled_from(CONTACTS)
which, who, where = st.integers(0, 5), st.integers(0, 4), st.integers(0, 2)
outcomes = st.sampled_from(answering.ENDINGS)


class QuestionMachine(RuleBasedStateMachine):
    """Each step is one action in its own transaction; what the rules refuse changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @initialize(department=where, contact=contacts)
    def begin(self, department: int, contact: Contact) -> None:
        self.now = NOW
        self.states: dict[int, str] = {}
        people = [("Dirk", "specialist"), ("Lotte", "specialist"), ("Mo", "specialist")]
        self.people = [
            User.objects.create_user(f"{name}@test.example", first_name=name)
            for name, _role in [*people, ("Anke", "agent"), ("Bram", "agent")]
        ]
        for person in self.people:
            is_agent = person.first_name in {"Anke", "Bram"}
            person.role_grants.create(role="agent" if is_agent else "specialist")
        dirk, lotte, mo, *_ = self.people
        self.departments = [
            make_department("mobiliteit", dirk, lotte),
            make_department("wonen", lotte, mo),
            make_department("groen", mo, dirk),
        ]
        self.a_question_comes(department, contact)

    def step(self, action, **arguments) -> None:
        self.now += timedelta(minutes=1)
        try:
            with TestCase.captureOnCommitCallbacks(), transaction.atomic():
                action(**arguments, now=self.now)
        except RuleBroken as broken:
            if broken.code not in REFUSED:
                raise

    def some(self, number: int) -> Escalation:
        rows = Escalation.objects.order_by("pk")
        return rows[number % len(rows)]

    def on(self, number: int, action, **arguments) -> None:
        self.step(action, escalation=self.some(number), **arguments)

    # --- what happens ---------------------------------------------------------------------------

    @rule(department=st.none() | where, contact=contacts)
    def a_question_comes(self, department: int | None, contact: Contact) -> None:
        chosen = None if department is None else self.departments[department]
        if Escalation.objects.count() < 4 and (chosen is None or chosen.is_active):
            self.now += timedelta(minutes=1)
            with TestCase.captureOnCommitCallbacks():
                passed_on(chosen, now=self.now, contact=contact)

    @rule(number=which)
    def celery_routes(self, number: int) -> None:
        self.on(number, routing.route_chosen)

    @rule(number=which, to=where, by=who, note=st.sampled_from(["", "Graag jullie."]))
    def it_is_sent_to(self, number: int, to: int, by: int, note: str) -> None:
        self.on(
            number,
            routing.send_to_department,
            department=self.departments[to],
            by=self.people[by],
            note=note,
            client_ref=uuid.uuid4(),
        )

    @rule(number=which, by=who)
    def it_is_returned(self, number: int, by: int) -> None:
        self.on(
            number,
            routing.return_question,
            reason="Niet voor ons.",
            by=self.people[by],
            client_ref=uuid.uuid4(),
        )

    @rule(old=where, new=where)
    def a_department_merges(self, old: int, new: int) -> None:
        gone, into = self.departments[old], self.departments[new]
        if gone == into or not gone.is_active or not into.is_active:
            return
        if sum(each.is_active for each in self.departments) == 2:
            return
        gone.is_active, gone.merged_into = False, into
        gone.save()
        self.step(routing.move_open_questions, old=gone, new=into, by=self.people[3])

    @rule(number=which, by=who)
    def it_is_taken(self, number: int, by: int) -> None:
        if self.people[by].is_active:
            self.on(number, handling.take, by=self.people[by])

    @rule(number=which, to=who, by=who)
    def it_is_assigned(self, number: int, to: int, by: int) -> None:
        self.on(number, handling.assign, to=self.people[to], by=self.people[by])

    @rule(number=which, by=who)
    def it_is_given_back(self, number: int, by: int) -> None:
        self.on(number, handling.give_back, by=self.people[by])

    @rule(number=which, by=who)
    def a_note_is_written(self, number: int, by: int) -> None:
        self.on(
            number,
            handling.write_note,
            text="Gebeld.",
            by=self.people[by],
            client_ref=uuid.uuid4(),
        )

    @rule()
    def a_specialist_leaves(self) -> None:
        leaves = self.people[0]  # each department keeps one: without any, a supervisor has it
        leaves.is_active = False
        leaves.save()
        self.step(handling.give_back_all_of, person=leaves, by=None)
        assert handling.in_hands_of(leaves) == []

    @rule(number=which, by=who)
    def the_citizen_is_asked(self, number: int, by: int) -> None:
        if self.people[by].is_active:
            by_whom = self.people[by]
            send = uuid.uuid4()
            self.on(number, answering.ask_citizen, text="Waar?", by=by_whom, client_ref=send)

    @rule(number=which, by=who, outcome=outcomes, times=st.integers(1, 2))
    def it_is_answered(self, number: int, by: int, outcome: str, times: int) -> None:
        send = uuid.uuid4()
        for _ in range(times if self.people[by].is_active else 0):
            self.on(
                number,
                answering.answer,
                text="Ja, dat mag.",
                by=self.people[by],
                outcome=Question.Outcome(outcome),
                client_ref=send,
            )

    @rule(number=which, by=st.none() | who, outcome=outcomes)
    def it_is_closed(self, number: int, by: int | None, outcome: str) -> None:
        person = None if by is None else self.people[by]
        chosen = Question.Outcome(outcome)
        self.on(number, answering.close, outcome=chosen, text="Helaas.", by=person)

    @rule(number=which)
    def the_citizen_is_satisfied(self, number: int) -> None:
        self.on(number, answering.close_satisfied)

    @rule(number=which)
    def the_citizen_replies(self, number: int) -> None:
        self.on(number, answering.reply, text="En op zondag?", client_ref=uuid.uuid4())

    @rule(hours=st.sampled_from([1, 20, 72, 24 * 15]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    # --- what always holds ----------------------------------------------------------------------

    @invariant()
    def no_question_is_without_an_owner(self) -> None:
        for row in Escalation.objects.owed().select_related("department", "assignee"):
            if row.department is None:
                assert row.state in TO_ROUTE_STATES, f"{row.state}: nobody has it"
            else:
                assert row.state != State.RETURNED
                assert row.department.is_active, f"{row.state}: with a department that is gone"

    @invariant()
    def who_has_it_in_hand_was_given_it(self) -> None:
        for row in Escalation.objects.filter(state__in=IN_HAND_STATES).select_related("assignee"):
            taken = row.entries.filter(kind=Kind.TAKEN).order_by("seq").last()
            assert row.assignee is not None
            assert taken is not None
            assert taken.staff == row.assignee
            assert row.assignee.is_active, "in the hands of somebody who left"

    @invariant()
    def each_answer_is_mailed_once(self) -> None:
        for entry in Entry.objects.filter(kind=Kind.ANSWERED).select_related("escalation"):
            is_mailed = entry.escalation.mail and entry.code != Question.Outcome.CALLED_BACK
            mails = Step.objects.filter(kind=Step.Kind.ANSWER, entry=entry, dropped_at=None)
            assert mails.count() == (1 if is_mailed else 0)

    @invariant()
    def a_department_is_mailed_once_for_each_time_it_gets_it(self) -> None:
        for row in Escalation.objects.exclude(state__in=TO_ROUTE_STATES):
            mails = row.steps.filter(kind=Step.Kind.TO_DEPARTMENT).count()
            # One that was closed before it was routed comes to its department with the reply.
            opened_again = row.entries.filter(kind=Kind.REOPENED).exists()
            replied = row.steps.filter(kind=Step.Kind.REPLIED).exists()
            if row.state in OWED_STATES:
                assert mails or (opened_again and replied), f"{row.state}: nobody heard of it"
            assert mails <= row.entries.filter(kind=Kind.ROUTED).count()

    @invariant()
    def a_citizen_hears_of_another_department_only_when_it_is_another(self) -> None:
        for step in Step.objects.filter(kind=Step.Kind.MOVED).select_related("entry"):
            earlier = Entry.objects.filter(
                escalation=step.escalation, kind=Kind.ROUTED, seq__lt=step.entry.seq
            )
            first = step.escalation.entries.get(seq=1)
            assert earlier.exists() or not first.department_name, "the receipt said so already"

    @invariant()
    def the_course_has_no_holes(self) -> None:
        for row in Escalation.objects.all():
            numbers = list(row.entries.order_by("seq").values_list("seq", flat=True))
            assert numbers == list(range(1, row.last_seq + 1))

    @invariant()
    def a_term_runs_exactly_while_we_owe_and_nobody_waits(self) -> None:
        for row in Escalation.objects.all():
            runs = row.state in OWED_STATES and row.state != State.WAITING
            assert (row.due_at is not None) == (row.remind_at is not None) == runs
            assert (row.term_left_s is not None) == (row.state == State.WAITING)
            assert (row.waiting_since is not None) == (row.state == State.WAITING)

    @invariant()
    def an_outcome_stands_exactly_when_it_ended(self) -> None:
        for row in Escalation.objects.select_related("question"):
            has_ended = row.state in {State.ANSWERED, State.CLOSED}
            assert bool(row.question.outcome) == has_ended
            assert (row.closed_at is not None) == (row.state == State.CLOSED)
            assert (row.closes_at is not None) == (row.state == State.ANSWERED)

    @invariant()
    def states_move_by_the_table_only(self) -> None:
        for row in Escalation.objects.all():
            before = State(self.states.get(row.pk, State.NEW))
            # One step may do two moves: who answers takes it in hand first.
            through = {far for near in ALLOWED_MOVES[before] for far in ALLOWED_MOVES[near]}
            assert row.state in {before, *ALLOWED_MOVES[before], *through}
            self.states[row.pk] = row.state

    @invariant()
    def somebody_may_handle_what_is_owed(self) -> None:
        active = [person for person in self.people if person.is_active]
        for row in Escalation.objects.owed().exclude(state=State.NEW):
            assert any(access.may_handle(person, row) for person in active)


@pytest.mark.django_db
def test_no_order_of_steps_loses_a_question():
    run_state_machine_as_test(
        QuestionMachine,
        # Without making a failing series shorter, which takes minutes with a database.
        settings=settings(
            max_examples=12,
            stateful_step_count=30,
            deadline=None,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
        ),
    )
