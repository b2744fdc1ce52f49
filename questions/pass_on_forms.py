"""The shape of a question that an employee passes on: the same fields from telephone to chat."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from city.models import Department, Topic
from common.errors import RuleBroken
from common.texts import one_line
from questions.actions.at_once import CHANNELS
from questions.actions.registering import Contact, PassedOn
from questions.models import Question
from questions.sentences import sentence_for
from questions.states import Urgency, Way

ANOTHER = "other"  # none of the suggested departments: the one in the list of all
# Where a refusal is shown; what is not here is about the whole form.
FIELD_OF = {
    "text_empty": "text",
    "text_too_long": "text",
    "name_too_long": "name",
    "bad_mail": "mail",
    "no_mail": "mail",
    "no_contact": "mail",
    "bad_phone": "phone",
    "no_phone": "phone",
    "no_mailbox": "department",
    "department_gone": "department",
}


class PassOnForm(forms.Form):
    """What is asked whatever the channel, except the department.

    Lengths and contact data are rules of `pass_on`.
    """

    ref = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("The question"),
        widget=forms.Textarea(attrs={"rows": 6}),
        strip=False,
        error_messages={"required": _("Nothing is written yet.")},
        help_text=_("In the words of the citizen. Leave out the national register number."),
    )
    topic = forms.ModelChoiceField(
        label=_("Topic"),
        queryset=Topic.objects.filter(is_active=True),
        to_field_name="slug",
        required=False,
        empty_label=_("Choose a topic"),
        error_messages={
            "invalid_choice": _("This topic no longer exists. Choose another one."),
        },
    )
    urgency = forms.ChoiceField(
        label=_("Urgency"),
        choices=[(one.value, one.label.capitalize()) for one in Urgency],
        initial=Urgency.NORMAL,
        widget=forms.RadioSelect,
    )
    way = forms.ChoiceField(
        label=_("How the citizen wants the answer"),
        choices=[(one.value, one.label.capitalize()) for one in Way],
        initial=Way.MAIL,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the citizen gets the answer.")},
    )
    name = forms.CharField(
        label=_("Name of the citizen"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    mail = forms.CharField(
        label=_("E-mail address of the citizen"),
        required=False,
        help_text=_("Needed for an answer by e-mail."),
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("Telephone number of the citizen"),
        required=False,
        help_text=_("Needed for an answer by telephone."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )

    def passed_on(self, channel: Question.Channel, **more: Any) -> PassedOn:
        """What was filled in, of a form that is valid."""
        given = self.cleaned_data
        contact = Contact(
            way=Way(given["way"]), name=given["name"], mail=given["mail"], phone=given["phone"]
        )
        return PassedOn(
            client_ref=given["ref"],
            channel=channel,
            text=given["text"],
            contact=contact,
            department=given["department"],
            topic=given["topic"],
            urgency=Urgency(given["urgency"]),
            **more,
        )

    def refuse(self, broken: RuleBroken) -> None:
        """Shows a broken rule at the field that it is about."""
        self.add_error(FIELD_OF.get(broken.code), sentence_for(broken))


class ToDepartmentForm(PassOnForm):
    """The same with the department as one choice, for a page that a script makes."""

    department = forms.ModelChoiceField(
        label=_("Department"),
        queryset=Department.objects.filter(is_active=True),
        to_field_name="slug",
        error_messages={
            "required": _("Choose the department that gets the question."),
            "invalid_choice": _("This department no longer exists. Choose another one."),
        },
    )


class RegisteredForm(PassOnForm):
    """A question that came by telephone, mail, social media or at the desk.

    A department is chosen among the suggested ones (`department`) or in the list of all (`other`).
    """

    channel = forms.ChoiceField(
        label=_("How it came in"),
        choices=[(one.value, one.label.capitalize()) for one in CHANNELS],
        initial=Question.Channel.PHONE,
        widget=forms.RadioSelect,
    )
    department = forms.CharField(label=_("Department"), required=False)
    other = forms.ModelChoiceField(
        label=_("Department"),
        queryset=Department.objects.filter(is_active=True),
        to_field_name="slug",
        required=False,
        empty_label=_("Choose a department"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].choices = [  # type: ignore[attr-defined]
            (one.value, one.label.capitalize()) for one in (Way.MAIL, Way.PHONE)
        ]
        self.order_fields(["ref", "channel", "text", "topic", "department"])

    def clean(self) -> dict[str, Any]:
        """Puts the one department that was chosen in `department`."""
        given = super().clean() or self.cleaned_data
        slug, other = given.get("department", ""), given.get("other")
        suggested = None
        if slug not in {"", ANOTHER}:
            suggested = Department.objects.filter(slug=one_line(slug), is_active=True).first()
            if suggested is None:
                self.add_error(
                    "department", _("This department no longer exists. Choose another one.")
                )
        if suggested and other and suggested != other:
            # Without a script both can be filled in; which one was meant, only the person knows.
            self.add_error("department", _("You chose two departments. Leave one of them."))
        elif not suggested and not other and "department" not in self.errors:
            self.add_error("department", _("Choose the department that gets the question."))
        given["department"] = suggested or other
        return given
