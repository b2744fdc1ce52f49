"""Accounts in Django admin."""

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.models import RoleGrant, User
from accounts.open_work import left_behind
from common.errors import RuleBroken

# Django admin has a login form of its own, which knows no second factor and no limit on wrong
# passwords. Nobody gets to see it: the way in is the portal's login.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


class AccountForm(UserChangeForm):
    """Refuses to switch off a person who has open work."""

    def clean_is_active(self) -> bool:
        is_active: bool = self.cleaned_data["is_active"]
        if (
            self.instance.pk
            and not is_active
            and (open_work := left_behind(self.instance, keeps=()))
        ):
            raise ValidationError([*open_work, gettext("Then you can switch the account off.")])
        return is_active


class RoleGrantFormSet(BaseInlineFormSet):
    """Refuses to take a role away that the person's open work needs."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors) or not self.instance.pk or not self.instance.is_active:
            return  # switching the account off is refused, or not, at that field
        stay = [form for form in self.forms if form not in self.deleted_forms]
        keeps = {form.cleaned_data["role"] for form in stay if form.cleaned_data.get("role")}
        if open_work := left_behind(self.instance, keeps=keeps):
            raise ValidationError([*open_work, gettext("Then you can take the role away.")])


class RoleGrantInline(admin.TabularInline):
    model = RoleGrant
    formset = RoleGrantFormSet
    extra = 0


@admin.register(User)
class StaffAdmin(UserAdmin):
    """Make, change and switch off accounts. Deleting is not offered: history keeps its names."""

    form = AccountForm
    inlines = [RoleGrantInline]
    actions = ["switch_off", "remove_second_step"]
    list_display = ["__str__", "email", "roles", "is_active"]
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

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("role_grants")

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        return ", ".join(str(grant.get_role_display()) for grant in user.role_grants.all())

    @admin.action(description=_("Switch off the chosen accounts"))
    def switch_off(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Each one who has no open work; of the others it says what is open."""
        done = 0
        for user in queryset:
            try:
                actions.switch_off(user=user)
            except RuleBroken as broken:
                self.message_user(request, str(broken.params["sentences"]), messages.ERROR)
            else:
                done += 1
        if done:
            sentence = ngettext("%(count)s account is off.", "%(count)s accounts are off.", done)
            self.message_user(request, sentence % {"count": done})

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
