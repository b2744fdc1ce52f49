"""A PDF, read and written anew without what acts by itself or carries other files.

Only what the document's own tree reaches is written, so that an older version, a second file behind
it and orphaned objects are gone. Names of keys are those of ISO 32000-1.
"""

import io
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from common.errors import RuleBroken

# Wherever they stand. A font or picture that happens to be called so goes missing from its page;
# that is rather accepted than a way around.
FORBIDDEN_KEYS = (
    *("/OpenAction", "/AA", "/JS", "/JavaScript", "/XFA", "/EmbeddedFiles", "/EF", "/AF"),
    *("/RichMediaContent", "/RichMediaSettings", "/Collection", "/PieceInfo", "/Metadata"),
)
FORBIDDEN_ACTIONS = frozenset(
    {
        *("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/ResetForm", "/GoToR", "/GoToE"),
        *("/Rendition", "/Movie", "/Sound", "/RichMediaExecute", "/GoTo3DView"),
    }
)
FORBIDDEN_ANNOTATIONS = frozenset(
    {"/RichMedia", "/Screen", "/Movie", "/Sound", "/3D", "/FileAttachment"}
)
LINKS = (b"http://", b"https://", b"mailto:", b"tel:")


def rewritten(content: bytes, media_type: str) -> tuple[bytes, int, int]:
    """The copy, and 0 by 0 pixels. Raises RuleBroken("file_locked"); all else raised is broken."""
    try:
        document = pikepdf.open(io.BytesIO(content))
    except pikepdf.PasswordError:
        raise RuleBroken("file_locked") from None
    with document:
        if not len(document.pages):
            raise RuleBroken("file_broken")
        _keep_the_title_only(document)
        if "/URI" in document.Root:  # a base for links, which could turn them all
            del document.Root["/URI"]
        for found in _dictionaries(document):
            _disarm(found)
        for page in document.pages:
            _drop_empty_annotations(page.obj)
        written = io.BytesIO()
        document.save(written, encryption=False)
    return written.getvalue(), 0, 0


def _keep_the_title_only(document: pikepdf.Pdf) -> None:
    """Who made it, when and with what goes, as it does for pictures; readers announce the title."""
    title = document.docinfo.get("/Title")
    kept = "" if title is None else str(title)
    del document.docinfo
    if kept:
        document.docinfo["/Title"] = kept


def _dictionaries(document: pikepdf.Pdf) -> Iterator[Object]:
    """Every dictionary, also those of streams and those that stand within others."""
    for found in document.objects:
        within = [found]
        while within:
            one = within.pop()
            if isinstance(one, Dictionary | Stream):
                yield one
                # What is stored apart comes by itself: following it would run in circles.
                within += [value for value in dict(one.items()).values() if _stands_within(value)]
            elif isinstance(one, Array):
                within += [value for value in one if _stands_within(value)]


def _stands_within(value: object) -> bool:
    return isinstance(value, Dictionary | Array | Stream) and not value.is_indirect


def _disarm(found: Object) -> None:
    if _is_forbidden(found):
        keys = list(found.keys())
    else:
        keys = [key for key in FORBIDDEN_KEYS if key in found]
    for key in keys:
        if key != "/Length":  # belongs to the stream itself
            del found[key]


def _is_forbidden(found: Object) -> bool:
    action, kind = found.get("/S"), found.get("/Subtype")
    if isinstance(action, Name) and str(action) in FORBIDDEN_ACTIONS:
        return True
    if isinstance(kind, Name) and str(kind) in FORBIDDEN_ANNOTATIONS:
        return True
    link = found.get("/URI")
    if isinstance(link, Name):  # no address by the rules; some readers take it for one
        return True
    return isinstance(link, pikepdf.String) and not bytes(link).strip().lower().startswith(LINKS)


def _drop_empty_annotations(page: Object) -> None:
    annotations = page.get("/Annots")
    if isinstance(annotations, Array):
        page["/Annots"] = Array(
            [one for one in annotations if isinstance(one, Dictionary) and len(one.keys())]
        )
