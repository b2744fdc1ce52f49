"""Permissions of Django admin follow from the role of administrator."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from accounts.models import Role


class RolePermissionBackend(BaseBackend):
    """Gives administrators every model permission. Authenticates nobody itself."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return obj is None and user_obj.is_authenticated and user_obj.has_role(Role.ADMINISTRATOR)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return self.has_perm(user_obj, app_label)
