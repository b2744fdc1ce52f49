"""Accounts in Django admin."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from accounts.models import RoleGrant, User

# Django admin has a login form of its own, which knows no second factor and no limit on wrong
# passwords. Nobody gets to see it: the way in is the portal's login.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


class RoleGrantInline(admin.TabularInline):
    model = RoleGrant
    extra = 0


@admin.register(User)
class StaffAdmin(UserAdmin):
    """Make, change and switch off accounts. Deleting is not offered: history keeps its names."""

    inlines = [RoleGrantInline]
    list_display = ["first_name", "last_name", "email", "is_active"]
    list_filter = ["is_active", "role_grants__role"]
    search_fields = ["first_name", "last_name", "email"]
    ordering = ["first_name", "last_name"]
    filter_horizontal = ()  # UserAdmin's groups and permissions: roles take their place
    fieldsets = [
        (None, {"fields": ["email", "password"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "is_active"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["email", "first_name", "last_name", "password1", "password2"]}),
    ]

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
