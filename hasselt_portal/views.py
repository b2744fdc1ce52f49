"""Pages that belong to no single room: the workbench home and the demo inbox."""

from django.http import HttpRequest, HttpResponse

from accounts.access import staff_door


@staff_door()
def workbench(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


def demo_inbox(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")
