"""The catalogue of translations: what the source says, what the .po knows, what differs.

Source text is English; Dutch is kept in locale/nl/LC_MESSAGES/django.po. Everything is done by
Babel, so no system gettext is needed. The .mo beside it is made on each start, never committed.
"""

import io
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
SKIPPED_FOLDERS = frozenset({"tests", "testing", "migrations", "node_modules", "__pycache__"})
TEMPLATE_SUFFIXES = frozenset({".html", ".txt"})
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
# The key of a plural in a file of translations to merge: singular, this, plural.
PLURAL_SEPARATOR = "\x04PLURAL\x04"
HEADER = """\
# Dutch translation of the portal. Kept by `manage.py translations`.
msgid ""
msgstr ""
"Language: nl\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""

Key = tuple[str | None, str]
Translations = dict[str, str | list[str]]


class Problem(NamedTuple):
    """What is wrong with one entry."""

    kind: str
    msgid: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: {self.msgid!r}" + (f" ({self.detail})" if self.detail else "")


def po_path(locale: Path) -> Path:
    return locale / "nl" / "LC_MESSAGES" / "django.po"


def compile_all(locale: Path) -> list[Path]:
    """Makes the .mo of every .po in `locale` that is newer; returns those made.

    Several processes may start at once: each writes its own file and renames it into place.
    """
    made = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        half = target.with_suffix(f".{os.getpid()}.tmp")
        with half.open("wb") as stream:
            write_mo(stream, _read(source))
        half.replace(target)
        made.append(target)
    return made


def extracted(base: Path) -> Catalog:
    """Every text that the rooms and templates under `base` mark for translation."""
    catalogue = Catalog(locale="nl")
    for path in sorted(_sources(base)):
        for line, msgid, context in _marked(path):
            location = (path.relative_to(base).as_posix(), line)
            catalogue.add(msgid, context=context, locations=[location])
    return catalogue


def load(locale: Path) -> Catalog:
    """The catalogue as committed; empty if there is none yet."""
    path = po_path(locale)
    return _read(path) if path.exists() else Catalog(locale="nl")


def updated(found: Catalog, known: Catalog) -> Catalog:
    """What the source says, with the translations that are known; what is stale is dropped."""
    result = Catalog(locale="nl")
    for message in found:
        if message.id:
            old = known.get(_singular(message), message.context)
            same_shape = old is not None and bool(old.pluralizable) == bool(message.pluralizable)
            result.add(
                message.id,
                old.string if old is not None and same_shape else None,
                context=message.context,
                flags={"fuzzy"} if old is not None and old.fuzzy else (),
            )
    return result


def merge(catalogue: Catalog, translations: Translations) -> list[str]:
    """Puts `translations` in the catalogue; returns the keys that no source text has."""
    unknown = []
    for key, text in translations.items():
        context, _, msgid = key.partition(PLURAL_SEPARATOR)[0].rpartition("\x04")
        message = catalogue.get(msgid, context or None)
        if message is None or bool(message.pluralizable) != isinstance(text, list):
            unknown.append(key)
            continue
        message.string = tuple(text) if isinstance(text, list) else text
        message.flags.discard("fuzzy")
    return unknown


def write(catalogue: Catalog, locale: Path) -> None:
    """Writes the .po: sorted, without line numbers and dates, so that a diff shows only texts."""
    path = po_path(locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    body = io.BytesIO()
    write_po(body, catalogue, width=96, no_location=True, omit_header=True, sort_output=True)
    path.write_text(HEADER + body.getvalue().decode().strip() + "\n", encoding="utf-8")


def problems(found: Catalog, known: Catalog) -> list[Problem]:
    """What keeps the translation from being complete and true."""
    return [*_missing(found, known), *_stale(found, known), *_misfilled(known)]


def _missing(found: Catalog, known: Catalog) -> Iterator[Problem]:
    for message in found:
        if not message.id:
            continue
        translation = known.get(_singular(message), message.context)
        if translation is None or not all(_texts(translation)) or not _texts(translation):
            where = ", ".join(f"{file}:{line}" for file, line in message.locations[:2])
            yield Problem("missing", _singular(message), where)
        elif bool(translation.pluralizable) != bool(message.pluralizable):
            yield Problem("plural differs", _singular(message))


def _stale(found: Catalog, known: Catalog) -> Iterator[Problem]:
    for message in known:
        if message.id and found.get(_singular(message), message.context) is None:
            yield Problem("stale", _singular(message), "no source text says this any more")
        if message.id and message.fuzzy:
            yield Problem("fuzzy", _singular(message))
    for message in known.obsolete.values():
        yield Problem("stale", _singular(message), "obsolete entry")


def _misfilled(known: Catalog) -> Iterator[Problem]:
    for message in known:
        allowed = [set(PLACEHOLDER.findall(text)) for text in _ids(message)]
        for text in filter(None, _texts(message)) if message.id else ():
            if set(PLACEHOLDER.findall(text)) not in allowed:
                yield Problem("placeholders differ", _singular(message), text)


def _sources(base: Path) -> Iterator[Path]:
    rooms = [entry.parent for entry in base.glob("*/__init__.py")]
    for folder in [*rooms, base / "templates"]:
        for path in folder.rglob("*"):
            inside = path.relative_to(base).parts
            if SKIPPED_FOLDERS.isdisjoint(inside) and (
                path.suffix == ".py" or ("templates" in inside and path.suffix in TEMPLATE_SUFFIXES)
            ):
                yield path


def _marked(path: Path) -> Iterable[tuple[int, Any, str | None]]:
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        from django.utils.translation.template import templatize

        # The template becomes rows of XXX with calls in between. Its indentation is not Python's.
        source = "\n".join(line.strip() for line in templatize(source).splitlines())
    for line, msgid, _comments, context in extract(
        "python", io.BytesIO(source.encode()), keywords=KEYWORDS
    ):
        yield line, msgid, context


def _read(path: Path) -> Catalog:
    with path.open("rb") as stream:
        return read_po(stream, locale="nl", domain=path.stem, abort_invalid=True)


def _ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def _singular(message: Message) -> str:
    return _ids(message)[0]


def _texts(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
