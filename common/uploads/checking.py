"""The one way in for a file of a person: what comes out may be stored and shown to another."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from common.errors import RuleBroken
from common.uploads import MAX_BYTES
from common.uploads.copying import copied
from common.uploads.names import clean_name
from common.uploads.scanning import scan

JPEG, PNG, WEBP, PDF = "image/jpeg", "image/png", "image/webp", "application/pdf"
_BEGINS = ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"%PDF-", PDF))


@dataclass(frozen=True)
class CleanFile:
    """A checked copy. `width_px` and `height_px` are 0 for a PDF."""

    name: str
    media_type: str
    content: bytes
    width_px: int
    height_px: int


def checked(upload: "UploadedFile[Any]") -> CleanFile:
    """The copy of `upload` that may be stored; takes up to a minute, so never in a transaction.

    Raises RuleBroken: file_missing, file_too_big, file_type, file_virus, file_unscanned,
    file_too_large_picture, file_locked, file_broken; failed when too many are checked at once.
    """
    content = _read(upload)
    media_type = media_type_of(content)
    if settings.CLAMD_URL:
        scan(content, url=settings.CLAMD_URL)
    copy = copied(content, media_type)
    if len(copy.content) > MAX_BYTES:
        raise RuleBroken("file_too_big")
    return CleanFile(
        name=clean_name(upload.name or "", media_type),
        media_type=media_type,
        content=copy.content,
        width_px=copy.width_px,
        height_px=copy.height_px,
    )


def media_type_of(content: bytes) -> str:
    """The type by the first bytes; what the sender or the name says counts for nothing."""
    for begin, media_type in _BEGINS:
        if content.startswith(begin):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    raise RuleBroken("file_type")


def _read(upload: "UploadedFile[Any]") -> bytes:
    if upload.size and upload.size > MAX_BYTES:
        raise RuleBroken("file_too_big")
    upload.seek(0)
    content: bytes = upload.read(MAX_BYTES + 1)
    if not content:
        raise RuleBroken("file_missing")
    if len(content) > MAX_BYTES:
        raise RuleBroken("file_too_big")
    return content
