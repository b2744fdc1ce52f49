"""Scripts on their way to the browser: in the source one idea is one module, on the wire one file.

Works on our own modules only and relies on how they are written: comments stand on lines of their
own, imports name what they take (`import { a, b } from "./x.js";`), and exports stand before what
they export. Anything else is refused, so that it fails at collecting and not in a browser.
"""

import re
from collections.abc import Callable

BLOCK_COMMENT = re.compile(r"^[ \t]*/\*.*?\*/[ \t]*\n", re.MULTILINE | re.DOTALL)
LINE_COMMENT = re.compile(r"^[ \t]*//.*\n", re.MULTILINE)
INDENT_OR_BLANK = re.compile(r"^\s+", re.MULTILINE)
NEEDLESS_BREAK = re.compile(r"(?<=[;,{(\[])\n")
COMMENT_BESIDE_CODE = re.compile(r"^.*[;,{(\[)}] //.*$", re.MULTILINE)
IMPORT = re.compile(
    r'^import \{(\s*\w+(?:\s*,\s*\w+)*[\s,]*)\} from "\./([\w-]+\.js)";\n', re.MULTILINE
)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
UNKNOWN = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def lean(source: str) -> str:
    """The script without what only people need: comments, indentation, most line breaks.

    Raises ValueError on a comment beside code, which would swallow what comes after it.
    """
    return NEEDLESS_BREAK.sub("", _bare(source))


def joined(name: str, read: Callable[[str], str]) -> str:
    """The module `name` and all that it imports, as one lean module with the exports of `name`.

    `read` gives the source of a module by its file name. Raises ValueError on a circle of imports
    and on an import or export in another form.
    """
    parts: dict[str, str] = {}
    _add(name, read, parts, path=[])
    return NEEDLESS_BREAK.sub("", "".join(parts.values()))


def _bare(source: str) -> str:
    for ballast in (BLOCK_COMMENT, LINE_COMMENT, INDENT_OR_BLANK):
        source = ballast.sub("", source)
    if beside := COMMENT_BESIDE_CODE.search(source):
        raise ValueError(f"{beside[0]!r}: a comment stands on a line of its own.")
    return source


def _add(name: str, read: Callable[[str], str], parts: dict[str, str], *, path: list[str]) -> None:
    if name in parts:
        return
    if name in path:
        raise ValueError(f"{' → '.join([*path, name])}: modules import each other in a circle.")
    source = _bare(read(name))
    for _names, needed in IMPORT.findall(source):
        _add(needed, read, parts, path=[*path, name])
    source = IMPORT.sub(lambda found: f"const {{{found[1]}}} = {_room(found[2])};\n", source)
    exports = EXPORT.findall(source)
    if path:
        source = EXPORT.sub("", source)
        source = (
            f"const {_room(name)} = (() => {{\n{source}return {{{', '.join(exports)}}};\n}})();\n"
        )
    unknown = [line for line in UNKNOWN.findall(source) if not EXPORT.match(line)]
    if unknown:
        raise ValueError(f"{name}: {unknown[0]!r} cannot be joined.")
    parts[name] = source


def _room(name: str) -> str:
    """The constant that holds the exports of a module: "x-y.js" becomes "$x_y"."""
    return "$" + name.removesuffix(".js").replace("-", "_")
