"""Which files get in at all, and that a check ends."""

import io
import signal
import subprocess
import sys
import threading
import time
import zipfile

import pytest

from common.errors import RuleBroken
from common.testing.uploads import encoded, noise, pdf, picture, uploaded
from common.uploads import MAX_BYTES, copying
from common.uploads.checking import checked

pytestmark = pytest.mark.once
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def zipped() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", "x")
    return packed.getvalue()


def refusal(content: bytes, name: str = "foto.jpg", said: str = "image/jpeg") -> str:
    with pytest.raises(RuleBroken) as broken:
        checked(uploaded(content, name, said))
    return broken.value.code


@pytest.mark.parametrize(
    "content",
    [
        SVG,
        b"<?xml version='1.0'?>" + SVG,
        b"<!doctype html><script>alert(1)</script>",
        zipped(),
        b"GIF89a" + b"\0" * 50,
        b"\0\0\0\x18ftypheic" + b"\0" * 50,
        b"\0\0\0\x18ftypavif" + b"\0" * 50,
        b"MZ\x90\0" + b"\0" * 50,
        b"\x7fELF" + b"\0" * 50,
        b"BM" + b"\0" * 50,
        b"II*\0" + b"\0" * 50,
        b"RIFF\0\0\0\0AVI ",
        b"gewone tekst",
        b"\xff",
        b" " + picture(),
    ],
    ids=lambda content: repr(content[:12]),
)
def test_what_is_neither_picture_nor_pdf_is_refused_whatever_it_is_called(content):
    for name, said in (("foto.jpg", "image/jpeg"), ("brief.pdf", "application/pdf")):
        assert refusal(content, name, said) == "file_type"


def test_the_type_is_what_the_content_says():
    found = checked(uploaded(pdf(), "foto.jpg", "image/jpeg"))
    assert (found.media_type, found.name) == ("application/pdf", "foto.pdf")
    found = checked(uploaded(picture("PNG"), "virus.exe", "application/x-msdownload"))
    assert (found.media_type, found.name) == ("image/png", "virus.png")


def test_nothing_is_not_a_file():
    assert refusal(b"") == "file_missing"


def test_forty_megabytes_are_not_even_read():
    upload = uploaded(picture())
    upload.size = 40 * 1024 * 1024
    upload.file = None
    with pytest.raises(RuleBroken, match="file_too_big"):
        checked(upload)


def test_a_size_that_is_not_known_is_found_while_reading():
    upload = uploaded(picture() + b"\0" * MAX_BYTES)
    upload.size = None
    with pytest.raises(RuleBroken, match="file_too_big"):
        checked(upload)


def test_ten_mebibytes_to_the_byte_are_taken():
    small = picture()
    assert checked(uploaded(small + b"\0" * (MAX_BYTES - len(small)))).width_px == 60


def test_a_check_that_takes_too_long_ends_with_a_broken_file():
    slow = encoded(noise(1_500, 1_500), "PNG")
    began = time.monotonic()
    with pytest.raises(RuleBroken, match="file_broken"):
        copying.copied(slow, "image/png", within_s=0.05)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "harm",
    [
        "bytearray(2 * 1024**3)",
        "open('harm', 'w').write('x' * 100_000)",
        "[open('/dev/null') for _ in range(99)]",
    ],
    ids=["memory", "writing", "open files"],
)
def test_a_decoder_has_the_limits_of_the_kernel(harm, tmp_path):
    code = f"from common.uploads import child; child.limit(); {harm}"
    environment = {"PYTHONPATH": str(copying.BASE)}
    command = [sys.executable, "-c", code]
    child = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, check=False)
    assert child.returncode != 0
    assert b"ModuleNotFoundError" not in child.stderr
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) == 0


def test_a_decoder_may_not_use_the_processor_for_long():
    code = "from common.uploads import child; child.CPU_S = 1; child.limit()\nwhile True: pass"
    environment = {"PYTHONPATH": str(copying.BASE)}
    child = subprocess.run([sys.executable, "-c", code], env=environment, timeout=20, check=False)
    assert child.returncode in {-signal.SIGXCPU, -signal.SIGKILL}


def test_what_a_decoder_says_when_it_breaks_is_not_passed_on():
    with pytest.raises(RuleBroken) as broken:
        copying.copied(b"%PDF-1.7 geheim", "application/pdf")
    assert broken.value.__cause__ is None
    assert broken.value.__suppress_context__


def test_more_checks_than_places_wait_and_then_give_up(monkeypatch):
    monkeypatch.setattr(copying, "WAIT_FOR_A_PLACE_S", 0.05)
    monkeypatch.setattr(copying, "_places", threading.BoundedSemaphore(1))
    with copying._places, pytest.raises(RuleBroken) as broken:
        copying.copied(picture(), "image/jpeg")
    assert (broken.value.code, broken.value.params) == ("failed", {"retry_after_s": 10})
    assert copying.copied(picture(), "image/jpeg").width_px == 60


def test_a_place_comes_free_again_after_a_broken_file(monkeypatch):
    monkeypatch.setattr(copying, "_places", threading.BoundedSemaphore(1))
    for _ in range(2):
        with pytest.raises(RuleBroken, match="file_broken"):
            copying.copied(b"\xff\xd8\xff", "image/jpeg")
