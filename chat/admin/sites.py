"""The other sites whose pages may show the chat."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from chat.models import AllowedSite


@admin.register(AllowedSite)
class AllowedSiteAdmin(admin.ModelAdmin):
    list_display = ["origin", "name", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["origin", "name"]
    fieldsets = [
        (
            None,
            {
                "fields": ["origin", "name", "is_active"],
                "description": _(
                    "Pages of this site may show the chat. A change holds within seconds, also for "
                    "chats that are open. The portal itself need not be in the list."
                ),
            },
        )
    ]
