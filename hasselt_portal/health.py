"""Two questions of a load balancer: does the process live, and can it serve?"""

import logging

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from redis import RedisError

log = logging.getLogger(__name__)


def live(request: HttpRequest) -> JsonResponse:
    """The process answers. Touches nothing else, so a slow database does not kill it."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """Database and Redis answer; 503 with the name of what does not."""
    failing = []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        log.exception("database does not answer")
        failing.append("database")
    try:
        cache.get("health")
    except (RedisError, OSError):
        log.exception("Redis does not answer")
        failing.append("redis")
    status = 503 if failing else 200
    return JsonResponse({"status": "fail" if failing else "ok", "failing": failing}, status=status)
