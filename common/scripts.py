"""Scripts on their way to the browser: in the source one idea is one module, on the wire one file.

Joining works on our own modules only and relies on how they are written: imports name what they
take (`import { a, b } from "./x.js";`), exports stand before what they export, and a declaration in
the first column of a line is the module's own. Anything else is refused, so that it fails at
collecting and not in a browser.
"""

import re
from collections.abc import Callable

IMPORT = re.compile(
    r'^import \{\s*\w+(?:\s*,\s*\w+)*[\s,]*\} from "\./([\w-]+\.js)";\n', re.MULTILINE
)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
UNKNOWN = re.compile(r"^(?:import|export)\b(?! ?\().*", re.MULTILINE)
DECLARED = re.compile(
    r"^(?:async )?(?:function\*?|class|const|let|var) (\w+|[\[{].*)", re.MULTILINE
)
STYLE_SHEET = re.compile(r"(?<=\.replaceSync\(`)[^`$\\]*(?=`\))")


def lean(source: str) -> str:
    """The script without what only people need; style sheets in `replaceSync` as well."""
    short = _minified("application/javascript", source)
    return STYLE_SHEET.sub(lambda sheet: _minified("text/css", sheet[0]), short)


def joined(name: str, read: Callable[[str], str]) -> str:
    """The module `name` and all that it imports, as one lean module with the exports of `name`.

    All share one scope, which compresses far better than a scope for each: so no two modules may
    give the same name to something of their own, and a name must not hide one of the browser's.
    `read` gives the source of a module by its file name. Raises ValueError on two equal names, on a
    circle of imports and on an import or export in another form.
    """
    parts: dict[str, str] = {}
    _add(name, read, parts, path=[])
    _refuse_equal_names(parts)
    exports = f"{{ {', '.join(EXPORT.findall(read(name)))} }}"
    body = "".join(parts.values())
    return lean(f"export const {exports} = (() => {{\n{body}\nreturn {exports};\n}})();")


def _add(name: str, read: Callable[[str], str], parts: dict[str, str], *, path: list[str]) -> None:
    if name in parts:
        return
    if name in path:
        raise ValueError(f"{' → '.join([*path, name])}: modules import each other in a circle.")
    source = read(name)
    for needed in IMPORT.findall(source):
        _add(needed, read, parts, path=[*path, name])
    source = EXPORT.sub("", IMPORT.sub("", source))
    if unknown := UNKNOWN.search(source):
        raise ValueError(f"{name}: {unknown[0]!r} cannot be joined.")
    parts[name] = source


def _refuse_equal_names(parts: dict[str, str]) -> None:
    owners: dict[str, str] = {}
    for module, source in parts.items():
        for name in DECLARED.findall(source):
            if not name.isidentifier():
                raise ValueError(f"{module}: {name!r}: one name a declaration.")
            if name in owners:
                raise ValueError(f"{owners[name]} and {module} both declare {name!r}.")
            owners[name] = module


def _minified(media_type: str, text: str) -> str:
    # Here, since it brings a runtime of its own that no web process needs to carry.
    import minify

    return str(minify.string(media_type, text))
