"""What an administrator does with departments."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from city.events import department_merged
from city.models import Department, Membership, Product, Topic
from common.errors import RuleBroken

# Has what no other department has; the portal knows it by this short name.
CONTACT_CENTRE = "contactcentrum"


@transaction.atomic
def merge_departments(*, old: Department, into: Department, by: User, now: datetime) -> None:
    """A department becomes part of another one: its people, topics, products and words go along.

    The old one is switched off and keeps its name for the history. Both rows are locked, by number.
    Announces `events.department_merged`; rooms above move in it what they hold of the old one.

    Raises RuleBroken: merge_itself, merge_contact_centre, merged_already, into_inactive,
    into_without_mailbox.
    """
    if old.pk == into.pk:
        raise RuleBroken("merge_itself", department=old.name)
    # Not the key: who writes a row that points to a department at this moment must not have to wait
    # for us, as we wait for what they hold. PostgreSQL would end one of both as a deadlock.
    rows = Department.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    held = {row.pk: row for row in rows.filter(pk__in=(old.pk, into.pk))}
    old, into = held[old.pk], held[into.pk]
    _require_may_merge(old, into)
    _move_people(old, into)
    Topic.objects.filter(department=old).update(department=into)
    Product.objects.filter(department=old).update(department=into)
    into.keywords = _joined(into.keywords, old.keywords)
    into.save(update_fields=["keywords"])
    old.is_active, old.merged_into = False, into
    old.save(update_fields=["is_active", "merged_into"])
    department_merged.send(Department, old=old, into=into, by=by, now=now)


def _require_may_merge(old: Department, into: Department) -> None:
    if old.slug == CONTACT_CENTRE:
        raise RuleBroken("merge_contact_centre", department=old.name)
    if old.merged_into_id:
        raise RuleBroken("merged_already", department=old.name)
    if not into.is_active:
        raise RuleBroken("into_inactive", department=into.name)
    if not into.email:
        raise RuleBroken("into_without_mailbox", department=into.name)


def _move_people(old: Department, into: Department) -> None:
    """Nobody is in the new department twice; a head of either one is a head there."""
    there = {row.user_id: row for row in Membership.objects.filter(department=into)}
    for coming in Membership.objects.filter(department=old):
        double = there.get(coming.user_id)
        if double is None:
            coming.department = into
            coming.save(update_fields=["department"])
            continue
        if coming.is_head and not double.is_head:
            double.is_head = True
            double.save(update_fields=["is_head"])
        coming.delete()


def _joined(words: str, more: str) -> str:
    """Both lists of words, each word once."""
    every = (word.strip() for word in f"{words},{more}".split(","))
    return ", ".join(dict.fromkeys(filter(None, every)))
