"""Names of files: fit to be shown, and saved again on anybody's computer."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.uploads.names import MAX_NAME, clean_name

pytestmark = pytest.mark.once
PDF, JPEG = "application/pdf", "image/jpeg"


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("brief.pdf", "brief.pdf"),
        ("Mijn brief (2).PDF", "Mijn brief (2).pdf"),
        ("élan één.pdf", "élan één.pdf"),
        ("brief", "brief.pdf"),
        ("brief 12.50", "brief 12.50.pdf"),
        ("foto.jpeg.exe", "foto.jpeg.pdf"),
        ("rekening.html", "rekening.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\An\\brief.pdf", "brief.pdf"),
        ("/", "bestand.pdf"),
        ("", "bestand.pdf"),
        (".pdf", "bestand.pdf"),
        ("...", "bestand.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("CON", "bestand-CON.pdf"),
        ("nul.txt", "bestand-nul.pdf"),
        ("lpt1.tar.gz", "bestand-lpt1.tar.pdf"),
        ("con.brieven", "bestand-con.brieven.pdf"),
        ("a:b|c?.pdf", "a-b-c-.pdf"),
        ('x"; filename="y.exe', "x-- filename=-y.pdf"),
        ("brief\r\nSet-Cookie: x", "briefSet-Cookie- x.pdf"),
        ("foto\u202egpj.exe", "fotogpj.pdf"),
        ("\u2066brief\u2069.pdf", "brief.pdf"),
        ("br\u200bief\x00.pdf", "brief.pdf"),
        ("  brief  van   An .pdf", "brief van An.pdf"),
    ],
)
def test_a_name_is_made_harmless(given_name, kept):
    assert clean_name(given_name, PDF) == kept


def test_the_extension_says_the_true_type():
    assert clean_name("brief.pdf", JPEG) == "brief.jpg"


def test_a_long_name_keeps_its_extension():
    name = clean_name("é" * 300 + ".pdf", PDF)
    assert len(name) == MAX_NAME
    assert name.endswith("é.pdf")


def test_a_national_number_in_a_name_is_masked():
    name = clean_name("attest 85.07.30-033.28.pdf", PDF)
    assert "033" not in name
    assert name.startswith("attest")
    assert name.endswith(".pdf")


def test_a_number_at_the_cut_is_masked_before_it_is_cut():
    name = clean_name("a" * 106 + " 85.07.30-033.28.pdf", PDF)
    assert "85.07" not in name


@given(st.text(max_size=400))
def test_whatever_comes_in_a_name_comes_out(text):
    name = clean_name(text, PDF)
    assert len(name) <= MAX_NAME
    assert name.endswith(".pdf")
    assert len(name) > len(".pdf")
    assert not set(name) & set('/\\<>:"|?*')
    assert not any(unicodedata.category(c)[0] == "C" for c in name)
    assert clean_name(name, PDF) == name
