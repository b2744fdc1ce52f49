"""The name of a file as it may be shown and saved again on anybody's computer."""

import re
import unicodedata

from common.masking import masked

MAX_NAME = 120
EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "application/pdf": ".pdf",
}
NAMELESS = "bestand"
# What Windows and shells do not take in a name, and what addresses would have to escape.
_RESERVED = re.compile(r'[<>:"|?*%;\x00-\x1f\x7f]')
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_EXTENSION = re.compile(r"\.(?=[a-z0-9]*[a-z])[a-z0-9]{1,5}$", re.IGNORECASE)


def clean_name(name: str, media_type: str) -> str:
    """`name` without folders, invisible characters and personal numbers, ending in the true type.

    Invisible are also the marks that make "foto\u202egpj.exe" read as a picture (CVE-2021-42574).
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(
        c for c in last if unicodedata.category(c)[0] != "C" and c not in "\u2028\u2029"
    )
    stem = _EXTENSION.sub("", " ".join(_RESERVED.sub("-", visible).split()))
    # Masked before it is cut: half a number would no longer be recognised.
    stem = masked(stem).text.strip(". ")
    if not stem or _DEVICE.fullmatch(stem):
        stem = f"{NAMELESS}-{stem}".strip("-")
    extension = EXTENSIONS[media_type]
    return stem[: MAX_NAME - len(extension)].rstrip(". ") + extension
