"""What a person may do with a question as it stands: what the page offers."""

from enum import StrEnum

from accounts.models import User
from questions import access
from questions.actions.answering import WITHOUT_ANSWER
from questions.models import Escalation, Question
from questions.states import IN_HAND_STATES, State, Way

Outcome = Question.Outcome
AT_HAND = (State.ROUTED, State.REOPENED, *IN_HAND_STATES)


class Do(StrEnum):
    TAKE = "take"
    TAKE_OVER = "take-over"
    ASSIGN = "assign"
    GIVE_BACK = "give-back"
    ASK = "ask"
    ANSWER = "answer"
    NOTE = "note"
    PASS_ON = "pass-on"  # noqa: S105  no secret
    RETURN = "return"
    CLOSE = "close"


def offered(person: User, escalation: Escalation) -> frozenset[Do]:
    """What the page offers; the actions refuse the rest by themselves.

    Who may read may write a note: an agent who is called about a question tells the department.
    """
    found = {Do.NOTE}
    if not access.may_handle(person, escalation):
        return frozenset(found)
    state = State(escalation.state)
    in_hand = state in IN_HAND_STATES
    is_mine = escalation.assignee_id == person.pk
    if state in AT_HAND:
        found |= {Do.ASSIGN}
    if state in AT_HAND and not in_hand:
        found |= {Do.TAKE}
    if in_hand and not is_mine and access.may_be_given(person, escalation):
        found |= {Do.TAKE_OVER}
    if escalation.assignee_id and state in AT_HAND:
        found |= {Do.GIVE_BACK}
    if state in AT_HAND and (is_mine or not in_hand):
        found |= {Do.ANSWER}
        if escalation.mail or escalation.way == Way.CHAT:
            found |= {Do.ASK}
    if escalation.can_move(State.ROUTED):
        found |= {Do.PASS_ON}
    if escalation.can_move(State.RETURNED) and escalation.department_id:
        found |= {Do.RETURN}
    if escalation.can_move(State.CLOSED):
        found |= {Do.CLOSE}
    return frozenset(found)


def answer_outcomes(escalation: Escalation) -> list[Outcome]:
    """How an answer reaches this citizen, the chosen way first; unreachable ends it."""
    by_call = [Outcome.CALLED_BACK, Outcome.CITIZEN_UNREACHABLE] if escalation.phone else []
    by_text = [Outcome.ANSWERED] if escalation.mail or escalation.way == Way.CHAT else []
    return by_call + by_text if escalation.way == Way.PHONE else by_text + by_call


def only_by_chat(escalation: Escalation) -> bool:
    """Whether a text reaches this citizen in an open chat only; else somebody has to call."""
    return escalation.way == Way.CHAT and not escalation.mail and bool(escalation.phone)


def close_outcomes(escalation: Escalation) -> list[Outcome]:
    """How a question ends without an answer; an answered one keeps its outcome."""
    if escalation.state == State.ANSWERED:
        return []
    return list(WITHOUT_ANSWER)
