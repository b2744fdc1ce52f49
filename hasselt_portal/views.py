"""Pages that belong to no single room: the workbench home and the demo inbox."""

from pathlib import Path
from typing import cast

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views import defaults
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import staff_door
from accounts.models import User
from accounts.workbench import panels_of
from chat.actions.writing import MAX_TEXT as MOST_IN_CHAT
from hasselt_portal.inbox import newest_mails
from questions.actions.course import MAX_TEXT as MOST_IN_QUESTION


@require_safe
@staff_door()
def workbench(request: HttpRequest) -> HttpResponse:
    """The doors that this member of staff may open."""
    person = cast(User, request.user)  # the door lets nobody else in
    panels = [
        {
            "title": panel.title,
            "description": panel.description,
            "url": reverse(panel.url_name),
            "icon": panel.icon,
            "count": panel.waiting(person),
        }
        for _, panel in panels_of(person)
    ]
    return render(request, "hasselt_portal/workbench.html", {"panels": panels})


@require_safe
@never_cache
def demo_inbox(request: HttpRequest) -> HttpResponse:
    """What the demo mailed, newest first. Its address exists in demo mode only."""
    mails = newest_mails(Path(settings.EMAIL_FILE_PATH))
    return render(request, "hasselt_portal/demo_inbox.html", {"messages": mails})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What was sent is no request of ours. To a text beyond any measure, says what to do with it.

    Django reads no more than DATA_UPLOAD_MAX_MEMORY_SIZE, so that text cannot be shown again: the
    page that it was typed on still has it.
    """
    if not isinstance(exception, RequestDataTooBig):
        return defaults.bad_request(request, exception)
    limits = {"most_in_question": MOST_IN_QUESTION, "most_in_chat": MOST_IN_CHAT}
    return render(request, "413.html", limits, status=413)
