"""What the widget offers once a conversation is over."""

from playwright.sync_api import Locator

from tests.e2e.citizen import Citizen

FRAMES = "**/chat/frames.json"


def score(citizen: Citizen, words: str) -> Locator:
    return citizen.panel.get_by_role("radio", name=citizen.say(words), exact=True)


def why(citizen: Citizen) -> Locator:
    return citizen.panel.get_by_label(citizen.say("Do you want to say why? (optional)"))


def rate(citizen: Citizen, words: str, comment: str = "") -> None:
    score(citizen, words).check()
    why(citizen).fill(comment)
    send_rating(citizen)


def send_rating(citizen: Citizen) -> None:
    citizen.button("Send").filter(visible=True).first.click()


def copies(citizen: Citizen) -> Locator:
    return citizen.panel.get_by_text(citizen.say("Keep this chat"), exact=True)


def mail_field(citizen: Citizen) -> Locator:
    return citizen.panel.get_by_role(
        "textbox", name=citizen.say("Or by e-mail. Your e-mail address")
    )
