"""Filters for texts of the city."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


@register.filter
def lang_attr(text: object) -> SafeString:
    """` lang="nl"` when `text` (a Localised) is not in the language of the page, else nothing."""
    lang = getattr(text, "lang", "")
    page_lang = (get_language() or "nl")[:2]
    return format_html(' lang="{}"', lang) if lang and lang != page_lang else SafeString("")
