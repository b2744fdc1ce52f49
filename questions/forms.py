"""The shape of a question that was answered at once, and of an absence."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from city.models import Topic
from questions.absences import possible_stand_ins
from questions.actions.at_once import CHANNELS, OUTCOMES, Answered
from questions.models import Question


class AnsweredForm(forms.Form):
    """One click on a topic sends it; channel and outcome are chosen before, or left as they are."""

    ref = forms.UUIDField(widget=forms.HiddenInput)
    channel = forms.ChoiceField(
        label=_("How it came in"), choices=[(channel.value, channel.label) for channel in CHANNELS]
    )
    outcome = forms.ChoiceField(
        label=_("How it ended"), choices=[(outcome.value, outcome.label) for outcome in OUTCOMES]
    )
    topic = forms.ModelChoiceField(
        queryset=Topic.objects.filter(is_active=True),
        to_field_name="slug",
        error_messages={
            "required": _("Choose a topic; that registers the question."),
            "invalid_choice": _("This topic no longer exists. Choose another one."),
        },
    )

    def answered(self) -> Answered:
        """What was filled in, of a form that is valid."""
        return Answered(
            client_ref=self.cleaned_data["ref"],
            channel=Question.Channel(self.cleaned_data["channel"]),
            outcome=Question.Outcome(self.cleaned_data["outcome"]),
            topic=self.cleaned_data["topic"],
        )


class AbsenceForm(forms.Form):
    """First and last day, and who stands in."""

    starts_on = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    stand_in = forms.ModelChoiceField(
        label=_("Who stands in"),
        queryset=User.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=_("Nobody: new questions stay with the department"),
        help_text=_("Sees your questions among the own ones, and may answer them."),
        error_messages={"invalid_choice": _("This colleague works in none of your departments.")},
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stand_in = self.fields["stand_in"]
        assert isinstance(stand_in, forms.ModelChoiceField)
        stand_in.queryset = possible_stand_ins(person)
