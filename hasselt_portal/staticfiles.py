"""Static files with hashed names, imports between ES modules included."""

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

from common import scripts

CSS_IMPORT = re.compile(r'^@import "(?:\./)?([\w-]+\.css)";$', re.MULTILINE)
# The panel, and what it fetches only when somebody needs it.
JOINED_MODULES = tuple(
    f"chat/widget/{name}.js"
    for name in ("panel", "exchange", "file", "masking", "silence", "waiting")
)
LEAN_SCRIPTS = ("chat/widget/loader.js",)


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Rewrites `import "./x.js"` to the hashed name, so that modules are cached for ever.

    A style sheet that imports others of its own folder is collected as one file: in the source
    one component is one file, on the wire a page waits for one request instead of twenty. The
    chat's panel is joined in the same way, and made lean, as its loader is.
    """

    support_js_module_import_aggregation = True
    # A page that names a file which collectstatic has not seen must fail in a test, not in the
    # browser; but a missing manifest (tests, a fresh clone) falls back to the plain name.
    manifest_strict = False

    def post_process(self, paths: dict[str, Any], *args: Any, **options: Any) -> Iterator[Any]:
        if not options.get("dry_run"):
            paths = {**paths, **self._joined_style_sheets(paths), **self._lean_scripts(paths)}
        yield from super().post_process(paths, *args, **options)

    def _joined_style_sheets(self, paths: dict[str, Any]) -> dict[str, Any]:
        """Writes each importing style sheet with its imports in place; returns where they are."""
        joined = {}
        for name in [path for path in paths if path.endswith(".css")]:
            text = _read(paths, name)
            whole = _with_imports(text, _reader_beside(paths, name))
            if whole != text:
                joined[name] = self._collected_as(name, whole)
        return joined

    def _lean_scripts(self, paths: dict[str, Any]) -> dict[str, Any]:
        """Writes each lean script, joined with what it imports; returns where they are."""
        texts = {
            name: scripts.joined(PurePosixPath(name).name, _reader_beside(paths, name))
            for name in JOINED_MODULES
            if name in paths
        }
        texts |= {name: scripts.lean(_read(paths, name)) for name in LEAN_SCRIPTS if name in paths}
        return {name: self._collected_as(name, text) for name, text in texts.items()}

    def _collected_as(self, name: str, text: str) -> tuple[Any, str]:
        self.delete(name)
        self._save(name, ContentFile(text.encode()))
        return self, name


def _with_imports(text: str, read: Callable[[str], str]) -> str:
    return CSS_IMPORT.sub(lambda found: read(found[1]), text)


def _reader_beside(paths: dict[str, Any], name: str) -> Callable[[str], str]:
    """Reads files by their name in the folder of `name`."""
    return lambda file: _read(paths, str(PurePosixPath(name).with_name(file)))


def _read(paths: dict[str, Any], name: str) -> str:
    # From the source, never from the collected copy: that may be an older joined one.
    storage, path = paths[name]
    with storage.open(path) as file:
        return str(file.read().decode())
