"""What the pages of the chat's own rows have in common."""

from typing import Any

from django.http import HttpRequest


class ReadOnly:
    """Rows that only the chat itself writes."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
