"""What every page needs of the city."""

from django.http import HttpRequest


def base(request: HttpRequest) -> dict[str, object]:
    return {}
