"""Modules of ours become one lean script without changing what they do."""

import minify
import pytest

from common.scripts import joined, lean


def reader(**modules: str):
    return lambda name: modules[name.removesuffix(".js")]


def test_comments_and_indentation_stay_behind():
    source = (
        '/** What it\n * does. */\n\nexport const a = [\n  // why\n  "// kept",\n]; // beside\n'
    )
    assert lean(source) == 'export const a=["// kept"]'


def test_a_text_keeps_its_spaces():
    assert lean("const a = `x  ${b}  y`;\n") == "const a=`x  ${b}  y`"


def test_a_style_sheet_is_made_lean_as_well():
    source = (
        "sheet.replaceSync(`\n.a { color: var(--ink);\n  margin: 0 }\n/* why */\n.b { top: 0 }`);"
    )
    assert lean(source) == "sheet.replaceSync(`.a{color:var(--ink);margin:0}.b{top:0}`)"


def test_a_broken_script_is_refused():
    with pytest.raises(minify.MinifyError):
        lean("const a = {;\n")


def test_a_module_comes_after_what_it_needs_and_only_once():
    script = joined(
        "main.js",
        reader(
            main='import { b } from "./left.js";\nimport { a } from "./base.js";\n'
            "export class M { x = a + b(); }\n",
            left='import { a } from "./base.js";\nexport function b() { return a; }\n',
            base="const hidden = window.one;\nexport const a = hidden;\n",
        ),
    )
    assert script.startswith("export const{M}=(()=>{")
    assert script.count("window.one") == 1
    assert script.index("window.one") < script.index("class")
    assert "import" not in script


def test_imports_over_several_lines_are_understood():
    modules = reader(
        main='import {\n  a,\n  b,\n} from "./x-y.js";\nexport async function m() { a(b); }\n',
        **{"x-y": "export const a = window.a;\nexport const b = 2;\n"},
    )
    assert "window.a" in joined("main.js", modules)


def test_a_module_fetched_later_stays_a_file_of_its_own():
    script = joined("main.js", reader(main='export const later = () => import("./x.js");\n'))
    assert 'import("./x.js")' in script


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


@pytest.mark.parametrize(
    "line", ["const own = 2;", "async function own() {}", "class own {}", "export const own = 3;"]
)
def test_two_modules_that_give_one_name_are_refused(line):
    modules = reader(
        main=f'import {{ a }} from "./x.js";\n{line}\nexport const m = a;\n',
        x="const own = 1;\nexport const a = own;\n",
    )
    with pytest.raises(ValueError, match=r"x\.js and main\.js both declare 'own'"):
        joined("main.js", modules)


def test_a_name_inside_a_function_belongs_to_it_alone():
    modules = reader(
        main='import { a } from "./x.js";\nexport function m() {\n  const own = a;\n'
        "  return own();\n}\n",
        x="const own = window.own;\nexport const a = () => own;\n",
    )
    assert "window.own" in joined("main.js", modules)


def test_a_declaration_whose_names_cannot_be_told_is_refused():
    with pytest.raises(ValueError, match=r"main\.js.*one name"):
        joined("main.js", reader(main="const { a, b } = window;\nexport const m = a;\n"))
