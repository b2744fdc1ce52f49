"""Departments and absences in Django admin."""

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.models import User
from city.actions import CONTACT_CENTRE, merge_departments
from city.department_work import BUTTONS, OPEN_WORK, left_behind
from city.models import Absence, Department, Membership, Product
from city.sentences import sentence_for
from common.errors import RuleBroken


class DepartmentForm(forms.ModelForm):
    """Refuses what would leave questions with nobody."""

    class Meta:
        help_texts: ClassVar[dict[str, Any]] = {
            "email": _("The mailbox that hears of a question. Without it no question goes there."),
            "answer_hours": _("Counted in the opening hours of the department; 16 is two days."),
            "urgent_hours": _("For what cannot wait, such as a dangerous spot on a road."),
        }

    def clean_is_active(self) -> bool:
        is_active: bool = self.cleaned_data["is_active"]
        if not is_active and self.instance.slug == CONTACT_CENTRE:
            raise ValidationError(
                gettext("The contact centre has every question that no department has.")
            )
        if not is_active and (open_work := self._left_behind()):
            raise ValidationError([*open_work, gettext("Then you can switch the department off.")])
        return is_active

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if not email and (open_work := self._left_behind()):
            raise ValidationError([*open_work, gettext("Then you can take the address away.")])
        return email

    def _left_behind(self) -> list[str]:
        return left_behind(self.instance) if self.instance.pk else []


class MergeForm(forms.Form):
    """Of which department an old one becomes part."""

    into = forms.ModelChoiceField(
        queryset=Department.objects.none(),
        label=_("becomes part of"),
        empty_label=_("Choose a department"),
        help_text=_("Only departments that are active and have an e-mail address."),
        error_messages={"invalid_choice": _("Choose a department from the list.")},
    )

    def __init__(self, *args: Any, old: Department, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Department.objects.filter(is_active=True).exclude(pk=old.pk).exclude(email="")
        cast(forms.ModelChoiceField, self.fields["into"]).queryset = others


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ["user"]


@admin.register(Department)
class DepartmentAdmin(admin.ModelAdmin):
    form = DepartmentForm
    change_form_template = "admin/city/department/change_form.html"
    list_display = ["name", "is_active", "email", "phone", "people", "answer_hours", "schedule"]
    list_filter = ["is_active", ("email", admin.EmptyFieldListFilter)]
    list_select_related = ["schedule"]
    search_fields = ["name", "name_en", "slug", "email", "keywords"]
    search_help_text = _("Search by name, e-mail address or the words of its questions.")
    prepopulated_fields = {"slug": ["name"]}
    inlines = [MembershipInline]
    actions = None  # one at a time: each is looked at
    fieldsets = [
        (None, {"fields": ["name", "name_en", "slug", "is_active", "merged_into"]}),
        (_("How it is reached"), {"fields": ["email", "phone", "schedule"]}),
        (_("Questions from citizens"), {"fields": ["answer_hours", "urgent_hours", "keywords"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Department]:
        return super().get_queryset(request).annotate(people_count=Count("memberships"))

    def get_readonly_fields(self, request: HttpRequest, obj: Department | None = None) -> list[str]:
        """The short name is how the portal knows it; what was merged stays off."""
        if obj is None:
            return ["merged_into"]
        return ["merged_into", "slug", *(["is_active"] if obj.merged_into_id else [])]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj else {"slug": ["name"]}

    def get_fieldsets(self, request: HttpRequest, obj: Department | None = None) -> Any:
        """Nothing about another department while there is none."""
        if obj and obj.merged_into_id:
            return self.fieldsets
        (title, own), *others = self.fieldsets
        fields = [name for name in own["fields"] if name != "merged_into"]
        return [(title, {"fields": fields}), *others]

    @admin.display(description=_("people"), ordering="people_count")
    def people(self, department: Department) -> int:
        return int(department.people_count)  # type: ignore[attr-defined]  # of get_queryset

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        return [
            path("<int:pk>/deel-maken/", guarded(self.merge_view), name="city_department_merge"),
            path(
                "<int:pk>/doen/<slug:button>/",
                guarded(require_POST(self.button_view)),
                name="city_department_button",
            ),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {"buttons": list(BUTTONS.items()), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Says what is open, instead of which rows would break."""
        department = self.get_object(request, object_id)
        allowed = department and self.has_delete_permission(request, department)
        if department and allowed and (open_work := left_behind(department)):
            then = gettext("Then you can delete the department.")
            messages.error(request, " ".join([*open_work, then]))
            return redirect("admin:city_department_change", department.pk)
        return super().delete_view(request, object_id, extra_context)

    def has_delete_permission(self, request: HttpRequest, obj: Department | None = None) -> bool:
        is_needed = obj is not None and obj.slug == CONTACT_CENTRE
        return not is_needed and super().has_delete_permission(request, obj)

    def merge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Shows what goes along, and lets the department become part of another one."""
        old = self._changeable(request, pk)
        form = MergeForm(request.POST or None, old=old)
        if request.method == "POST" and form.is_valid():
            into = form.cleaned_data["into"]
            try:
                merge_departments(
                    old=old, into=into, by=cast(User, request.user), now=timezone.now()
                )
            except RuleBroken as broken:
                form.add_error(None, sentence_for(broken))
            else:
                said = gettext("%(old)s is now part of %(into)s.") % {"old": old, "into": into}
                for department in (old, into):
                    self.log_change(request, department, said)
                messages.success(request, said)
                return redirect("admin:city_department_change", into.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Make %(name)s part of another department") % {"name": old.name},
            "opts": self.opts,
            "department": old,
            "moving": _moving(old),
            "form": form,
        }
        status = 422 if form.is_bound else 200
        return render(request, "admin/city/department/merge.html", context, status=status)

    def button_view(self, request: HttpRequest, pk: int, button: str) -> HttpResponse:
        """Does what a room above offers for a department."""
        department = self._changeable(request, pk)
        if button not in BUTTONS:
            raise Http404
        try:
            said = BUTTONS[button].do(
                department=department, by=cast(User, request.user), now=timezone.now()
            )
        except RuleBroken as broken:
            messages.error(request, str(broken.params["sentence"]))
        else:
            messages.success(request, said)
        return redirect(reverse("admin:city_department_change", args=[department.pk]))

    def _changeable(self, request: HttpRequest, pk: int) -> Department:
        department = Department.objects.filter(pk=pk).first()
        if department is None:
            raise Http404
        if not self.has_change_permission(request, department):
            raise PermissionDenied
        return department


def _moving(old: Department) -> list[tuple[str, int]]:
    """What goes along to another department, and how many of each."""
    return [
        (gettext("People"), old.memberships.count()),
        (gettext("Topics"), old.topics.count()),
        (gettext("Products"), Product.objects.filter(department=old).count()),
        *((capfirst(str(work.label)), work.count(old)) for work in OPEN_WORK),
    ]


class When(admin.SimpleListFilter):
    """Away today, later, or back again."""

    title = _("when")
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("now", _("away today")), ("later", _("later")), ("past", _("past"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Absence]) -> QuerySet[Absence]:
        today = timezone.localdate()
        limits = {
            "now": {"starts_on__lte": today, "ends_on__gte": today},
            "later": {"starts_on__gt": today},
            "past": {"ends_on__lt": today},
        }
        return queryset.filter(**limits.get(self.value() or "", {}))


@admin.register(Absence)
class AbsenceAdmin(admin.ModelAdmin):
    """Who is away, and who sees the questions meanwhile. The reason is nobody's business."""

    list_display = ["user", "starts_on", "ends_on", "stand_in", "is_now"]
    list_filter = [When]
    list_select_related = ["user", "stand_in"]
    date_hierarchy = "starts_on"
    autocomplete_fields = ["user", "stand_in"]
    search_fields = [
        *("user__first_name", "user__last_name"),
        *("stand_in__first_name", "stand_in__last_name"),
    ]
    search_help_text = _("Search by the name of who is away or who stands in.")
    fieldsets = [
        (
            None,
            {
                "fields": ["user", ("starts_on", "ends_on"), "stand_in"],
                "description": _(
                    "During these days the stand-in sees the questions of the departments of who "
                    "is away, and gets the mails about the questions in hand."
                ),
            },
        )
    ]

    @admin.display(description=_("away today"), boolean=True)
    def is_now(self, absence: Absence) -> bool:
        return absence.starts_on <= timezone.localdate() <= absence.ends_on
