"""The shape of a question that was answered at once."""

from django import forms
from django.utils.translation import gettext_lazy as _

from city.models import Topic
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
