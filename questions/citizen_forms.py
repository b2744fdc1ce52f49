"""The shapes of what a citizen sends: a question, and a reply to one."""

import json
import unicodedata
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from city.models import Topic
from common.errors import RuleBroken
from questions.actions.course import checked_text
from questions.actions.registering import Contact, PassedOn, checked_contact
from questions.models import Question
from questions.sentences import sentence_for
from questions.states import Way

FIELD_OF = {
    "name_too_long": "name",
    **dict.fromkeys(("bad_mail", "no_mail"), "mail"),
    **dict.fromkeys(("bad_phone", "no_phone"), "phone"),
}


class LongText(forms.CharField):
    """A text area without a limit of the browser, which would cut a text without a word."""

    widget = forms.Textarea

    def to_python(self, value: str | None) -> str:
        # A zero byte is no text to PostgreSQL; browsers send a line break as two characters.
        return (super().to_python(value) or "").replace("\0", "").replace("\r\n", "\n")


class OneLine(forms.CharField):
    """A name or number. A line break in it comes from no browser: somebody writes mail headers."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if any(unicodedata.category(character) == "Cc" for character in value):
            raise ValidationError(_("Write this on one line, without special characters."))


class ContactLine(OneLine):
    """Asked for or not, by how the citizen wants the answer: its hint says so."""

    is_conditional = True


class TopicChoice(forms.ModelChoiceField):
    def to_python(self, value: Any) -> Topic | None:
        if isinstance(value, str) and "\0" in value:  # an error of PostgreSQL that Django lets pass
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)

    def label_from_instance(self, obj: Topic) -> str:
        return obj.local.name


class AskForm(forms.Form):
    """A question with all that is needed to answer it, asked once."""

    text = LongText(
        label=_("Your question"),
        help_text=_(
            "Say what it is about and where. Do not write your national register number or account "
            "number in it."
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Write your question first.")},
    )
    topic = TopicChoice(
        label=_("What is it about?"),
        queryset=Topic.objects.filter(is_active=True),
        to_field_name="slug",
        required=False,
        empty_label=_("I don’t know"),
        error_messages={
            "invalid_choice": _("This topic no longer exists. Choose another one, or none.")
        },
    )
    way = forms.ChoiceField(
        label=_("How do you want our answer?"),
        choices=[(Way.MAIL, _("By e-mail")), (Way.PHONE, _("By telephone: we call you"))],
        initial=Way.MAIL,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose how you want our answer."),
            "invalid_choice": _("Choose how you want our answer."),
        },
    )
    mail = ContactLine(
        label=_("Your e-mail address"),
        help_text=_("For an answer by e-mail. You also get a link to follow your question."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = ContactLine(
        label=_("Your telephone number"),
        help_text=_("For an answer by telephone, for example 0470 12 34 56."),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    name = OneLine(
        label=_("Your name"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    # The browser would stop at a field that is wrong for it, in its own words and language.
    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "text" in given:
            self._check_text(given)
        if not {"way", "mail", "phone", "name"} - given.keys():
            self._check_contact(given)
        return given

    def _check_text(self, given: dict[str, Any]) -> None:
        try:
            given["kept_text"] = checked_text(given["text"], language=_language())
        except RuleBroken as broken:
            self.add_error("text", sentence_for(broken))

    def _check_contact(self, given: dict[str, Any]) -> None:
        written = Contact(Way(given["way"]), given["name"], given["mail"], given["phone"])
        try:
            given["contact"] = checked_contact(written)
        except RuleBroken as broken:
            self.add_error(FIELD_OF[broken.code], sentence_for(broken))

    @property
    def contact(self) -> Contact:
        contact: Contact = self.cleaned_data["contact"]
        return contact

    def passed_on(self, ref: uuid.UUID) -> PassedOn:
        """What was filled in, of a form that is valid.

        The same form sent again is the same question. With other words in it, by the way back of
        the browser, it is another one: what somebody corrected must not get lost.
        """
        given = self.cleaned_data
        topic = given["topic"]
        content = [given["text"], topic.slug if topic else "", *_words_of(self.contact)]
        return PassedOn(
            client_ref=uuid.uuid5(ref, json.dumps(content)),
            channel=Question.Channel.FORM,
            text=given["text"],
            contact=self.contact,
            topic=topic,
            language=_language(),
        )


class ReplyForm(forms.Form):
    """What the citizen writes on the page of a question."""

    text = LongText(
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Nothing is written yet.")},
    )
    use_required_attribute = False

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label

    def client_ref(self, ref: uuid.UUID) -> uuid.UUID:
        """Another text in a page that was sent before is no repetition."""
        return uuid.uuid5(ref, self.cleaned_data["text"])


def ref_of(written: str) -> uuid.UUID:
    """What names a send; a new one when it came back broken."""
    try:
        return uuid.UUID(written)
    except ValueError:
        return uuid.uuid4()


def _words_of(contact: Contact) -> tuple[str, ...]:
    return (contact.way, contact.name, contact.mail, contact.phone)


def _language() -> str:
    return (get_language() or "nl")[:2]
