"""Shapes of what comes in over plain forms. The rules themselves are in the actions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from chat.access import TOKEN
from chat.actions.writing import MAX_TEXT


class TypedText(forms.CharField):
    """A text area. Browsers send a line break as two characters and count it as one; so do we."""

    def to_python(self, value: str | None) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class MessageForm(forms.Form):
    """A text, and the ref that makes a repeated send harmless."""

    ref = forms.UUIDField(widget=forms.HiddenInput)
    text = TypedText(
        label=_("Your message"),
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Type your message first.")},
    )


class StartForm(MessageForm):
    """The first text, with the token that the conversation will have."""

    token = forms.RegexField(regex=rf"^{TOKEN.pattern}\Z", widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Your name"),
        max_length=60,
        required=False,
        help_text=_("You do not have to fill this in."),
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    field_order = ["text", "name"]
