"""What a password of staff must be, beside Django's own rules."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import ngettext


class MinimumLength(MinimumLengthValidator):
    """Django's rule with a sentence that says what to do; Django 5.2 has no Dutch for its own."""

    def get_error_message(self) -> str:
        return ngettext(
            "Choose a password of at least %(n)d character.",
            "Choose a password of at least %(n)d characters.",
            self.min_length,
        ) % {"n": self.min_length}
