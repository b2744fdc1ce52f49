"""Sending a file: the message it becomes, and every reason why it does not."""

import uuid

import pytest

from chat.actions import closing, queueing, sharing
from chat.models import Attachment, Conversation, Message
from chat.states import Reason, State
from chat.testing import world
from chat.testing.files import agent_shares, citizen_shares, contents, places
from chat.testing.world import after, citizen_says, fresh
from common.errors import RuleBroken
from common.models import Event
from common.testing.clamd import EICAR
from common.testing.uploads import pdf, picture

pytestmark = pytest.mark.django_db
FILE_FIELDS = {"id", "name", "type", "size", "width", "height"}


@pytest.fixture
def chat(open_chat, agent, disk):
    return world.a_chat_with(agent)


@pytest.fixture
def unread(monkeypatch):
    """Nobody looks into a file that is refused anyway."""

    def look(upload):
        raise AssertionError("the file was read")

    monkeypatch.setattr(sharing, "checked", look)


def refusal(share, *args, **fields) -> str:
    with pytest.raises(RuleBroken) as broken:
        share(*args, **fields)
    return broken.value.code


def test_a_file_of_the_citizen_is_a_numbered_message(chat, disk):
    ref = uuid.uuid4()
    stored = citizen_shares(chat, picture(size=(60, 40)), after(5), ref=ref)
    assert (stored.seq, stored.at, stored.text) == (3, after(5), "")
    kept = Attachment.objects.get()
    assert stored.payload == {
        **{"seq": 3, "kind": "file", "author": "citizen", "name": "", "text": "", "reason": ""},
        **{"at": "2026-06-30T10:00:05.000Z", "ref": str(ref)},
        "file": {
            **{"id": str(kept.public_id), "name": "foto.jpg", "type": "image/jpeg"},
            **{"size": kept.size_bytes, "width": 60, "height": 40},
        },
    }
    assert world.seqs(chat) == [1, 2, 3]
    assert contents(disk) == [kept.content.name]
    assert (disk / kept.content.name).stat().st_size == kept.size_bytes


def test_what_lies_on_disk_tells_nothing_and_is_for_the_portal_only(chat, disk):
    citizen_shares(chat, name="ziektebriefje van An.jpg")
    (place,) = contents(disk)
    assert "ziekte" not in place
    assert str(chat.public_id) not in place
    assert (disk / place).stat().st_mode & 0o777 == 0o600
    assert (disk / place).parent.stat().st_mode & 0o777 == 0o700


def test_a_file_of_the_agent_carries_the_first_name_and_is_an_answer(chat, agent):
    stored = agent_shares(chat, agent, pdf(), after(30), name="plan.pdf")
    assert (stored.payload["author"], stored.payload["name"]) == ("agent", "Anke")
    assert stored.payload["file"]["type"] == "application/pdf"
    found = fresh(chat)
    assert found.first_answered_at == found.owner_answered_at == after(30)
    assert (found.last_author, found.last_text_at) == ("agent", after(30))
    assert world.events_of(chat).count("chat.first_answer") == 1


def test_a_second_file_is_no_first_answer(chat, agent):
    agent_shares(chat, agent, now=after(30))
    agent_shares(chat, agent, now=after(60))
    assert fresh(chat).first_answered_at == after(30)
    assert world.events_of(chat).count("chat.first_answer") == 1


MOVED = [
    *("last_seq", "last_author", "last_text_at", "citizen_alive_at", "silence_ends_at"),
    *("owner_answered_at", "first_answered_at", "citizen_tat", "citizen_seen_at", "state"),
]


@pytest.mark.parametrize("who", ["citizen", "agent"])
def test_a_file_moves_the_conversation_exactly_as_a_text_does(chat, agent, who):
    other = world.a_chat_with(agent)
    for one in (chat, other):
        Conversation.objects.filter(pk=one.pk).update(silence_ends_at=after(100))
    if who == "citizen":
        citizen_shares(chat, now=after(60))
        citizen_says(other, now=after(60))
    else:
        agent_shares(chat, agent, now=after(60))
        world.agent_says(other, agent, now=after(60))
    by_file, by_text = fresh(chat), fresh(other)
    assert [getattr(by_file, name) for name in MOVED] == [getattr(by_text, name) for name in MOVED]
    assert by_file.last_seq == 3


def test_the_event_log_knows_the_type_and_nothing_else(chat, agent):
    citizen_shares(chat, name="geheim.jpg")
    agent_shares(chat, agent, pdf())
    found = list(
        Event.objects.filter(kind="chat.message").order_by("pk").values("details", "actor")
    )
    assert found[1:] == [
        {"details": {"author": "citizen", "file": "image/jpeg"}, "actor": None},
        {"details": {"author": "agent", "file": "application/pdf"}, "actor": agent.pk},
    ]


def test_a_second_send_with_the_same_ref_is_one_message_and_is_not_read(
    chat, disk, monkeypatch, agent
):
    ref = uuid.uuid4()
    first = citizen_shares(chat, ref=ref)
    monkeypatch.setattr(sharing, "checked", None)
    assert citizen_shares(chat, b"something else", after(9), ref=ref) == first
    assert Message.objects.filter(client_ref=ref).count() == len(contents(disk)) == 1
    closing.end_by_citizen(conversation=fresh(chat), now=after(10))
    assert citizen_shares(fresh(chat), ref=ref, now=after(11)) == first


def test_the_ref_of_an_earlier_text_gives_that_text(chat, disk, unread):
    ref = uuid.uuid4()
    text = citizen_says(chat, "hallo", ref=ref)
    found = citizen_shares(chat, ref=ref)
    assert (found.seq, found.text, found.payload["kind"]) == (text.seq, "hallo", "text")
    assert contents(disk) == []


def test_the_ref_of_another_conversation_is_free_here(chat):
    ref = uuid.uuid4()
    other = world.a_chat()
    citizen_shares(other, ref=ref)
    assert citizen_shares(chat, ref=ref).seq == 3
    assert Message.objects.filter(client_ref=ref).count() == 2


def test_when_the_city_takes_no_files_none_is_read(chat, agent, unread):
    world.rules(files_allowed=False)
    assert refusal(citizen_shares, chat) == "files_off"
    assert refusal(agent_shares, chat, agent) == "files_off"


def test_in_an_ended_conversation_none_is_read(chat, agent, unread):
    closing.end_by_citizen(conversation=chat, now=after(1))
    assert refusal(citizen_shares, fresh(chat)) == "conversation_closed"
    assert refusal(agent_shares, fresh(chat), agent) == "conversation_closed"


def test_a_citizen_who_waits_may_send_a_file(open_chat, disk):
    chat = world.a_chat()
    assert citizen_shares(chat).seq == 2
    assert fresh(chat).state == State.WAITING


def test_only_the_owning_agent_may_send_and_no_other_file_is_read(
    chat, agent, second_agent, supervisor, stranger, unread
):
    assert refusal(agent_shares, chat, second_agent) == "not_found"
    assert refusal(agent_shares, chat, supervisor) == "not_found"
    assert refusal(agent_shares, chat, stranger) == "not_allowed"


def test_an_agent_who_loses_the_chat_during_the_check_is_refused(
    chat, agent, disk, monkeypatch, open_chat
):
    real = sharing.checked

    def meanwhile(upload):
        queueing.return_to_queue(
            conversation=fresh(chat), reason=Reason.AGENT_RETURNED, now=after(2), rules=open_chat
        )
        return real(upload)

    monkeypatch.setattr(sharing, "checked", meanwhile)
    assert refusal(agent_shares, chat, agent) == "not_found"
    assert contents(disk) == places() == []


def test_an_agent_who_loses_the_role_during_the_check_is_refused(chat, agent, disk, monkeypatch):
    real = sharing.checked

    def meanwhile(upload):
        agent.role_grants.all().delete()
        return real(upload)

    monkeypatch.setattr(sharing, "checked", meanwhile)
    assert refusal(agent_shares, chat, agent) == "not_allowed"
    assert contents(disk) == places() == []


def test_a_conversation_that_ends_during_the_check_takes_no_file(chat, disk, monkeypatch):
    real = sharing.checked

    def meanwhile(upload):
        closing.end_by_citizen(conversation=fresh(chat), now=after(1))
        return real(upload)

    monkeypatch.setattr(sharing, "checked", meanwhile)
    assert refusal(citizen_shares, chat) == "conversation_closed"
    assert contents(disk) == places() == []


def test_the_same_file_sent_twice_while_the_first_is_checked_is_one(chat, disk, monkeypatch):
    real, ref = sharing.checked, uuid.uuid4()

    def meanwhile(upload):
        monkeypatch.setattr(sharing, "checked", real)
        citizen_shares(chat, ref=ref)
        return real(upload)

    monkeypatch.setattr(sharing, "checked", meanwhile)
    assert citizen_shares(chat, ref=ref).seq == 3
    assert world.seqs(chat) == [1, 2, 3]
    assert contents(disk) == places()
    assert len(places()) == 1


def test_files_and_texts_share_one_rate(chat, disk):
    for _ in range(19):
        citizen_says(chat)
    citizen_shares(chat)
    with pytest.raises(RuleBroken) as broken:
        citizen_shares(chat)
    assert broken.value.code == "too_fast"
    assert broken.value.params["retry_after_s"] > 0
    assert len(contents(disk)) == 1


def test_twenty_files_are_enough_for_a_conversation(chat, agent, disk, monkeypatch):
    monkeypatch.setattr(sharing, "MAX_FILES", 2)
    citizen_shares(chat)
    agent_shares(chat, agent)
    assert refusal(citizen_shares, chat) == refusal(agent_shares, chat, agent) == "too_many_files"
    assert citizen_shares(world.a_chat()).seq == 2
    assert len(contents(disk)) == 3
    assert world.seqs(chat) == [1, 2, 3, 4]


def test_their_sizes_count_together(chat, disk, monkeypatch):
    size = citizen_shares(chat).payload["file"]["size"]
    monkeypatch.setattr(sharing, "MAX_TOTAL_BYTES", 2 * size)
    citizen_shares(chat)
    assert refusal(citizen_shares, chat) == "too_many_files"
    assert len(contents(disk)) == 2


def test_a_limit_that_is_reached_during_the_check_holds(chat, disk, monkeypatch):
    monkeypatch.setattr(sharing, "MAX_FILES", 1)
    real = sharing.checked

    def meanwhile(upload):
        monkeypatch.setattr(sharing, "checked", real)
        citizen_shares(chat)
        return real(upload)

    monkeypatch.setattr(sharing, "checked", meanwhile)
    assert refusal(citizen_shares, chat) == "too_many_files"
    assert len(contents(disk)) == len(places()) == 1
    assert fresh(chat).last_seq == 3


def test_a_bad_file_leaves_no_trace(chat, disk):
    before = fresh(chat)
    assert refusal(citizen_shares, chat, b"<svg/>") == "file_type"
    assert refusal(citizen_shares, chat, picture()[:200]) == "file_broken"
    assert contents(disk) == places() == []
    assert fresh(chat).citizen_tat == before.citizen_tat
    assert world.seqs(chat) == [1, 2]


def test_a_virus_is_logged_without_its_name(chat, agent, disk, scanner, settings, caplog):
    settings.CLAMD_URL = scanner.url
    virus = picture() + EICAR
    assert refusal(citizen_shares, chat, virus, name="geheim.jpg") == "file_virus"
    assert refusal(agent_shares, chat, agent, virus) == "file_virus"
    found = Event.objects.filter(kind="chat.virus").order_by("pk")
    assert [one.details for one in found] == [{"author": "citizen"}, {"author": "agent"}]
    assert found[0].subject == chat.public_id
    assert "geheim" not in caplog.text
    assert contents(disk) == []


def test_without_the_scanner_that_the_settings_name_nothing_gets_in(chat, disk, settings):
    settings.CLAMD_URL = "unix:///nowhere/clamd.sock"
    assert refusal(citizen_shares, chat) == "file_unscanned"
    assert contents(disk) == []


def test_a_national_number_in_the_name_is_never_stored(chat):
    stored = citizen_shares(chat, name="attest 85.07.30-033.28.jpg")
    assert "033" not in stored.payload["file"]["name"]
    assert "033" not in Attachment.objects.get().name


def test_history_costs_no_query_for_each_file(chat, django_assert_num_queries):
    from chat.actions.conversing import messages_after
    from chat.events import message_payload

    for _ in range(4):
        citizen_shares(chat)
    with django_assert_num_queries(1):
        found = [message_payload(one) for one in messages_after(chat, 0)]
    assert [set(one["file"]) for one in found[2:]] == [FILE_FIELDS] * 4


def test_storing_a_file_takes_few_queries(chat, django_assert_max_num_queries):
    with django_assert_max_num_queries(11):
        citizen_shares(chat)
