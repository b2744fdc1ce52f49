"""Pages that belong to no single room: the workbench home and the demo inbox."""

from pathlib import Path
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import staff_door
from accounts.models import User
from accounts.workbench import panels_of
from hasselt_portal.inbox import newest_mails


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
