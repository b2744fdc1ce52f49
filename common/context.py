"""What every page needs of the portal itself."""

from django.conf import settings
from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, object]:
    """`demo`: this portal shows invented data and must say so."""
    return {"demo": settings.DEMO}
