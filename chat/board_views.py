"""The wall board: the page, and the figures that it asks for every other second."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import staff_door
from accounts.models import Role
from chat.board import LEAST_RATINGS, OFFLINE, AgentLine, Board, board
from chat.board_texts import BOARD_TEXTS
from chat.events import moment
from chat.models import ChatStop, PhoneFirst, Presence
from city import wording
from city.remembered import remembered_for
from common.etag import unless_known
from questions.problems import Stuck

ASK_EVERY_MS = 2_000


@staff_door(Role.SUPERVISOR)
@require_safe
def wall_board(request: HttpRequest) -> HttpResponse:
    """The page with the figures of now; without JavaScript a link loads them again."""
    context = {
        "figures": _figures_now(get_language()),
        "least_ratings": LEAST_RATINGS,
        "texts": {key: str(text) for key, text in BOARD_TEXTS.items()},
        "ask_every_ms": ASK_EVERY_MS,
        "at": wording.clock(timezone.localtime()),
    }
    return render(request, "chat/board.html", context)


@staff_door(Role.SUPERVISOR)
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """The figures as JSON; 304 while they are what the page has.

    Times that run are sent as the moment they began, so that standing still changes nothing.
    """
    return unless_known(request, JsonResponse(_figures_now(get_language())))


@remembered_for(0.5)
def _figures_now(language: str) -> dict[str, Any]:
    """The same for all boards that ask in one moment."""
    return shown(board(now=timezone.now()))


def shown(found: Board) -> dict[str, Any]:
    """The figures in words and numbers of the active language."""
    return {
        "waiting": found.waiting,
        "waiting_since": moment(found.waiting_since),
        "answered": found.answered,
        "missed": found.missed,
        "missed_about": _missed_about(found),
        "satisfaction": _mean(found),
        "satisfaction_about": _satisfaction_about(found),
        "telephone": found.telephone,
        "overdue": found.overdue,
        "agents": [_agent(line) for line in found.agents],
        "agents_about": _agents_about(found.agents),
        "notes": _notes(found),
    }


def _missed_about(found: Board) -> str:
    if not found.missed:
        return ""
    gave_up, rest = found.gave_up, found.missed - found.gave_up
    return _("%(gave_up)s out of reach, %(closed)s ended unanswered") % {
        "gave_up": gave_up,
        "closed": rest,
    }


def _mean(found: Board) -> str:
    return "" if found.mean_rating is None else number_format(found.mean_rating, 1)


def _satisfaction_about(found: Board) -> str:
    if not found.ratings:
        return _("no ratings yet")
    sentence = ngettext("%(count)s rating", "%(count)s ratings", found.ratings)
    counted = sentence % {"count": found.ratings}
    if found.mean_rating is None:
        return _("%(ratings)s; shown from %(least)s") % {
            "ratings": counted,
            "least": LEAST_RATINGS,
        }
    return _("of 5, %(ratings)s") % {"ratings": counted}


def _agents_about(agents: list[AgentLine]) -> str:
    free = [line for line in agents if line.state == Presence.State.AVAILABLE]
    room = sum(max(0, line.cap - line.open) for line in free)
    return _("%(available)s available, free places: %(room)s") % {
        "available": len(free),
        "room": room,
    }


def _agent(line: AgentLine) -> dict[str, Any]:
    state = _("offline") if line.state == OFFLINE else str(Presence.State(line.state).label)
    return {
        "name": line.name,
        "state": line.state,
        "state_name": state,
        "open": line.open,
        "cap": line.cap,
    }


def _notes(found: Board) -> list[dict[str, str]]:
    notes = []
    if found.phone_first:
        notes.append({"kind": "phone_first", "text": _phone_first(found.phone_first)})
    if found.stop:
        notes.append({"kind": "stop", "text": _stop(found.stop)})
    if found.stuck.count:
        notes.append({"kind": "stuck", "text": _stuck(found.stuck)})
    return notes


def _phone_first(running: PhoneFirst) -> str:
    by = running.started_by
    return _("Telephone first until %(time)s (%(by)s)") % {
        "time": wording.clock(timezone.localtime(running.until)),
        "by": by.first_name if by else running.get_source_display(),
    }


def _stop(running: ChatStop) -> str:
    by = running.started_by.first_name
    if running.until is None:
        return _("The chat is closed for now (%(by)s)") % {"by": by}
    return _("The chat is closed until %(time)s (%(by)s)") % {
        "time": wording.clock(timezone.localtime(running.until)),
        "by": by,
    }


def _stuck(stuck: Stuck) -> str:
    """Where messages do not arrive. Never whose: the board hangs on a wall."""
    sentence = ngettext(
        "%(count)s message does not arrive: %(where)s",
        "%(count)s messages do not arrive: %(where)s",
        stuck.count,
    )
    where = [*stuck.departments, *([_("citizens")] if stuck.citizens else [])]
    return sentence % {
        "count": stuck.count,
        "where": ", ".join(where) or _("the contact centre"),
    }
