"""Every key of the console stands in the overview, once, and on buttons it is the key they have."""

import re
from collections import Counter

from django.conf import settings

SCRIPT = settings.BASE_DIR / "static" / "chat" / "console" / "shortcuts.js"
TEMPLATES = settings.BASE_DIR / "templates" / "chat" / "console"
WITH_ALT = r"<kbd>Alt</kbd> <kbd>(.)</kbd>"


def letters() -> list[tuple[str, str]]:
    table = re.search(r"BY_LETTER = \{(.*?)\};", SCRIPT.read_text(encoding="utf-8"), re.DOTALL)
    assert table
    return re.findall(r'(\w): "([\w-]+)"', table[1])


def test_the_overview_tells_every_key_once():
    overview = (TEMPLATES / "dialogs.html").read_text(encoding="utf-8")
    found = Counter(re.findall(WITH_ALT, overview))
    expected = [letter.upper() for letter, _ in letters()] + ["↓", "↑", "1"]
    assert found == Counter(expected)


def test_no_key_and_no_command_stands_twice():
    keys = letters()
    assert len({key for key, _ in keys}) == len({command for _, command in keys}) == len(keys)


def test_a_button_shows_the_key_it_has():
    by_command = {command: letter.upper() for letter, command in letters()}
    by_command["available"] = by_command["presence"]  # which toggles it
    button = r'data-do="([\w-]+)"(?:(?!</button>).)*?<kbd>Alt (\w)</kbd>'
    shown = [
        (path.name, command, letter)
        for path in TEMPLATES.glob("*.html")
        for command, letter in re.findall(button, path.read_text(encoding="utf-8"), re.DOTALL)
    ]
    assert shown
    assert [one for one in shown if by_command[one[1]] != one[2]] == []
