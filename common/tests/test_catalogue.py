"""The catalogue of translations: extraction, merging, and every way in which it can be wrong."""

import gettext
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from common import catalogue

PYTHON = """
from django.utils.translation import gettext as _, ngettext, pgettext

def words(n):
    return [
        _("Good morning"),
        _("%(name)s waits") % {"name": "Els"},
        ngettext("%(n)s citizen", "%(n)s citizens", n) % {"n": n},
        pgettext("month", "May"),
        _(
            "A long sentence "
            "in two parts"
        ),
    ]
"""
TEMPLATE = """
{% load i18n %}
  <p>It's {% translate "Open now" %} — {{ _("until") }}</p>
    {% if x == 'y' %}
  {% blocktranslate trimmed count n=n %}
    One desk
  {% plural %}
    {{ n }} desks
  {% endblocktranslate %}
{% endif %}
"""
DUTCH = {
    "Good morning": "Goedemorgen",
    "%(name)s waits": "%(name)s wacht",
    "%(n)s citizen\x04PLURAL\x04%(n)s citizens": ["%(n)s burger", "%(n)s burgers"],
    "month\x04May": "mei",
    "A long sentence in two parts": "Een lange zin in twee delen",
    "Open now": "Nu open",
    "until": "tot",
    "One desk\x04PLURAL\x04%(n)s desks": ["Eén balie", "%(n)s balies"],
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A room with source texts and a complete Dutch catalogue."""
    (tmp_path / "room" / "tests").mkdir(parents=True)
    (tmp_path / "room" / "__init__.py").touch()
    (tmp_path / "room" / "views.py").write_text(PYTHON)
    (tmp_path / "room" / "tests" / "test_x.py").write_text('_("Only in a test")')
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    assert update(tmp_path, DUTCH) == []
    return tmp_path


def update(tree: Path, translations: catalogue.Translations) -> list[str]:
    found = catalogue.extracted(tree)
    result = catalogue.updated(found, catalogue.load(tree / "locale"))
    unknown = catalogue.merge(result, translations)
    catalogue.write(result, tree / "locale")
    return unknown


def problems(tree: Path) -> list[tuple[str, str]]:
    listed = catalogue.problems(catalogue.extracted(tree), catalogue.load(tree / "locale"))
    return [(problem.kind, problem.msgid) for problem in listed]


def edit_po(tree: Path, old: str, new: str) -> None:
    path = catalogue.po_path(tree / "locale")
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_finds_texts_in_code_and_templates_but_not_in_tests(tree):
    ids = {message.id for message in catalogue.extracted(tree) if message.id}
    assert ids == {
        "Good morning",
        "%(name)s waits",
        ("%(n)s citizen", "%(n)s citizens"),
        "May",
        "A long sentence in two parts",
        "Open now",
        "until",
        ("One desk", "%(n)s desks"),
    }


def test_a_complete_catalogue_has_no_problems(tree):
    assert problems(tree) == []


def test_a_new_text_is_missing(tree):
    (tree / "room" / "views.py").write_text(PYTHON + '\n_("Brand new")\n')
    assert problems(tree) == [("missing", "Brand new")]


def test_an_empty_translation_is_missing(tree):
    edit_po(tree, 'msgstr "Goedemorgen"', 'msgstr ""')
    assert problems(tree) == [("missing", "Good morning")]


def test_half_a_plural_is_missing(tree):
    edit_po(tree, 'msgstr[1] "%(n)s burgers"', 'msgstr[1] ""')
    assert problems(tree) == [("missing", "%(n)s citizen")]


def test_a_text_that_left_the_source_is_stale(tree):
    (tree / "room" / "views.py").write_text(PYTHON.replace('_("Good morning"),', ""))
    assert problems(tree) == [("stale", "Good morning")]


def test_an_obsolete_entry_is_stale(tree):
    path = catalogue.po_path(tree / "locale")
    path.write_text(path.read_text() + '\n#~ msgid "Old"\n#~ msgstr "Oud"\n')
    assert problems(tree) == [("stale", "Old")]


def test_a_fuzzy_entry_is_a_problem(tree):
    edit_po(tree, 'msgid "Good morning"', '#, fuzzy\nmsgid "Good morning"')
    assert problems(tree) == [("fuzzy", "Good morning")]


def test_a_placeholder_that_was_lost_is_a_problem(tree):
    edit_po(tree, '"%(name)s wacht"', '"Iemand wacht"')
    assert problems(tree) == [("placeholders differ", "%(name)s waits")]


def test_a_placeholder_that_was_translated_is_a_problem(tree):
    edit_po(tree, '"%(name)s wacht"', '"%(naam)s wacht"')
    assert problems(tree) == [("placeholders differ", "%(name)s waits")]


def test_updating_twice_changes_nothing(tree):
    path = catalogue.po_path(tree / "locale")
    before = path.read_text()
    update(tree, {})
    assert path.read_text() == before
    assert "views.py" not in before  # no places, which move with every change


def test_updating_drops_what_is_stale_and_keeps_the_rest(tree):
    (tree / "room" / "views.py").write_text(PYTHON.replace('_("Good morning"),', ""))
    update(tree, {})
    assert problems(tree) == []
    assert "Goedemorgen" not in catalogue.po_path(tree / "locale").read_text()


def test_merging_reports_what_no_source_says(tree):
    wrong_shape = {"Good morning": ["a", "b"], "Nobody says this": "x"}
    assert update(tree, wrong_shape) == ["Good morning", "Nobody says this"]


def test_what_is_compiled_is_what_gettext_reads(tree):
    [target] = catalogue.compile_all(tree / "locale")
    with target.open("rb") as stream:
        dutch = gettext.GNUTranslations(stream)
    assert dutch.gettext("Open now") == "Nu open"
    assert dutch.ngettext("One desk", "%(n)s desks", 3) == "%(n)s balies"
    assert dutch.pgettext("month", "May") == "mei"


def test_compiles_only_what_is_newer(tree):
    assert len(catalogue.compile_all(tree / "locale")) == 1
    assert catalogue.compile_all(tree / "locale") == []
    later = catalogue.po_path(tree / "locale").stat().st_mtime + 10
    os.utime(catalogue.po_path(tree / "locale"), (later, later))
    assert len(catalogue.compile_all(tree / "locale")) == 1


def test_command_checks_merges_and_compiles(tree, settings, tmp_path_factory, capsys):
    settings.BASE_DIR, settings.LOCALE_PATHS = tree, [tree / "locale"]
    call_command("translations", "--check")
    (tree / "room" / "views.py").write_text(PYTHON + '\n_("Brand new")\n')
    with pytest.raises(CommandError, match="Brand new"):
        call_command("translations", "--check")
    extra = tmp_path_factory.mktemp("extra")
    (extra / "one.json").write_text('{"Brand new": "Gloednieuw", "Unheard": "x"}')
    call_command("translations", "--merge", str(extra))
    assert "one.json: no source text 'Unheard'" in capsys.readouterr().err
    call_command("translations", "--check")
    assert catalogue.po_path(tree / "locale").with_suffix(".mo").exists()
