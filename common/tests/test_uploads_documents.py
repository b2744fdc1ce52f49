"""A PDF of a person comes out as a document that only lets itself be read."""

import io
import time

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from common.errors import RuleBroken
from common.testing.uploads import (
    CANARY,
    action,
    armed_pdf,
    pdf,
    pdf_with_packed_objects,
    readable,
    saved,
    uploaded,
)
from common.uploads import copying
from common.uploads.checking import checked

pytestmark = pytest.mark.once
KEYS = [b"/OpenAction", b"/AA", b"/JS", b"/XFA", b"/EmbeddedFile", b"/RichMedia", b"/Metadata"]


def clean(content: bytes) -> bytes:
    return checked(uploaded(content, "brief.pdf", "application/pdf")).content


def refusal(content: bytes) -> str:
    with pytest.raises(RuleBroken) as broken:
        clean(content)
    return broken.value.code


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def test_a_pdf_stays_what_it_is():
    found = checked(uploaded(pdf(pages=3, Lang="nl-BE"), "brief.pdf"))
    assert (found.media_type, found.width_px, found.height_px) == ("application/pdf", 0, 0)
    with opened(found.content) as document:
        assert len(document.pages) == 3
        assert document.Root.Lang == "nl-BE"
        assert document.check_pdf_syntax() == []


def test_everything_that_acts_by_itself_is_gone():
    armed = readable(armed_pdf())
    assert CANARY in armed
    assert all(key in armed for key in KEYS)
    found = readable(clean(armed_pdf()))
    assert CANARY not in found
    assert [key for key in KEYS if key in found] == []


def test_links_to_the_web_and_within_the_document_stay():
    with opened(clean(armed_pdf())) as document:
        kept = [str(one.A.get("/S", "")) for one in document.pages[0].obj.Annots if "/A" in one]
        link = document.pages[0].obj.Annots[0]
        assert str(link.A.URI) == "https://www.hasselt.be/"
    assert sorted(kept) == ["", "", "", "/GoTo", "/URI"]


def test_links_that_stand_within_their_page_stay_too():
    document = pikepdf.new()
    page = document.add_blank_page().obj
    link = {"Type": Name.Annot, "Subtype": Name.Link, "Rect": Array([0, 0, 9, 9])}
    page.Annots = Array(
        [
            Dictionary(**link, A=action("URI", URI="https://www.hasselt.be/")),
            Dictionary(**link, A=action("URI", URI=Name("/javascript:alert(1)"))),
            Dictionary(**{**link, "Subtype": Name.Movie}),
        ]
    )
    with opened(clean(saved(document))) as found:
        kept, disarmed = found.pages[0].obj.Annots
        assert str(kept.A.URI) == "https://www.hasselt.be/"
        assert list(disarmed.A.keys()) == []


def test_the_title_stays_and_who_made_it_goes():
    with opened(clean(armed_pdf())) as document:
        assert dict(document.docinfo.items()) == {"/Title": "Aanvraag"}


def test_tags_for_screen_readers_stay():
    document = pikepdf.new()
    page = document.add_blank_page().obj
    leaf = document.make_indirect(Dictionary(Type=Name.StructElem, S=Name.P, Pg=page, K=0))
    document.Root.StructTreeRoot = document.make_indirect(
        Dictionary(Type=Name.StructTreeRoot, K=Array([leaf]))
    )
    document.Root.MarkInfo = Dictionary(Marked=True)
    with opened(clean(saved(document))) as found:
        assert found.Root.StructTreeRoot.K[0].S == Name.P
        assert found.Root.MarkInfo.Marked


def test_an_action_that_is_written_in_the_form_of_a_stream_is_gone():
    document = pikepdf.new()
    document.add_blank_page()
    script = document.make_stream(b"app.alert(1) //" + CANARY)
    document.Root.OpenAction = document.make_indirect(action("JavaScript", JS=script))
    document.Root.Odd = document.make_indirect(
        Array([Array([Dictionary(Deep=Dictionary(Deeper=action("JavaScript", JS=script)))])])
    )
    assert CANARY not in readable(clean(saved(document)))


def test_a_dictionary_that_holds_itself_ends():
    document = pikepdf.new()
    document.add_blank_page()
    ring = document.make_indirect(Dictionary(A=1))
    ring.Self = ring
    document.Root.Ring = ring
    assert clean(saved(document))


def test_a_pdf_that_needs_a_password_is_refused():
    document = pikepdf.new()
    document.add_blank_page()
    locked = saved(document, encryption=pikepdf.Encryption(owner="o", user="u"))
    assert refusal(locked) == "file_locked"


def test_a_pdf_that_only_forbids_printing_is_read_and_opened():
    document = pikepdf.new()
    document.add_blank_page()
    forbidding = saved(document, encryption=pikepdf.Encryption(owner="o", user=""))
    with opened(clean(forbidding)) as found:
        assert not found.is_encrypted


@pytest.mark.parametrize(
    "tail",
    [b"<html><script>" + CANARY + b"</script>", b"PK\3\4" + CANARY, b"%%EOF\n" + CANARY],
    ids=["html", "zip", "text"],
)
def test_a_second_file_behind_a_pdf_is_gone(tail):
    assert CANARY not in clean(pdf() + tail)


def test_a_page_of_html_hidden_in_a_comment_is_gone():
    hidden = pdf().replace(b"\n", b"\n%<html>" + CANARY + b"\n", 1)
    assert CANARY not in clean(hidden)


@pytest.mark.parametrize("before", [b"\n", b"<html>", b"GIF89a", b"\xef\xbb\xbf"])
def test_a_pdf_that_begins_later_in_the_file_is_no_pdf(before):
    assert refusal(before + pdf()) == "file_type"


def test_an_older_version_within_the_file_is_gone():
    """A PDF that was changed keeps its earlier version in front; a copy written anew does not."""
    old = pdf(Secret=CANARY.decode())
    with opened(old) as document:
        number = document.Root.objgen[0]
        trailer = b"trailer<</Root %d 0 R/Size 99>>" % number
    start = len(old)
    update = b"%d 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n" % number
    with opened(old) as document:
        update = update.replace(b"2 0 R", b"%d 0 R" % document.Root.Pages.objgen[0])
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, start)
    previous = old.rsplit(b"startxref\n", 1)[1].split()[0]
    trailer = trailer.replace(b">>", b"/Prev %s>>" % previous)
    changed = old + update + table + trailer + b"\nstartxref\n%d\n%%%%EOF" % (start + len(update))
    assert CANARY in readable(old)
    assert CANARY not in readable(clean(changed))


def test_a_stream_of_objects_that_unpacks_to_gigabytes_harms_nobody():
    bomb = pdf_with_packed_objects(4_096)
    assert len(bomb) < 5_000_000
    began = time.monotonic()
    assert refusal(bomb) == "file_broken"
    assert time.monotonic() - began < copying.WITHIN_S  # it ran out of memory, not of time


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7\n", b"%PDF-1.7\n" + CANARY * 100, pdf(pages=0), pdf()[:200]],
    ids=["nothing", "noise", "no page", "cut off"],
)
def test_what_only_begins_like_a_pdf_is_broken(content):
    assert refusal(content) == "file_broken"
