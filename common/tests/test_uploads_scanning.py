"""The virus scan against a server that speaks clamd's protocol: only a clear yes lets a file in."""

import socket
import time

import pytest

from common.errors import RuleBroken
from common.testing.clamd import EICAR
from common.testing.uploads import jpeg_with_comment, picture, uploaded
from common.uploads.checking import checked
from common.uploads.scanning import CHUNK_BYTES, scan

pytestmark = pytest.mark.once
BIG = bytes(range(256)) * (CHUNK_BYTES // 256) * 3 + b"the rest"


def outcome(scanner, content: bytes = BIG, within_s: float = 5) -> str:
    try:
        scan(content, url=scanner.url, within_s=within_s)
    except RuleBroken as broken:
        return broken.code
    return "clean"


@pytest.mark.parametrize("content", [b"x", b"x" * CHUNK_BYTES, BIG])
def test_a_clean_file_reaches_the_scanner_whole_and_passes(scanner, content):
    assert outcome(scanner, content) == "clean"
    assert scanner.seen == [content]


def test_a_virus_is_refused(scanner):
    assert outcome(scanner, EICAR) == "file_virus"
    assert outcome(scanner, b"clean again") == "clean"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\0",
        b"stream: OK",
        b"OK\0",
        b"stream: OK?\0",
        b"FOUND\0",
        b"stream: Can't allocate memory ERROR\0",
        b"stream: OK\n\0",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"\xff" * 10_000,
        b"1: stream: OK\0",
    ],
)
def test_an_odd_answer_lets_nothing_in(scanner, answer):
    scanner.answer = lambda content: answer
    assert outcome(scanner) == "file_unscanned"


def test_a_file_past_the_limit_of_the_scanner_is_not_scanned(scanner):
    scanner.size_limit = CHUNK_BYTES
    assert outcome(scanner) == "file_unscanned"


@pytest.mark.parametrize("after_bytes", [0, CHUNK_BYTES, len(BIG)])
def test_a_scanner_that_hangs_up_midway_lets_nothing_in(scanner, after_bytes):
    scanner.closes_after_bytes = after_bytes
    assert outcome(scanner) == "file_unscanned"


def test_a_slow_scanner_is_waited_for_no_longer_than_said(scanner):
    scanner.waits_s = 2
    began = time.monotonic()
    assert outcome(scanner, within_s=0.3) == "file_unscanned"
    assert time.monotonic() - began < 1.5


def test_a_scanner_that_drips_its_answer_is_not_waited_for_either(scanner):
    """Each piece comes soon enough; all of them together do not."""

    def drip(content: bytes) -> bytes:
        time.sleep(1)
        return b"stream: "

    scanner.answer = drip
    assert outcome(scanner, within_s=0.5) == "file_unscanned"


def test_no_scanner_lets_nothing_in():
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    for url in (f"tcp://127.0.0.1:{port}", "unix:///nowhere/clamd.sock"):
        with pytest.raises(RuleBroken, match="file_unscanned"):
            scan(b"x", url=url)


def test_the_scanner_may_listen_on_a_unix_socket(tmp_path):
    path = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(path)
        door.listen()
        with pytest.raises(RuleBroken, match="file_unscanned"):
            scan(b"x" * 10, url=f"unix://{path}", within_s=0.3)
        wire, _ = door.accept()
        with wire:
            assert wire.recv(100) == b"zINSTREAM\0\0\0\0\nxxxxxxxxxx\0\0\0\0"


def test_what_is_scanned_is_what_the_person_sent(scanner, settings):
    settings.CLAMD_URL = scanner.url
    sent = jpeg_with_comment(b"hello")
    copy = checked(uploaded(sent)).content
    assert scanner.seen == [sent]
    assert copy != sent


def test_a_virus_in_a_good_picture_is_refused_though_the_copy_would_lose_it(scanner, settings):
    settings.CLAMD_URL = scanner.url
    with pytest.raises(RuleBroken, match="file_virus"):
        checked(uploaded(picture() + EICAR))


def test_without_a_scanner_in_the_settings_nothing_is_scanned(scanner, settings):
    settings.CLAMD_URL = ""
    assert checked(uploaded(picture())).width_px == 60
    assert scanner.seen == []
