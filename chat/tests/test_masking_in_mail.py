"""What was left out of a chat is in no copy of it: not in the mail, the PDF or a name of a file."""

import uuid

import pytest

from chat.actions import closing, rating, sharing, transcripts
from chat.models import Attachment
from chat.states import Author
from chat.testing import world
from chat.testing.world import NOW, after, agent_says, citizen_says, fresh
from chat.tests.test_masking import Canaries, all_rows
from common.testing.pdf import text_in
from common.testing.uploads import picture, uploaded

pytestmark = pytest.mark.django_db


@pytest.fixture
def canaries():
    return Canaries()


@pytest.fixture
def ended(open_chat, agent, canaries, settings):
    """A chat in which both sides said canaries, with a file and a rating."""
    settings.CHAT_MESSAGES_PER_MINUTE = 10_000
    chat = world.a_chat_with(agent, text=canaries.text("spaces"))
    for text in canaries.texts():
        citizen_says(chat, text, after(1))
        agent_says(chat, agent, text, after(2))
    sharing.share_file(
        conversation=fresh(chat),
        author=Author.CITIZEN,
        agent=None,
        upload=uploaded(picture(), name=f"kaart {canaries.one('rrn', 'as on the card')}.jpg"),
        client_ref=uuid.uuid4(),
        now=after(3),
    )
    closing.end_by_citizen(conversation=fresh(chat), now=after(4))
    comment = canaries.text("two spaces")
    rating.rate(conversation=fresh(chat), score=4, comment=comment, now=after(5))
    return fresh(chat)


def test_no_mail_no_pdf_and_no_row_holds_a_number(ended, canaries, mail_server):
    transcripts.ask_transcript_mail(conversation=ended, address="an@voorbeeld.be", now=NOW)
    assert transcripts.mail_due_transcripts(now=NOW) == 1
    [mail] = mail_server.taken
    pdf, text = mail.iter_attachments()
    bodies = [mail.get_body((kind,)).get_content() for kind in ("plain", "html")]
    said = [*bodies, text_in(pdf.get_content()), text.get_content(), pdf.get_filename()]

    # Both: what stands in the mail is searched, and it is the chat that stands there.
    assert canaries.in_any([*said, str(mail["Subject"]), *all_rows()]) == set()
    assert all("Mijn nummer is [rijksregisternummer weggelaten]" in body for body in bodies)
    assert Attachment.objects.get().name.startswith("kaart [rijksregisternummer weggelaten]")
