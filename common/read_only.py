"""For pages of Django admin on which there is only something to look at."""

from typing import Any

from django.http import HttpRequest


class ReadOnly:
    """Rows that only the portal itself writes. Stands before `ModelAdmin` among the bases."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
