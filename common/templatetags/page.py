"""What a page layout asks of its own address."""

from typing import Any

from django import template
from django.urls import translate_url

register = template.Library()


@register.simple_tag(takes_context=True)
def language_url(context: dict[str, Any], language: str) -> str:
    """The address of this same page, question included, in another language."""
    request = context.get("request")
    return translate_url(request.get_full_path(), language) if request else "/"
