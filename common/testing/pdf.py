"""Reading a PDF as a screen reader and a validator would, for tests."""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
from pypdf import PdfReader


def text_in(document: bytes) -> str:
    """The text of all pages in the order of their content."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(document)).pages)


def faults_of(document: bytes) -> list[str]:
    """What is missing of that which PDF/UA-1 (ISO 14289-1) asks of every document."""
    faults: list[str] = []
    with pikepdf.open(io.BytesIO(document)) as pdf:
        root = pdf.Root
        with pdf.open_metadata() as metadata:
            asked = {
                "Marked": _inside(root, "/MarkInfo", "/Marked"),
                "StructTreeRoot": _inside(root, "/StructTreeRoot", "/K") is not None,
                "Lang": str(root.get("/Lang", "")),
                "DisplayDocTitle": _inside(root, "/ViewerPreferences", "/DisplayDocTitle"),
                "title": metadata.get("dc:title"),
                "pdfuaid:part": metadata.get("pdfuaid:part") == "1",
                "pdfaid": (metadata.get("pdfaid:part"), metadata.get("pdfaid:conformance"))
                == ("2", "A"),
            }
        faults += [name for name, value in asked.items() if not value]
        for number, page in enumerate(pdf.pages, 1):
            links = [note for note in page.get("/Annots", []) if note.Subtype == "/Link"]
            faults += [
                f"page {number}: link without words" for link in links if "/Contents" not in link
            ]
            if page.get("/Tabs") != "/S":
                faults.append(f"page {number}: tab order")
    return faults


def _inside(root: Any, outer: str, inner: str) -> Any:
    return root[outer].get(inner) if outer in root else None


def roles_in(document: bytes) -> list[str]:
    """The structure types in reading order: H1, P, Link …"""
    with pikepdf.open(io.BytesIO(document)) as pdf:
        return list(_roles(pdf.Root.StructTreeRoot))


def _roles(element: Any) -> Iterator[str]:
    if "/S" in element:
        yield str(element.S).lstrip("/")
    children = element.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary):
            yield from _roles(child)


def links_in(document: bytes) -> list[str]:
    """Where the links lead."""
    with pikepdf.open(io.BytesIO(document)) as pdf:
        notes = [note for page in pdf.pages for note in page.get("/Annots", [])]
        return [str(note.A.URI) for note in notes if "/A" in note]
