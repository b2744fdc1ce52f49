"""Modules of ours become one lean script without changing what they do."""

import pytest

from common.scripts import joined, lean


def reader(**modules: str):
    return lambda name: modules[name.removesuffix(".js")]


def test_comments_and_indentation_stay_behind():
    source = '/** What it\n * does. */\n\nexport const a = [\n  // why\n  "// kept",\n]\n'
    assert lean(source) == 'export const a = ["// kept",]\n'


def test_a_comment_beside_code_is_refused_before_it_swallows_the_next_line():
    with pytest.raises(ValueError, match="line of its own"):
        lean("call(); // why;\nnext();\n")


def test_a_module_comes_after_what_it_needs_and_only_once():
    script = joined(
        "main.js",
        reader(
            main='import { b } from "./left.js";\nimport { a } from "./base.js";\nexport class M{}',
            left='import { a } from "./base.js";\nexport function b() {}\n',
            base="const hidden = 1;\nexport const a = hidden;\n",
        ),
    )
    assert script == (
        "const $base = (() => {const hidden = 1;const a = hidden;return {a};})();"
        "const $left = (() => {const { a } = $base;function b() {}\nreturn {b};})();"
        "const { b } = $left;const { a } = $base;export class M{}"
    )


def test_imports_over_several_lines_are_understood():
    modules = reader(
        main='import {\n  a,\n  b,\n} from "./x-y.js";\nexport async function m() {}\n',
        **{"x-y": "export const a = 1;\nexport const b = 2;\n"},
    )
    assert "const {a,b,} = $x_y;" in joined("main.js", modules)


@pytest.mark.parametrize(
    "line",
    [
        'import whole from "./x.js";',
        'import { a as b } from "./x.js";',
        'import { a } from "../x.js";',
        'import "./x.js";',
        "export default 1;",
        "export { a };",
        'export * from "./x.js";',
    ],
)
def test_another_form_of_import_or_export_is_refused_by_name(line):
    with pytest.raises(ValueError, match="main"):
        joined("main.js", reader(main=f"{line}\n", x="export const a = 1;\n"))


def test_a_circle_of_imports_is_refused():
    modules = reader(
        a='import { b } from "./b.js";\nexport const a = b;\n',
        b='import { a } from "./a.js";\nexport const b = a;\n',
    )
    with pytest.raises(ValueError, match=r"a\.js → b\.js → a\.js"):
        joined("a.js", modules)
