"""The rules for a password of staff say what to do, in the reader's language."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError


def test_a_short_password_is_refused_with_what_to_do():
    with pytest.raises(ValidationError, match="12"):
        validate_password("veel-korter")


def test_twelve_characters_are_enough():
    validate_password("kort-maar-ok")
