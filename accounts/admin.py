"""Accounts in Django admin."""

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
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
    actions = ["remove_second_step"]
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

    @admin.action(description=_("Remove the second step of who lost the phone"))
    def remove_second_step(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """The person sets up a new one at the next login."""
        Authenticator.objects.filter(user__in=queryset).delete()
        self.message_user(request, _("The second step was removed."))

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


# Roles decide, not groups; the login has one address, on the account itself; the rows of a second
# step hold its secret, so they are not for reading: the action above removes them.
for model in (Group, EmailAddress, Authenticator):
    if admin.site.is_registered(model):
        admin.site.unregister(model)
