"""What a page asks of the portal: its own address, and how long data is kept."""

from typing import Any

from django import template
from django.urls import translate_url

from common.retention import POLICIES

register = template.Library()


@register.simple_tag(takes_context=True)
def language_url(context: dict[str, Any], language: str) -> str:
    """The address of this same page, question included, in another language."""
    request = context.get("request")
    return translate_url(request.get_full_path(), language) if request else "/"


@register.simple_tag
def kept_days(policy: str) -> int:
    """How many days the retention policy of this name keeps its data, as the city set it."""
    return POLICIES[policy].days()
