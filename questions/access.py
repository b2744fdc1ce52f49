"""Who may have which question."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.access import CHAT_ROLES
from accounts.models import Role, User
from city.models import Absence, Department
from common.errors import RuleBroken
from questions import links
from questions.actions import at_once
from questions.models import Entry, Escalation, EscalationQuerySet, Question, QuestionRules
from questions.references import read
from questions.states import PUBLIC_KINDS, TO_ROUTE_STATES

# --- answered at once -------------------------------------------------------------------------


def registered_by(user: User, since: datetime) -> QuerySet[Question]:
    """What this person registered since `since`, newest first, also what was taken back."""
    rows = Question.objects.filter(registered_by=user, registered_at__gte=since)
    return rows.select_related("topic", "escalation__department").order_by("-registered_at", "-pk")


def own(user: User, public_id: UUID) -> Question:
    """A question that this person registered; raises RuleBroken("not_found")."""
    try:
        return Question.objects.select_related("topic").get(public_id=public_id, registered_by=user)
    except Question.DoesNotExist:
        raise RuleBroken("not_found") from None


def answered_at_once_since(moment: datetime) -> QuerySet[Question]:
    """Every question answered at once since `moment` that was not taken back, of all people."""
    return Question.objects.filter(
        registered_at__gte=moment, withdrawn_at=None, outcome__in=at_once.OUTCOMES
    )


# --- passed on: staff -------------------------------------------------------------------------

INBOX_ROLES = (Role.SPECIALIST, *CHAT_ROLES)


def departments_of(user: User) -> QuerySet[Department]:
    """Whose inbox this person works in: as a member, or standing in for a member today."""
    away = Absence.objects.on(timezone.localdate()).filter(stand_in=user).values("user")
    theirs = Q(memberships__user=user) | Q(memberships__user__in=away)
    return Department.objects.filter(theirs).distinct()


def readable(user: User) -> EscalationQuerySet:
    """What this person may read.

    The contact centre helps every citizen who calls about a question, so it reads all of them; a
    specialist those of the own departments, those in the own hands, and those of whom this person
    stands in for. What was anonymised is nobody's.
    """
    rows = Escalation.objects.filter(anonymised_at=None)
    if user.has_role(*CHAT_ROLES):
        return rows
    if not user.has_role(Role.SPECIALIST):
        return rows.none()
    return rows.filter(Q(department__in=departments_of(user)) | Q(assignee=user))


def find(user: User, public_id: UUID) -> Escalation:
    """A question that this person may read; raises RuleBroken("not_found")."""
    try:
        return readable(user).joined().get(question__public_id=public_id)
    except Escalation.DoesNotExist:
        raise RuleBroken("not_found") from None


def may_handle(user: User, escalation: Escalation) -> bool:
    """Whether this person may take, ask, answer and pass on: members and their stand-ins.

    A supervisor may too, for a question that would otherwise lie; an agent what the contact centre
    has to route.
    """
    if user.has_role(Role.SUPERVISOR):
        return True
    if escalation.department_id is None:
        return escalation.state in TO_ROUTE_STATES and user.has_role(*CHAT_ROLES)
    if not user.has_role(Role.SPECIALIST, *CHAT_ROLES):
        return False
    return escalation.assignee_id == user.pk or _works_in(user, escalation.department_id)


def require_handles(user: User, escalation: Escalation) -> None:
    """Raises RuleBroken("not_allowed")."""
    if not may_handle(user, escalation):
        raise RuleBroken("not_allowed")


def may_be_given(user: User, escalation: Escalation) -> bool:
    """Whether the question may be put into the hands of this person."""
    return (
        escalation.department_id is not None
        and user.is_active
        and user.has_role(*INBOX_ROLES)
        and _works_in(user, escalation.department_id)
    )


def colleagues(escalation: Escalation) -> QuerySet[User]:
    """Into whose hands the question may be put, by name."""
    return (
        User.objects.filter(
            is_active=True,
            memberships__department=escalation.department_id,
            role_grants__role__in=INBOX_ROLES,
        )
        .distinct()
        .order_by("first_name", "last_name")
    )


def stood_in_for(user: User) -> QuerySet[User]:
    """Who is away today and has this person as stand-in."""
    away = Absence.objects.on(timezone.localdate()).filter(stand_in=user)
    return User.objects.filter(pk__in=away.values("user"))


def _works_in(user: User, department_id: int) -> bool:
    return departments_of(user).filter(pk=department_id).exists()


# --- passed on: the citizen -------------------------------------------------------------------


def by_link(reference: str, secret: str, *, now: datetime) -> Escalation:
    """The question that a citizen's link opens.

    Raises RuleBroken: not_found (also with a wrong secret), link_expired.
    """
    written = read(reference)
    found = Escalation.objects.joined().filter(reference=written).first() if written else None
    if found is None or not links.opens(found, secret):
        raise RuleBroken("not_found")
    until = found.readable_until(QuestionRules.current())
    if found.anonymised_at or (until and now > until):
        raise RuleBroken("link_expired")
    return found


def by_send(client_ref: UUID) -> Escalation | None:
    """The question that a citizen's form made before, when it was sent already.

    The ref was made up by the page and is known to its browser only.
    """
    sent = Escalation.objects.filter(question__client_ref=client_ref, anonymised_at=None)
    return sent.joined().filter(question__registered_by=None).first()


def public_course(escalation: Escalation) -> QuerySet[Entry]:
    """The lines that the citizen reads, oldest first."""
    return escalation.entries.filter(kind__in=PUBLIC_KINDS).order_by("seq")
