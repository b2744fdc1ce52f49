"""The house is built downwards: what the import linter cannot see.

Foreign keys and addresses are named by strings, templates by paths. A lower room that names an
upper one that way depends on it all the same.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from hasselt_portal.addresses import all_addresses

BASE = Path(__file__).resolve().parent.parent
LAYERS = tomllib.loads((BASE / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
ROOMS = [*reversed(LAYERS[0]["layers"])]  # lowest first
TAG = re.compile(r"""{%\s*(extends|include|url|static|load)\s+["']?([\w./-]+)["']?""")
# Takes the address of a page by its name.
BY_NAME = {"reverse", "reverse_lazy", "redirect", "resolve_url"}
# The frame around every page names what stands in it; that is composition, like the URLconf.
COMPOSITION = {"base.html", "staff_base.html", "components"}
# The way back to the workbench stands on every staff page, as the way home on every page.
HOMES = {"workbench", "home"}
URL_ROOMS = {address.name: address.room for address in all_addresses() if address.name not in HOMES}


def floor(room: str) -> int:
    """How high a room lies; what is no room of ours lies below all."""
    return ROOMS.index(room) if room in ROOMS else -1


def room_of_template(path: Path) -> str | None:
    """templates/<room>/… and <room>/templates/…; None for composition and for other apps."""
    parts = path.relative_to(BASE).parts
    room = parts[0] if parts[0] != "templates" else parts[1]
    return room if room in ROOMS else None


def templates() -> list[Path]:
    found = [*(BASE / "templates").rglob("*.html"), *(BASE / "templates").rglob("*.txt")]
    for room in ROOMS:
        found += (BASE / room / "templates").rglob("*.*")
    return [path for path in found if room_of_template(path)]


def sources(room: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in (BASE / room).rglob("*.py"):
        if "tests" not in path.parts:
            yield path, ast.parse(path.read_text())


def test_relations_of_models_point_downwards():
    upwards = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in ROOMS
        for field in [*model._meta.fields, *model._meta.many_to_many]
        if field.is_relation
        and floor(field.related_model._meta.app_label) > floor(model._meta.app_label)
    ]
    assert upwards == []


def test_migrations_depend_downwards():
    upwards = [
        f"{key} → {dependency}"
        for key, migration in MigrationLoader(None).disk_migrations.items()
        if key[0] in ROOMS
        for dependency in migration.dependencies
        if floor(dependency[0]) > floor(key[0])
    ]
    assert upwards == []


def room_named(tag: str, name: str) -> str | None:
    if tag == "url":
        return URL_ROOMS.get(name)
    if tag == "load":
        return next((r for r in ROOMS if (BASE / r / "templatetags" / f"{name}.py").exists()), None)
    first = name.partition("/")[0]
    return None if first in COMPOSITION else first


def test_templates_name_lower_rooms_only():
    upwards = []
    for path in templates():
        room = room_of_template(path)
        for tag, name in TAG.findall(path.read_text()):
            named = room_named(tag, name)
            if named in ROOMS and floor(named) > floor(room):
                upwards.append(f"{path.relative_to(BASE)}: {tag} {name}")
    assert upwards == []


@pytest.mark.parametrize("room", ROOMS)
def test_code_takes_addresses_of_lower_rooms_only(room):
    upwards = [
        f"{path.relative_to(BASE)}:{call.lineno} {name}"
        for path, tree in sources(room)
        for call, name in calls_by_name(tree)
        if floor(URL_ROOMS.get(name, "")) > floor(room)
    ]
    assert upwards == []


def calls_by_name(tree: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else node.func
            if (called.id if isinstance(called, ast.Name) else called) in BY_NAME:
                yield node, node.args[0].value


@pytest.mark.parametrize("room", ROOMS)
def test_code_names_no_upper_room_in_a_dotted_string(room):
    above = "|".join(ROOMS[floor(room) + 1 :])
    dotted = re.compile(rf"({above})(\.\w+)+") if above else None
    upwards = [
        f"{path.relative_to(BASE)}:{node.lineno} {node.value}"
        for path, tree in sources(room)
        for node in ast.walk(tree)
        if dotted and isinstance(node, ast.Constant) and isinstance(node.value, str)
        if dotted.fullmatch(node.value)
    ]
    assert upwards == []


def test_the_test_itself_would_notice():
    assert floor("chat") > floor("city") > floor("common") > floor("django")
    assert room_named("url", "chat-page") == "chat"
    assert room_named("static", "chat/widget/loader.js") == "chat"
    assert room_named("include", "components/icon.html") is None
    assert TAG.findall("{% extends 'chat/page.html' %}") == [("extends", "chat/page.html")]
