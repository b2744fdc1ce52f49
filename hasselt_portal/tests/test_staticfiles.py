"""Style sheets and the chat's panel are written in parts and sent as one."""

import re
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage

from common import scripts
from hasselt_portal.staticfiles import JOINED_MODULES, HashedStaticFiles
from hasselt_portal.tests.running import BASE

WIDGET = {
    "loader.js": "// why\nconst address = `__PANEL_URL__`;\nimport(address);\n",
    "panel.js": 'import { words } from "./words.js";\nexport const later = () => [words, '
    'import("./ending.js")];\n',
    "words.js": 'export const words = "  kept  ";\n',
    "ending.js": "export const end = 1;\n",
}


@pytest.fixture
def source(tmp_path) -> Path:
    folder = tmp_path / "source"
    (folder / "css").mkdir(parents=True)
    (folder / "css" / "site.css").write_text(
        '/* all */\n@import "tokens.css";\n@import "font.css";\n'
    )
    (folder / "css" / "tokens.css").write_text(":root { --ink: black; }\n")
    (folder / "css" / "font.css").write_text('@font-face { src: url("../letter.woff2"); }\n')
    (folder / "letter.woff2").write_bytes(b"letters")
    (folder / "chat" / "widget").mkdir(parents=True)
    for name, text in WIDGET.items():
        (folder / "chat" / "widget" / name).write_text(text)
    return folder


def collected(source: Path, target: Path, wanted: str = "css/site.css") -> str:
    """Does what collectstatic does; returns a file, the style sheet, as a browser gets it."""
    storage = HashedStaticFiles(location=str(target), base_url="/static/")
    origin = FileSystemStorage(location=str(source))
    paths = {}
    for file in source.rglob("*.*"):
        name = file.relative_to(source).as_posix()
        paths[name] = (origin, name)
        if not storage.exists(name):
            with origin.open(name) as content:
                storage._save(name, content)
    problems = [each[2] for each in storage.post_process(paths) if isinstance(each[2], Exception)]
    assert problems == []
    return (target / storage.hashed_files[wanted]).read_text()


def test_a_page_gets_one_style_sheet_without_imports(source, tmp_path):
    text = collected(source, tmp_path / "target")
    assert "@import" not in text
    assert text.index("--ink") < text.index("@font-face")


def test_a_file_named_in_a_part_gets_its_hashed_name(source, tmp_path):
    text = collected(source, tmp_path / "target")
    assert re.search(r'url\("\.\./letter\.[0-9a-f]{12}\.woff2"\)', text)


def test_a_changed_part_reaches_the_whole_at_the_next_start(source, tmp_path):
    collected(source, tmp_path / "target")
    (source / "css" / "tokens.css").write_text(":root { --ink: navy; }\n")
    text = collected(source, tmp_path / "target")
    assert "--ink: navy" in text
    assert "--ink: black" not in text


def test_the_panel_is_one_lean_file_and_names_what_it_fetches_later(source, tmp_path):
    text = collected(source, tmp_path / "target", "chat/widget/panel.js")
    assert '"  kept  "' in text
    assert "\n" not in text
    assert re.search(r"""import\(["']\./ending\.[0-9a-f]{12}\.js["']\)""", text)


def test_the_loader_is_collected_lean_and_keeps_the_place_of_its_panel(source, tmp_path):
    text = collected(source, tmp_path / "target", "chat/widget/loader.js")
    assert "why" not in text
    assert "__PANEL_URL__" in text


@pytest.mark.parametrize("name", JOINED_MODULES)
def test_our_own_modules_can_be_joined(name):
    """Fails here, by name, when two modules clash; otherwise the next start of the portal would."""
    path = BASE / "static" / name
    assert scripts.joined(path.name, lambda file: path.with_name(file).read_text())
