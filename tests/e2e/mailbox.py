"""What the portal mailed: the files that stand for a mail server in the demo."""

import re

from playwright.sync_api import Page

from hasselt_portal.inbox import Mail, newest_mails
from tests.e2e.house import House
from tests.e2e.waiting import until

LINK = re.compile(r"https?://\S+")
WITHIN_S = 40  # the bell rings at once; a lost one costs a sweep of 20 s


def mails_to(house: House, address: str, *words: str) -> list[Mail]:
    """Newest first, those with all of these words in subject or text."""
    return [
        mail
        for mail in newest_mails(house.portal.var / "mail")
        if mail.to == address and all(word in f"{mail.subject}\n{mail.body}" for word in words)
    ]


def mail_arrives(page: Page, house: House, address: str, *words: str) -> Mail:
    """Waits for it while the browser goes on."""
    what = f"a mail to {address} with {', '.join(words)}"
    until(page, lambda: mails_to(house, address, *words), what=what, within_s=WITHIN_S)
    return mails_to(house, address, *words)[0]


def link_in(mail: Mail, part: str) -> str:
    """The path of the link in which `part` stands."""
    found = next(link for link in LINK.findall(mail.body) if part in link)
    return "/" + found.split("/", 3)[3]
