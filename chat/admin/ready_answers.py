"""Ready answers: write them, and see how a citizen reads them."""

from django.contrib import admin
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from chat.models import ReadyAnswer
from chat.ready_answers import PRODUCT_HELP, VARIABLES, shown_filled


@admin.register(ReadyAnswer)
class ReadyAnswerAdmin(admin.ModelAdmin):
    list_display = ["shortcut", "title", "topic", "is_active"]
    list_display_links = ["shortcut", "title"]
    list_filter = ["is_active", "topic", "is_holding"]
    list_select_related = ["topic"]
    search_fields = ["shortcut", "title", "text", "text_en", "keywords"]
    readonly_fields = ["variables", "preview", "preview_en"]
    fieldsets = [
        (None, {"fields": ["shortcut", "title", "topic", "keywords", "is_active", "is_holding"]}),
        (
            _("Texts"),
            {
                "fields": ["text", "text_en", "variables"],
                "description": _(
                    "The agent may still change the text before it goes out. Without an English "
                    "text, who writes English gets the Dutch one."
                ),
            },
        ),
        (_("How a citizen reads it"), {"fields": ["preview", "preview_en"]}),
    ]

    @admin.display(description=_("what you can fill in"))
    def variables(self, answer: ReadyAnswer) -> str:
        """The variables and what stands in their place."""
        rows = [(f"{{{name}}}", variable.help) for name, variable in VARIABLES.items()]
        rows.append(("{product:…}", PRODUCT_HELP))
        return format_html("<ul>{}</ul>", format_html_join("", "<li><code>{}</code> {}</li>", rows))

    @admin.display(description=_("in Dutch"))
    def preview(self, answer: ReadyAnswer) -> str:
        return shown_filled(answer.text, language="nl", now=timezone.now()) or "–"

    @admin.display(description=_("in English"))
    def preview_en(self, answer: ReadyAnswer) -> str:
        return shown_filled(answer.text_en, language="en", now=timezone.now()) or "–"
