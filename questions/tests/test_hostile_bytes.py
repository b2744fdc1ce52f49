"""A zero byte in what staff send: PostgreSQL refuses it, so it must not get there."""

import uuid

import pytest

from questions.testing.rows import make_department, routed

pytestmark = pytest.mark.django_db
ZERO = "a\x00"


def test_the_list(agent_client):
    asked = {"zoek": ZERO, "dienst": ZERO}
    assert agent_client.get("/werkbank/vragen/", asked).status_code == 200


@pytest.mark.parametrize("do", ["pass-on", "assign", "close", "answer"])
def test_the_page_of_a_question(do, supervisor_client, specialist):
    asked = routed(make_department("mobiliteit", specialist))
    names = ("text", "department", "colleague", "outcome")
    sent = {"do": do, "ref": str(uuid.uuid4()), "seen": "2", **dict.fromkeys(names, ZERO)}
    address = f"/werkbank/vragen/{asked.question.public_id}/"
    assert supervisor_client.post(address, sent).status_code < 500


@pytest.mark.parametrize("page", ["doorsturen/", "diensten.json", ""])
def test_the_pages_that_register(page, agent_client):
    sent = dict.fromkeys(("text", "department", "topic", "ref", "channel"), ZERO)
    assert agent_client.post(f"/werkbank/vraag/{page}", sent).status_code < 500
