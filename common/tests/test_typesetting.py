"""Documents: accessible, whatever people wrote, and set in a process with limits."""

import random
import subprocess
import threading
import time
import unicodedata
from pathlib import Path

import pytest

from common import typesetting
from common.errors import RuleBroken
from common.testing.pdf import faults_of, links_in, roles_in, text_in
from common.typesetting import child, typeset
from common.typesetting.signs import NOT_SHOWN, SHOWN, settable

TEMPLATE = """
#import "/typeset/house.typ": as-typed, house
#let content = json(bytes(sys.inputs.content))
#show: house.with(title: content.title, lang: "nl", sender: "Stad Hasselt")
#heading(level: 1, text(content.title))
#as-typed(content.lines)
#if content.lacks_signs [lacks]
"""
SOURCE_OF_TYPST = [
    '#import "secret.typ": *',
    '#read("/etc/passwd") #panic() #sys.inputs',
    "$ x^2 $ *vet* _schuin_ `code` // weg /* weg */ <label> @ref ~ --- \\ \\u{41}",
    "= Kop\n- lijst\n+ lijst\n/ term: woord",
    '"))#set page(width: 1cm)',
]


@pytest.fixture
def template():
    """A template of its own among those of the portal, which are all that typst may read."""
    path = child.TEMPLATES / "test_typesetting.typ"
    path.write_text(TEMPLATE)
    yield path.name
    path.unlink()


def letter(template, *texts, title="Titel"):
    return typeset(
        template, {"title": title, "lines": [{"text": text, "rtl": False} for text in texts]}
    )


def test_a_document_is_accessible_and_archivable(template):
    document = letter(template, "Dag Els.", "Zie https://www.hasselt.be/reispas.")
    assert faults_of(document) == []
    assert roles_in(document)[:5] == ["Document", "P", "Title", "H1", "P"]
    assert links_in(document) == ["https://www.hasselt.be/reispas"]


def test_text_comes_out_in_the_order_it_went_in(template):
    lines = [f"Zin nummer {number}." for number in range(200)]
    text = text_in(letter(template, *lines))
    places = [text.index(line) for line in lines]
    assert places == sorted(places)


@pytest.mark.parametrize("text", SOURCE_OF_TYPST)
def test_what_people_wrote_is_never_a_command(template, text):
    title = text.replace("\n", " ")
    document = letter(template, *text.splitlines(), title=title)
    said = text_in(document)
    assert " ".join(said.split()).count(" ".join(title.split())) == 3  # title, heading, lines
    assert len(roles_in(document)) == len(roles_in(letter(template, *text.splitlines(), title="x")))


def test_no_file_of_the_machine_is_within_reach():
    with pytest.raises(RuleBroken, match="failed"):
        typeset("../manage.py", {})


NO_INK = {"\u034f", *map(chr, range(0x2060, 0x2070)), *map(chr, range(0xFE00, 0xFE10))}
AWKWARD = {
    "emoji": "Dank u 😀👍🏽👨‍👩‍👧🇧🇪",
    "arabic": "مرحبا بكم في هاسيلت",
    "hebrew": "שלום עליכם",
    "turkish and polish": "Şöğüt, Łódź, İstanbul",
    "cyrillic and greek": "Привет, Γειά",
    "ten thousand combining marks": "a" + "\u0301" * 10_000,
    "a word that never ends": "a" * 20_000,
    "controls": "a\x00b\x07c\x1bd\x7fe\x85f",
    "halves of a pair": "a\ud800b\udfffc",
    "byte order marks": "a\ufeffb\ufffec",
    "line and paragraph separators": "a\u2028b\u2029c",
    "joiners and selectors": "\u200d\ufe0f\u200b\u2060\u00ad\u034f",
    "bidi": "a\u202eb\u2066c\u2069",
    "only spaces": " \u00a0\u3000 ",
    "nothing": "",
    "marks on the wrong letters": "a\u05b4b\u064bc\u0e34d\u20dd",
    "private and unassigned": "a\ue000b\U000f0000c\ufdd0d\U0010ffff",
}


@pytest.mark.parametrize("text", AWKWARD.values(), ids=AWKWARD.keys())
def test_awkward_text_makes_a_document_all_the_same(template, text):
    document = letter(template, "voor", text, "achter", title=text[:60] or "Titel")
    assert faults_of(document) == []
    assert {"voor", "achter"} <= set(text_in(document).splitlines())


@pytest.mark.parametrize("sign", ["\u202e", "\u200d", "\ufe0f", "\u00ad", "\u200f", "\U000e0041"])
def test_a_sign_without_ink_changes_no_letter_of_the_document(template, sign):
    """The first `a` of the document carries it; the others must be copied as they are."""
    said = text_in(letter(template, "achter", title=f"a{sign}b"))
    assert said.splitlines() == ["Stad Hasselt", "ab", "ab", "achter", "Stad Hasselt 1 / 1"]


def test_a_letter_keeps_thirty_marks():
    """The others are drawn over each other, and took seconds to draw."""
    assert settable("a" + "\u0301\u0323" * 5_000 + "b") == ("a" + "\u0301\u0323" * 15 + "b", False)


def test_emoji_of_several_signs_stay_whole():
    family, flag, heart = "👨‍👩‍👧", "🏴\U000e0067\U000e0062\U000e007f", "❤️"
    assert settable(family + flag + heart) == (family + flag + heart, False)


@pytest.mark.parametrize("seed", range(3))
def test_any_text_at_all_makes_a_document(template, seed):
    signs = random.Random(seed)
    planes = [(0x20, 0x3000), (0x20, 0xD800), (0xE000, 0x10FFFF), (0x1F000, 0x1FAFF)]
    text = "".join(chr(signs.randrange(*signs.choice(planes))) for _ in range(5_000))
    assert faults_of(letter(template, text, " ".join(text))) == []


def test_emoji_and_other_scripts_can_be_read_and_copied(template):
    said = text_in(letter(template, "Dank u 😀👍", "Şöğüt Łódź", "Привет"))
    for words in ("Dank u 😀👍", "Şöğüt Łódź", "Привет"):
        assert words in said


def test_what_no_font_has_is_a_box_and_the_document_says_so(template):
    said = text_in(letter(template, "Dag 漢字 हि"))
    assert f"Dag {NOT_SHOWN * 2} {NOT_SHOWN}" in said
    assert "lacks" in said
    assert "lacks" not in text_in(letter(template, "Dag 😀 مرحبا"))


def test_a_long_word_stays_on_the_page_and_its_link_stays_whole(template):
    address = "https://www.hasselt.be/" + "pad/" * 60 + "x" * 200
    document = letter(template, f"Zie {address}.")
    assert links_in(document)
    assert set(links_in(document)) == {address}
    lines = [line for line in text_in(document).splitlines() if "x" * 20 in line]
    assert max(map(len, lines)) < 110


def test_signs_are_sorted_out_at_every_depth():
    content = {"a": ["x\x00", ("y", {"b": "漢"})], "n": 3, "f": True, "none": None}
    clean, lacks = settable(content)
    assert clean == {"a": ["x", ["y", {"b": NOT_SHOWN}]], "n": 3, "f": True, "none": None}
    assert lacks


def test_what_is_shown_stays_as_it_is():
    signs = (chr(code) for low, high in SHOWN for code in range(low, high + 1))
    inked = [c for c in signs if unicodedata.category(c) not in {"Cc", "Cf"} and c not in NO_INK]
    spaced = "x " + "x ".join(inked)
    assert settable(spaced) == (spaced, False)


def test_a_document_that_takes_too_long_is_given_up(template, monkeypatch):
    monkeypatch.setattr(typesetting, "WITHIN_S", 0.01)
    with pytest.raises(RuleBroken, match="failed"):
        letter(template, "x")


def test_a_failure_tells_nothing_of_the_text(template, monkeypatch, capfd, caplog):
    with pytest.raises(RuleBroken) as broken:
        typeset(template, {"title": "geheim"})  # the template misses its lines
    assert broken.value.__cause__ is None
    assert broken.value.__suppress_context__
    out, err = capfd.readouterr()
    assert "geheim" not in out + err + caplog.text


def test_one_document_at_a_time_because_of_the_memory(template, monkeypatch):
    running, most = 0, 0
    guard, real = threading.Lock(), subprocess.run

    def watched(*args, **kwargs):
        nonlocal running, most
        with guard:
            running += 1
            most = max(most, running)
        try:
            return real(*args, **kwargs)
        finally:
            with guard:
                running -= 1

    monkeypatch.setattr(subprocess, "run", watched)
    threads = [threading.Thread(target=letter, args=(template, "x")) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_who_waits_too_long_for_a_place_hears_so(template, monkeypatch):
    monkeypatch.setattr(typesetting, "WAIT_FOR_A_PLACE_S", 0.05)
    with typesetting._place, pytest.raises(RuleBroken, match="failed") as broken:
        letter(template, "x")
    assert broken.value.params["retry_after_s"] == 20


def test_other_threads_go_on_meanwhile(template):
    """Typst runs elsewhere: here only the data is made ready, which takes moments."""
    texts = ["Een zin met woorden die lang genoeg is. " * 50] * 500
    done, longest = threading.Event(), [0.0]

    def tick():
        last = time.perf_counter()
        while not done.is_set():
            time.sleep(0.001)
            longest[0], last = max(longest[0], time.perf_counter() - last), time.perf_counter()

    ticking = threading.Thread(target=tick)
    ticking.start()
    began = time.perf_counter()
    letter(template, *texts)
    took = time.perf_counter() - began
    done.set()
    ticking.join()
    assert longest[0] < took / 2


def test_the_fonts_carry_their_licence():
    fonts = Path(child.HERE / "fonts")
    assert {path.stem for path in fonts.glob("*.txt")} == {"figtree-LICENSE", "noto-emoji-LICENSE"}
