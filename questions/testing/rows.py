"""Departments with people, and questions that were passed on to them."""

import uuid
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from city.models import Department
from city.testing.rows import OFFICE_WEEK, make_schedule
from questions.actions.registering import Contact, PassedOn, pass_on
from questions.actions.routing import route_chosen
from questions.models import Escalation, Question
from questions.states import Way


def make_department(slug: str = "mobiliteit", *members: User, **fields: Any) -> Department:
    """A department with a mailbox, the hours of the town hall and these members."""
    schedule = fields.pop("schedule", None) or make_schedule(f"uren-{slug}", OFFICE_WEEK)
    values = {"name": slug.capitalize(), "email": f"{slug}@test.example", **fields}
    department = Department.objects.create(slug=slug, schedule=schedule, **values)
    for member in members:
        department.memberships.create(user=member)
    return department


def passed_on(
    department: Department | None,
    *,
    by: User | None = None,
    now: datetime | None = None,
    channel: Question.Channel = Question.Channel.PHONE,
    text: str = "Mag ik voor mijn deur parkeren?",
    contact: Contact | None = None,
    **more: Any,
) -> Escalation:
    """A question as it stands just after it was registered: Celery has not routed it yet."""
    contact = contact or Contact(way=Way.MAIL, name="Fatima", mail="fatima@burger.example")
    passed = PassedOn(uuid.uuid4(), channel, text, contact, department=department, **more)
    return pass_on(passed=passed, by=by, now=now or timezone.now())


def routed(department: Department, **more: Any) -> Escalation:
    """A question that is with its department."""
    escalation = passed_on(department, **more)
    route_chosen(escalation=escalation, now=more.get("now") or timezone.now())
    escalation.refresh_from_db()
    return escalation
