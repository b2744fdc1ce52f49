"""A number that the portal need not know: warned of while it is typed, and left out when sent."""

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e import axe
from tests.e2e.citizen import Citizen
from tests.e2e.spoken import listen, spoken
from tests.e2e.talk import QUESTION, Talk
from tests.e2e.words import nl

# The warning is the browser's; chat/tests bring masking to both databases.
pytestmark = pytest.mark.once

NATIONAL = "93.05.18-223.61"
WARNING = "You are typing {what}. We do not need it and leave it out of your message."
SECRETS = {
    NATIONAL: "a national register number",
    "BE68 5390 0754 7034": "an account number",
    "4111 1111 1111 1111": "the number of a payment card",
}


@pytest.fixture
def typist(new_context, agent, office) -> Citizen:
    context = new_context()
    listen(context)
    return Citizen(context.new_page()).open_chat()


def warning(citizen: Citizen, what: str) -> Locator:
    return citizen.panel.get_by_text(citizen.say(WARNING, what=citizen.say(what)))


@pytest.mark.parametrize("secret", SECRETS)
def test_each_secret_is_named_once_while_it_is_typed(typist, secret):
    typist.field.press_sequentially(f"Mijn nummer is {secret}, en mijn vraag is")
    expect(warning(typist, SECRETS[secret])).to_be_visible()
    words = nl(WARNING, what=nl(SECRETS[secret]))
    assert [said for _, said in spoken(typist.page, words)] == [words]
    assert not axe.check(typist.page, name=secret, widths=(360, 1280))


def test_taken_out_again_the_warning_goes(typist):
    typist.field.fill(NATIONAL)
    expect(warning(typist, SECRETS[NATIONAL])).to_be_visible()
    typist.field.fill("Bel mij op 0470 12 34 56.")
    expect(warning(typist, SECRETS[NATIONAL])).to_be_hidden()


def test_sent_all_the_same_both_sides_see_what_was_stored(citizen, agent, office):
    talk = Talk.begin(citizen, agent, office)
    citizen.write(f"Mijn nummer is {NATIONAL}.")
    expect(warning(citizen, SECRETS[NATIONAL])).to_be_hidden()
    for side in (citizen, agent):
        side.sees("Mijn nummer is [")
        expect(side.log).not_to_contain_text(NATIONAL)
    stored = [row["text"] for row in office.messages(conversation=talk.conversation)]
    assert NATIONAL not in " ".join(stored)
    assert talk.citizen.screen()[-1] == ["citizen", stored[-1]]


def test_a_first_question_is_warned_about_as_well_and_may_be_sent(typist, agent):
    typist.field.fill(f"{QUESTION} {NATIONAL}")
    expect(warning(typist, SECRETS[NATIONAL])).to_be_visible()
    typist.field.press("Enter")
    typist.sees(QUESTION)
    expect(typist.log).not_to_contain_text(NATIONAL)
