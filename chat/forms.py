"""Shapes of what comes in over plain forms. The rules themselves are in the actions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chat.access import TOKEN
from chat.actions.rating import MAX_COMMENT
from chat.actions.writing import MAX_TEXT
from chat.models import Attachment
from chat.sentences import SENTENCES
from chat.texts import WIDGET_TEXTS

SCORES = (1, 2, 3, 4, 5)


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


class WriteForm(MessageForm):
    """A text, a file, or both, in a conversation that runs; the file has a ref of its own."""

    file_ref = forms.UUIDField(widget=forms.HiddenInput, required=False)
    file = forms.FileField(
        label=WIDGET_TEXTS["attach"],
        required=False,
        help_text=_("A photo (JPG, PNG or WebP) or a PDF, at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ",".join(Attachment.MediaType.values)}),
        error_messages={"empty": SENTENCES["file_missing"]},
    )

    def __init__(self, *args: Any, takes_files: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not takes_files:
            del self.fields["file"]

    def full_clean(self) -> None:
        """With a file the text may be empty; the label does not say so, which would confuse."""
        has_file = "file" in self.fields and "file" in self.files
        self.fields["file_ref"].required = has_file
        self.fields["text"].required = not has_file
        super().full_clean()
        self.fields["text"].required = True


class RatingForm(forms.Form):
    """What the citizen thought of it."""

    score = forms.TypedChoiceField(
        label=WIDGET_TEXTS["rate_ask"],
        choices=[(score, WIDGET_TEXTS[f"rate_{score}"]) for score in SCORES],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the answers.")},
    )
    comment = TypedText(
        label=_("Do you want to say why?"),
        max_length=MAX_COMMENT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class MailForm(forms.Form):
    """Where a copy of the conversation goes."""

    mail = forms.EmailField(
        label=WIDGET_TEXTS["keep_mail"],
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": SENTENCES["bad_mail"], "invalid": SENTENCES["bad_mail"]},
    )
