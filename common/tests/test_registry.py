"""A list in a low room that the rooms above fill."""

import pytest

from common.registry import Registry


@pytest.fixture
def doors() -> Registry[str]:
    return Registry("doors")


def test_keeps_the_order_of_registration(doors):
    doors.register("b", "second letter")
    doors.register("a", "first letter")
    assert list(doors) == ["second letter", "first letter"]
    assert [key for key, _ in doors.items()] == ["b", "a"]


def test_finds_by_name(doors):
    doors.register("a", "first letter")
    assert doors["a"] == "first letter"
    assert "a" in doors
    assert "b" not in doors


def test_a_name_is_taken_once(doors):
    doors.register("a", "first letter")
    with pytest.raises(ValueError, match="doors: 'a' is registered twice"):
        doors.register("a", "another")


def test_the_same_item_twice_is_no_harm(doors):
    item = "first letter"
    doors.register("a", item)
    doors.register("a", item)
    assert list(doors) == [item]
