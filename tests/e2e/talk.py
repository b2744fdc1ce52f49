"""A conversation that runs between two browsers, and the database behind it."""

from dataclasses import dataclass

from playwright.sync_api import expect

from tests.e2e.agent import Agent
from tests.e2e.citizen import Citizen
from tests.e2e.office import Office
from tests.e2e.waiting import until, until_equal

QUESTION = "Waar is mijn gele PMD-zak?"
TYPED_BY_CITIZEN = "Ik wilde nog vragen of"
TYPED_BY_AGENT = "Ik kijk het even na in"


@dataclass
class Talk:
    """`sent` is every text that somebody sent with Enter, whatever happened afterwards."""

    citizen: Citizen
    agent: Agent
    office: Office
    conversation: str
    sent: list[str]

    @classmethod
    def begin(cls, citizen: Citizen, agent: Agent, office: Office) -> "Talk":
        """The citizen has asked and the agent has taken it."""
        citizen.open_chat()
        citizen.write(QUESTION)
        agent.take(QUESTION)
        agent.sees(QUESTION)
        return cls(citizen, agent, office, office.newest(), [QUESTION])

    def write(self, citizen: str = "", agent: str = "") -> None:
        """Writes without waiting for anything."""
        for who, text in ((self.citizen, citizen), (self.agent, agent)):
            if text:
                who.write(text)
                self.sent.append(text)

    def type_drafts(self) -> None:
        """Both begin a text that they do not send."""
        self.citizen.field.fill(TYPED_BY_CITIZEN)
        self.agent.field.fill(TYPED_BY_AGENT)

    def check_drafts(self) -> None:
        expect(self.citizen.field).to_have_value(TYPED_BY_CITIZEN)
        expect(self.agent.field).to_have_value(TYPED_BY_AGENT)

    def stored(self) -> list[list[str]]:
        """The messages of the database, as a screen shows them."""
        return [
            [row["author"], row["text"]] if row["kind"] == "text" else ["event", ""]
            for row in self.office.messages(conversation=self.conversation)
        ]

    def check(self, *, within_s: float = 30) -> None:
        """Nothing is lost or double, and both screens show what the database holds."""
        page = self.citizen.page
        until(
            page,
            lambda: set(self.sent) <= {text for _, text in self.stored()},
            what="every text stored",
            within_s=within_s,
        )
        numbers = [row["seq"] for row in self.office.messages(conversation=self.conversation)]
        texts = [text for _, text in self.stored() if text]
        assert numbers == list(range(1, len(numbers) + 1))
        assert sorted(texts) == sorted(self.sent)
        until_equal(page, self.citizen.screen, self.stored, within_s=within_s)
        until_equal(page, self.agent.screen, self.stored, within_s=within_s)
