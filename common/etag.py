"""Answers that a client may hold on to: 304 for who has these very bytes."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response


def unless_known(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """`response` with an ETag of its content, or 304 when the request names that ETag."""
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response
