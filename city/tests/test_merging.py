"""A department becomes part of another one: its people, topics and products go along."""

import pytest
from django.utils import timezone

from city.actions import merge_departments
from city.events import department_merged
from city.models import Department, Membership, Product, Topic
from city.sentences import SENTENCES, sentence_for
from common.errors import RuleBroken

pytestmark = pytest.mark.django_db


@pytest.fixture
def green():
    return Department.objects.create(
        slug="groen", name="Groen", email="groen@test.example", keywords="boom, park"
    )


@pytest.fixture
def public_space():
    return Department.objects.create(
        slug="domein", name="Openbaar domein", email="domein@test.example", keywords="put, boom"
    )


def merge(old, into, by):
    merge_departments(old=old, into=into, by=by, now=timezone.now())


def test_everything_goes_along(green, public_space, administrator, specialist):
    green.memberships.create(user=specialist)
    topic = Topic.objects.create(slug="bomen", name="Bomen", department=green)
    product = Product.objects.create(slug="boom", title="Boom", topic=topic, department=green)
    merge(green, public_space, administrator)
    green.refresh_from_db()
    assert (green.is_active, green.merged_into) == (False, public_space)
    assert list(Membership.objects.values_list("user", "department")) == [
        (specialist.pk, public_space.pk)
    ]
    for row in (topic, product):
        row.refresh_from_db()
        assert row.department == public_space
    public_space.refresh_from_db()
    assert public_space.keywords == "put, boom, park"


@pytest.mark.parametrize(
    ("head_of_old", "head_of_new"), [(True, False), (False, True), (False, False), (True, True)]
)
def test_who_was_in_both_is_there_once_and_a_head_stays_head(
    green, public_space, administrator, specialist, head_of_old, head_of_new
):
    green.memberships.create(user=specialist, is_head=head_of_old)
    public_space.memberships.create(user=specialist, is_head=head_of_new)
    merge(green, public_space, administrator)
    only = Membership.objects.get()
    assert (only.department, only.is_head) == (public_space, head_of_old or head_of_new)


def test_a_head_who_comes_along_stays_head(green, public_space, administrator, specialist):
    green.memberships.create(user=specialist, is_head=True)
    merge(green, public_space, administrator)
    assert Membership.objects.get().is_head


def refusal(old, into, by) -> str:
    with pytest.raises(RuleBroken) as broken:
        merge(old, into, by)
    assert sentence_for(broken.value)
    return broken.value.code


def test_what_makes_no_sense_is_refused(green, public_space, administrator):
    assert refusal(green, green, administrator) == "merge_itself"
    Department.objects.filter(pk=public_space.pk).update(is_active=False)
    # The page was opened before: what counts is how it stands now.
    assert refusal(green, public_space, administrator) == "into_inactive"
    Department.objects.filter(pk=public_space.pk).update(is_active=True, email="")
    assert refusal(green, public_space, administrator) == "into_without_mailbox"
    centre = Department.objects.create(slug="contactcentrum", name="Contactcentrum")
    assert refusal(centre, green, administrator) == "merge_contact_centre"
    green.refresh_from_db()
    assert green.is_active


def test_merging_twice_is_refused(green, public_space, administrator):
    merge(green, public_space, administrator)
    assert refusal(green, public_space, administrator) == "merged_already"
    assert refusal(public_space, green, administrator) == "into_inactive"


def test_every_refusal_has_a_sentence():
    assert set(SENTENCES) == {
        *("merge_itself", "merge_contact_centre", "merged_already"),
        *("into_inactive", "into_without_mailbox"),
    }


def test_a_receiver_that_fails_undoes_it_all(green, public_space, administrator, specialist):
    green.memberships.create(user=specialist)

    def fails(**kwargs):
        raise RuntimeError

    department_merged.connect(fails)
    try:
        with pytest.raises(RuntimeError):
            merge(green, public_space, administrator)
    finally:
        department_merged.disconnect(fails)
    green.refresh_from_db()
    assert green.is_active
    assert green.memberships.count() == 1
