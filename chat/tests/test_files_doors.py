"""The doors for files over HTTP: citizen by token, the page by cookie, agent by login."""

import tempfile
import uuid

import pytest
from django.test import Client
from django.utils import timezone

from chat import files
from chat.actions import closing, sharing
from chat.models import AllowedSite, Attachment
from chat.testing import world
from chat.testing.files import agent_shares, citizen_shares
from chat.testing.world import fresh
from common.testing.cast import logged_in
from common.testing.uploads import encoded, noise, opened, pdf, picture, uploaded
from common.throttle import PEOPLE_AT_ONE_ADDRESS
from common.uploads import MAX_BYTES
from common.uploads.checking import checked

pytestmark = pytest.mark.django_db
SEND = "/chat/files.json"


@pytest.fixture
def token():
    return world.new_token()


@pytest.fixture
def chat(open_now, agent, disk, token):
    return world.a_chat_with(agent, timezone.now(), token=token)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def form(content: bytes | None = None, name: str = "foto.jpg", **fields: object) -> dict:
    file = uploaded(picture() if content is None else content, name)
    return {"ref": str(uuid.uuid4()), "file": file, **fields}


def send(client, token, *args, **fields):
    return client.post(SEND, form(*args, **fields), headers=bearer(token))


def to_agent_door(chat) -> str:
    return f"/werkbank/chat/{chat.public_id}/bestanden/"


def code(answer, status: int) -> str:
    assert answer.status_code == status, answer.content[:300]
    frame = answer.json()
    assert frame["type"] == "error"
    assert frame["text"]
    assert "no-store" in answer["Cache-Control"]
    return frame["code"]


# --- the citizen sends ------------------------------------------------------------------


def test_the_answer_is_an_acknowledgement_with_the_message(citizen, chat, token):
    ref = uuid.uuid4()
    answer = send(citizen, token, ref=str(ref))
    assert answer.status_code == 200
    frame = answer.json()
    assert (frame["type"], frame["ref"], frame["seq"]) == ("ack", str(ref), 3)
    assert frame["message"]["file"]["id"] == str(Attachment.objects.get().public_id)
    assert frame["at"] == frame["message"]["at"]
    assert "text" not in frame
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


def test_what_is_being_checked_has_no_name_on_disk(
    citizen, chat, token, settings, tmp_path, monkeypatch
):
    """A process that is killed meanwhile leaves nothing of it behind."""
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000
    monkeypatch.setattr(settings, "FILE_UPLOAD_TEMP_DIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    seen = []

    def look(upload):
        seen.append((upload.size, list(tmp_path.rglob("*"))))
        return checked(upload)

    monkeypatch.setattr(sharing, "checked", look)
    content = encoded(noise(60, 40), "PNG")
    assert send(citizen, token, content).status_code == 200
    assert seen == [(len(content), [])]
    assert Attachment.objects.get().width_px == 60


def test_the_same_ref_twice_is_acknowledged_alike(citizen, chat, token):
    sent = form()
    first = citizen.post(SEND, sent, headers=bearer(token))
    sent["file"].seek(0)
    assert citizen.post(SEND, sent, headers=bearer(token)).json() == first.json()
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_the_door_takes_posts_only(citizen, chat, token, method):
    assert getattr(citizen, method)(SEND, headers=bearer(token)).status_code == 405


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer x", "Basic eDp5", "Bearer " + "a" * 43, "Bearer " + "a" * 5_000],
)
def test_who_has_no_secret_gets_nothing_in(citizen, chat, header):
    answer = citizen.post(SEND, form(), headers={"Authorization": header})
    assert code(answer, 404) == "wrong_token"
    assert Attachment.objects.count() == 0


def test_the_cookie_of_the_page_is_no_secret_here(citizen, chat, token):
    citizen.cookies["chat_token_nl"] = token
    assert code(citizen.post(SEND, form()), 404) == "wrong_token"


def test_a_token_of_a_chat_that_ended_long_ago_opens_nothing(citizen, chat, token):
    closing.end_by_citizen(conversation=chat, now=timezone.now() - timezone.timedelta(days=2))
    assert code(send(citizen, token), 404) == "wrong_token"


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"ref": "x"},
        {"ref": "geen-uuid", "file": uploaded(b"x")},
        {"file": uploaded(b"x")},
    ],
    ids=["nothing", "ref only", "wrong ref", "no ref"],
)
def test_a_malformed_form_is_refused(citizen, chat, token, sent):
    assert code(citizen.post(SEND, sent, headers=bearer(token)), 400) == "bad_frame"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"ref": 1}', "application/json"),
        (b"garbage", "multipart/form-data; boundary=x"),
        (b"garbage", "multipart/form-data"),
        (b"--x\r\n" * 2_000, "multipart/form-data; boundary=x"),
        (b"\xff\xfe", "text/plain"),
        (b"a=1&" * 2_000, "application/x-www-form-urlencoded"),
    ],
)
def test_another_body_is_refused(citizen, chat, token, body, kind):
    answer = citizen.post(SEND, body, content_type=kind, headers=bearer(token))
    assert code(answer, 400) == "bad_frame"


def test_no_file_and_an_empty_one_are_missing(citizen, chat, token):
    ref = {"ref": str(uuid.uuid4())}
    assert code(citizen.post(SEND, ref, headers=bearer(token)), 400) == "file_missing"
    assert code(citizen.post(SEND, {**ref, "file": "text"}, headers=bearer(token)), 400)
    assert code(send(citizen, token, b""), 400) == "file_missing"


def test_forty_megabytes_are_refused_before_the_form_is_read(citizen, chat, token, monkeypatch):
    def look(self):
        raise AssertionError("the form was read")

    monkeypatch.setattr("django.http.HttpRequest._load_post_and_files", look)
    answer = send(citizen, token, picture() + b"\0" * (40 * 1024 * 1024))
    assert code(answer, 413) == "file_too_big"


def test_just_too_big_is_too_big(citizen, chat, token):
    answer = send(citizen, token, picture() + b"\0" * MAX_BYTES)
    assert code(answer, 413) == "file_too_big"


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "foto.svg", "file_type"),
        (b"<html><script>alert(1)</script>", "foto.jpg", "file_type"),
        (b"PK\3\4" + b"\0" * 99, "foto.png", "file_type"),
        (picture()[:300], "foto.jpg", "file_broken"),
    ],
)
def test_a_bad_file_gets_its_code_and_a_sentence(citizen, chat, token, content, name, why):
    assert code(send(citizen, token, content, name), 400) == why
    assert send(citizen, token).status_code == 200


def test_the_sentence_is_in_the_language_of_the_conversation(citizen, open_now, disk):
    found = {}
    for language in ("nl", "en"):
        token = world.new_token()
        world.a_chat(timezone.now(), token=token, language=language)
        found[language] = send(citizen, token, b"GIF89a").json()["text"]
    assert found["en"].startswith("This kind of file")


def test_statuses_tell_a_client_what_to_do(citizen, chat, token, settings):
    settings.CLAMD_URL = "unix:///nowhere"
    assert code(send(citizen, token), 503) == "file_unscanned"
    settings.CLAMD_URL = ""
    world.rules(files_allowed=False)
    assert code(send(citizen, token), 400) == "files_off"
    world.rules(files_allowed=True)
    closing.end_by_citizen(conversation=fresh(chat), now=timezone.now())
    assert code(send(citizen, token), 400) == "conversation_closed"


def test_too_many_tries_wait_also_when_they_were_bad_ones(citizen, chat, token, monkeypatch):
    monkeypatch.setattr(files, "UPLOADS_PER_MINUTE", 3)
    for _ in range(3):
        assert code(send(citizen, token, b"x"), 400) == "file_type"
    answer = send(citizen, token)
    assert code(answer, 429) == "too_fast"
    assert int(answer["Retry-After"]) == answer.json()["retry_after_s"] <= 60


def test_forty_people_behind_one_address_may_all_send(citizen, open_now, disk, monkeypatch):
    monkeypatch.setattr(files, "UPLOADS_PER_MINUTE", 1)
    for _ in range(PEOPLE_AT_ONE_ADDRESS):
        assert code(send(citizen, world.new_token()), 404) == "wrong_token"
    assert code(send(citizen, world.new_token()), 429) == "too_fast"


def test_a_removed_conversation_takes_no_file(citizen, chat, token, monkeypatch, administrator):
    real = files.sharing.checked

    def meanwhile(upload):
        closing.end_by_citizen(conversation=fresh(chat), now=timezone.now())
        closing.remove(conversation=fresh(chat), by=administrator, now=timezone.now())
        return real(upload)

    monkeypatch.setattr(files.sharing, "checked", meanwhile)
    assert code(send(citizen, token), 404) == "wrong_token"


def test_a_page_of_another_site_sends_and_reads_only_when_it_is_allowed(citizen, chat, token):
    site = AllowedSite.objects.create(origin="https://www.hasselt.example")
    for origin, status in ((site.origin, 200), ("https://evil.example", 403)):
        headers = {**bearer(token), "Origin": origin}
        sent = citizen.post(SEND, form(), headers=headers)
        file = Attachment.objects.get().public_id
        read = citizen.get(f"/chat/files/{file}", headers=headers)
        assert (sent.status_code, read.status_code) == (status, status)
        allowed = sent.headers.get("Access-Control-Allow-Origin")
        assert allowed == (site.origin if status == 200 else None)


# --- reading ------------------------------------------------------------------------------


def address_of(stored) -> str:
    return f"/chat/files/{stored.payload['file']['id']}"


def test_a_file_comes_as_an_attachment_that_runs_nothing(citizen, chat, token):
    answer = citizen.get(address_of(citizen_shares(chat, name="élan.jpg")), headers=bearer(token))
    assert answer.status_code == 200
    assert opened(answer.content).size == (60, 40)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%C3%A9lan.jpg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", "))
    assert not answer.cookies


def test_a_citizen_reads_what_the_agent_sent(citizen, chat, token, agent):
    stored = agent_shares(chat, agent, pdf(), timezone.now(), name="plan.pdf")
    answer = citizen.get(address_of(stored), headers=bearer(token))
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")


def test_a_file_of_another_conversation_looks_like_none_at_all(citizen, chat, token):
    other = world.a_chat(timezone.now())
    foreign = citizen.get(address_of(citizen_shares(other)), headers=bearer(token))
    none = citizen.get(f"/chat/files/{uuid.uuid4()}", headers=bearer(token))
    assert code(foreign, 404) == code(none, 404) == "not_found"
    assert foreign.content == none.content


@pytest.mark.parametrize("header", ["", "Bearer x", "Bearer " + "a" * 43])
def test_without_the_secret_no_file_is_read(citizen, chat, header):
    stored = citizen_shares(chat)
    answer = citizen.get(address_of(stored), headers={"Authorization": header})
    assert code(answer, 404) == "wrong_token"


def test_the_door_for_reading_is_read_only(citizen, chat, token):
    where = address_of(citizen_shares(chat))
    for method in ("post", "put", "delete"):
        assert getattr(citizen, method)(where, headers=bearer(token)).status_code == 405
    assert citizen.head(where, headers=bearer(token)).status_code == 200


def test_reading_has_a_limit_too(citizen, chat, token, monkeypatch):
    monkeypatch.setattr(files, "READS_PER_MINUTE", 2)
    where = address_of(citizen_shares(chat))
    statuses = [citizen.get(where, headers=bearer(token)).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_a_file_whose_content_is_gone_is_not_there(citizen, chat, token, disk):
    stored = citizen_shares(chat)
    (disk / Attachment.objects.get().content.name).unlink()
    assert code(citizen.get(address_of(stored), headers=bearer(token)), 404) == "not_found"


@pytest.mark.parametrize(("page", "language"), [("/chat/", "nl"), ("/en/chat/", "en")])
def test_the_page_without_javascript_reads_by_its_cookie(citizen, chat, token, page, language):
    where = f"{page}bestand/{citizen_shares(chat).payload['file']['id']}/"
    assert citizen.get(where).status_code == 404
    citizen.cookies[f"chat_token_{language}"] = token
    answer = citizen.get(where)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer["Content-Disposition"].startswith("attachment")
    assert citizen.get(f"{page}bestand/{uuid.uuid4()}/").status_code == 404
    assert citizen.post(where).status_code == 405
    citizen.cookies[f"chat_token_{language}"] = world.new_token()
    assert citizen.get(where).status_code == 404


# --- the agent ----------------------------------------------------------------------------


def test_an_agent_sends_to_the_own_conversation(agent_client, chat, agent):
    answer = agent_client.post(to_agent_door(chat), form(pdf(), "plan.pdf"))
    assert answer.status_code == 200
    frame = answer.json()
    assert (frame["type"], frame["seq"]) == ("ack", 3)
    assert (frame["message"]["author"], frame["message"]["name"]) == ("agent", "Anke")
    assert fresh(chat).first_answered_at is not None


def test_the_same_ref_of_an_agent_twice_is_one_message(agent_client, chat):
    sent = form()
    first = agent_client.post(to_agent_door(chat), sent)
    sent["file"].seek(0)
    assert agent_client.post(to_agent_door(chat), sent).json() == first.json()


def test_a_post_without_the_csrf_token_is_refused(chat, agent):
    client = Client(enforce_csrf_checks=True)
    client.force_login(agent)
    assert client.post(to_agent_door(chat), form()).status_code == 403
    assert Attachment.objects.count() == 0
    secret = "s" * 32
    client.cookies["csrftoken"] = secret
    answer = client.post(to_agent_door(chat), form(), headers={"X-CSRFToken": secret})
    assert answer.status_code == 200


def test_only_the_owner_may_send(
    chat, second_agent_client, supervisor_client, stranger_client, specialist_client, citizen
):
    for client in (second_agent_client, supervisor_client):
        assert code(client.post(to_agent_door(chat), form()), 404) == "not_found"
    for client in (stranger_client, specialist_client):
        assert client.post(to_agent_door(chat), form()).status_code == 403
    assert citizen.post(to_agent_door(chat), form()).status_code == 302
    assert Attachment.objects.count() == 0


def test_a_conversation_that_is_not_there_looks_the_same(agent_client, chat, second_agent):
    foreign = world.a_chat_with(second_agent, timezone.now())
    none = f"/werkbank/chat/{uuid.uuid4()}/bestanden/"
    answers = [agent_client.post(where, form()) for where in (to_agent_door(foreign), none)]
    assert [code(answer, 404) for answer in answers] == ["not_found"] * 2
    assert answers[0].content == answers[1].content


def test_an_agent_sends_nothing_after_the_end(agent_client, chat):
    closing.end_by_citizen(conversation=chat, now=timezone.now())
    assert code(agent_client.post(to_agent_door(chat), form()), 400) == "conversation_closed"


def test_a_malformed_post_of_an_agent_is_refused(agent_client, chat):
    where = to_agent_door(chat)
    assert code(agent_client.post(where, {"ref": "x"}), 400) == "bad_frame"
    assert code(agent_client.post(where, {"ref": str(uuid.uuid4())}), 400) == "file_missing"
    assert code(agent_client.post(where, form(b"GIF89a")), 400) == "file_type"
    assert agent_client.get(where).status_code == 405


def test_who_may_read_the_conversation_may_read_its_files(
    chat, agent_client, supervisor_client, second_agent_client, stranger_client, citizen
):
    where = f"/werkbank/chat/bestanden/{citizen_shares(chat).payload['file']['id']}/"
    for client in (agent_client, supervisor_client):
        answer = client.get(where)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert "no-store" in answer["Cache-Control"]
    foreign = second_agent_client.get(where)
    assert code(foreign, 404) == "not_found"
    none = second_agent_client.get(f"/werkbank/chat/bestanden/{uuid.uuid4()}/")
    assert foreign.content == none.content
    assert stranger_client.get(where).status_code == 403
    assert citizen.get(where).status_code == 302
    assert agent_client.post(where).status_code == 405


def test_only_a_picture_is_shown_on_the_page(chat, agent_client):
    ids = [citizen_shares(chat, one).payload["file"]["id"] for one in (picture(), pdf())]
    shown = [agent_client.get(f"/werkbank/chat/bestanden/{one}/?inline") for one in ids]
    assert [one["Content-Disposition"].split(";")[0] for one in shown] == ["inline", "attachment"]
    assert all(one["X-Content-Type-Options"] == "nosniff" for one in shown)


def test_an_agent_reads_in_the_language_of_the_console(agent_client, chat):
    answer = agent_client.post(f"/en{to_agent_door(chat)}", form(b"GIF89a"))
    assert answer.json()["text"].startswith("This kind of file")


def test_an_agent_who_lost_the_role_is_out(chat, agent):
    client = logged_in(agent)
    agent.role_grants.all().delete()
    assert client.post(to_agent_door(chat), form()).status_code == 403
