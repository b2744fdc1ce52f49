"""Style sheets are written in parts and sent as one."""

import re
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage

from hasselt_portal.staticfiles import HashedStaticFiles


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
    return folder


def collected(source: Path, target: Path) -> str:
    """Does what collectstatic does; returns the site's style sheet as a browser gets it."""
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
    return (target / storage.hashed_files["css/site.css"]).read_text()


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
