"""What a page layout asks of its own address."""

import re
from typing import Any

from django import template
from django.urls import translate_url

register = template.Library()


@register.simple_tag(takes_context=True)
def language_url(context: dict[str, Any], language: str) -> str:
    """The address of this same page, question included, in another language."""
    request = context.get("request")
    return translate_url(request.get_full_path(), language) if request else "/"


@register.filter
def phone_link(number: str) -> str:
    """A `tel:` address of a Belgian number as people write it: 011 00 00 00 -> tel:+3211000000."""
    digits = re.sub(r"[^\d+]", "", number)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    elif digits.startswith("0"):
        digits = "+32" + digits[1:]
    return f"tel:{digits}"
