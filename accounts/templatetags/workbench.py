"""The bar above the pages of staff."""

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

from accounts.models import User
from accounts.workbench import panels_of

register = template.Library()


@register.inclusion_tag("components/workbench_nav.html", takes_context=True)
def workbench_nav(context: Context) -> dict[str, Any]:
    """What the role may open, with what waits there; the page itself is marked."""
    request = context["request"]
    person = request.user
    entries = panels_of(person) if isinstance(person, User) else []
    return {
        "path": request.path,
        "entries": [
            {
                "key": key,
                "title": panel.title,
                "url": reverse(panel.url_name),
                "count": panel.waiting(person),
            }
            for key, panel in entries
        ],
    }
