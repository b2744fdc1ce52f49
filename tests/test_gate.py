"""The gate is not for show: each break in a copy of the tree turns its check red."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.once]
BASE = Path(__file__).resolve().parent.parent
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "var", "node_modules", "__pycache__", ".*_cache", ".hypothesis", "results"
)


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Path]:
    yield shutil.copytree(BASE, tmp_path / "portal", ignore=LEFT_OUT)
    shutil.rmtree(tmp_path / "portal")


def check(tree: Path, *names: str) -> tuple[int, str]:
    """Runs checks as `make check` does, without what this test run put in the environment."""
    ours = {"PORTAL_DEMO", "PORTAL_VAR", "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, ".ci/checks.py", *names],
        cwd=tree,
        env={name: text for name, text in os.environ.items() if name not in ours},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text, path
    path.write_text(text.replace(old, new, 1))


def test_the_clean_copy_is_green(copy):
    code, said = check(copy, "contracts", "translations", "migrations", "deploy", "lint", "format")
    assert code == 0, said


def test_an_import_upwards_is_red(copy):
    module = copy / "common" / "registry.py"
    module.write_text("from chat import models  # noqa: F401\n" + module.read_text())
    code, said = check(copy, "contracts")
    assert code == 1
    assert "common.registry -> chat.models" in said


def test_a_changed_source_text_is_red(copy):
    replace(copy / "accounts" / "models.py", '_("Supervisor")', '_("Chief of the agents")')
    code, said = check(copy, "translations")
    assert code == 1
    assert "missing: 'Chief of the agents'" in said
    assert "stale: 'Supervisor'" in said


def test_a_missing_migration_is_red(copy):
    replace(copy / "common" / "models.py", "max_length=60", "max_length=61")
    code, said = check(copy, "migrations")
    assert code == 1
    assert "common" in said


def test_an_unsafe_setting_is_red(copy):
    replace(copy / "hasselt_portal" / "settings.py", "DEBUG = False", "DEBUG = True")
    code, said = check(copy, "deploy")
    assert code == 1
    assert "security.W018" in said


def test_an_untidy_file_is_red(copy):
    (copy / "common" / "untidy.py").write_text("import os\nx = { 'a':1 }\n")
    code, said = check(copy, "lint", "format")
    assert code == 1
    assert "0 of 2 checks passed" in said


def test_a_wrong_type_in_an_action_is_red(copy):
    module = copy / "common" / "registry.py"
    module.write_text(module.read_text() + '\n\ndef count() -> int:\n    return "one"\n')
    code, said = check(copy, "types")
    assert code == 1
    assert "common/registry.py" in said


def test_a_check_that_does_not_exist_is_told(copy):
    code, said = check(copy, "everything")
    assert code == 1
    assert "everything" in said
