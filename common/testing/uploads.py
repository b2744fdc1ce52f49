"""Files as people send them, made on the spot: good ones, broken ones, and ones that mean harm."""

import io
import os
import struct
import zlib
from typing import Any

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from pikepdf import Array, Dictionary, Name
from PIL import Image

CANARY = b"CANARY-7d1f"


def uploaded(
    content: bytes, name: str = "foto.jpg", said: str = "image/jpeg"
) -> SimpleUploadedFile:
    """What Django hands to a view; `said` is the type that the browser claims."""
    return SimpleUploadedFile(name, content, content_type=said)


def picture(format: str = "JPEG", size: tuple[int, int] = (60, 40), **how: Any) -> bytes:
    """A picture that is red at the left and blue at the right."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    return encoded(image, format, **how)


def encoded(image: Image.Image, format: str, **how: Any) -> bytes:
    written = io.BytesIO()
    image.save(written, format, **how)
    return written.getvalue()


def noise(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """What no encoder makes smaller."""
    return Image.frombytes(mode, (width, height), os.urandom(width * height * len(mode)))


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def exif_with_gps(orientation: int = 6) -> Image.Exif:
    """Turned a quarter, taken at 50° north, by a camera that names its owner."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x013B] = CANARY.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (50.0, 55.0, 51.0)})
    return exif


def png(width: int, height: int, rows: bytes, *extra: tuple[bytes, bytes]) -> bytes:
    """A PNG by hand: its header says what we want, whatever its rows hold."""
    header = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), *extra, (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    crc = zlib.crc32(name + content)
    return struct.pack("!I", len(content)) + name + content + struct.pack("!I", crc)


def jpeg_with_comment(comment: bytes) -> bytes:
    """A JPEG with a COM segment right behind its first marker."""
    plain = picture()
    return plain[:2] + b"\xff\xfe" + struct.pack("!H", len(comment) + 2) + comment + plain[2:]


def pdf(pages: int = 1, **root: Any) -> bytes:
    """A PDF with these entries in its catalogue."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    for name, value in root.items():
        document.Root[f"/{name}"] = value
    return saved(document)


def saved(document: pikepdf.Pdf, **how: Any) -> bytes:
    written = io.BytesIO()
    document.save(written, **how)
    return written.getvalue()


def action(kind: str, **fields: Any) -> Dictionary:
    return Dictionary(S=Name(f"/{kind}"), **fields)


def armed_pdf() -> bytes:
    """A PDF in which everything that can act by itself, does; each names the canary."""
    document = pikepdf.new()
    page = document.add_blank_page().obj
    say = action("JavaScript", JS=f"app.alert('{CANARY.decode()}')")
    stream = document.make_stream(CANARY * 3)
    file = Dictionary(Type=Name.Filespec, F="x.exe", EF=Dictionary(F=stream))
    root = document.Root
    root.OpenAction = say
    root.AA = Dictionary(WC=say)
    root.Names = Dictionary(
        JavaScript=Dictionary(Names=Array(["a", document.make_indirect(say)])),
        EmbeddedFiles=Dictionary(Names=Array(["x.exe", document.make_indirect(file)])),
    )
    root.AcroForm = Dictionary(Fields=Array([]), XFA=Array(["xdp", document.make_stream(CANARY)]))
    root.Metadata = document.make_stream(CANARY, Type=Name.Metadata)
    page.AA = Dictionary(O=action("Launch", F=CANARY.decode()))
    page.Annots = Array(
        [
            _annotation(document, "Link", A=action("URI", URI="https://www.hasselt.be/")),
            _annotation(document, "Link", A=action("URI", URI=f"javascript:{CANARY.decode()}")),
            _annotation(document, "Link", A=action("SubmitForm", F=CANARY.decode())),
            _annotation(document, "Link", A=action("GoToR", F=CANARY.decode())),
            _annotation(
                document, "Link", A=action("GoTo", D=Array([page, Name.Fit]), Next=Array([say]))
            ),
            _annotation(document, "FileAttachment", FS=file),
            _annotation(document, "RichMedia", RichMediaContent=Dictionary(X=stream)),
        ]
    )
    document.docinfo["/Author"] = CANARY.decode()
    document.docinfo["/Title"] = "Aanvraag"
    return saved(document)


def _annotation(document: pikepdf.Pdf, kind: str, **fields: Any) -> pikepdf.Object:
    return document.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=Array([0, 0, 9, 9]), **fields)
    )


def pdf_with_packed_objects(size_mib: int) -> bytes:
    """A PDF of some KB whose catalogue lies in a stream that unpacks to `size_mib` MiB."""
    packer = zlib.compressobj(9)
    begin = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    # A block that refers to nothing before it may be repeated as often as one likes.
    block = packer.compress(b" " * 1_048_576) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = begin + block * size_mib + packer.flush()
    head = b"%PDF-1.5\n"
    stream = (
        b"3 0 obj<</Type/ObjStm/N 2/First 10/Length %d/Filter/FlateDecode>>stream\n" % len(packed)
        + packed
        + b"\nendstream endobj\n"
    )
    table_at = len(head + stream)
    entries = [(0, 0, 0), (2, 3, 0), (2, 3, 1), (1, len(head), 0), (1, table_at, 0)]
    table = b"".join(struct.pack("!BIB", *entry) for entry in entries)
    return (
        head
        + stream
        + b"4 0 obj<</Type/XRef/Size 5/W[1 4 1]/Root 1 0 R/Length %d>>stream\n" % len(table)
        + table
        + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF" % table_at
    )


def readable(content: bytes) -> bytes:
    """Everything in a PDF that can be unpacked, to search in."""
    with pikepdf.open(io.BytesIO(content)) as document:
        return saved(
            document,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.all,
            compress_streams=False,
        )
