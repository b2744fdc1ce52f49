"""What differs from allauth's defaults for staff accounts."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class StaffAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; nobody signs up. Errors say what to do."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _(
            "This account is switched off. Ask your administrator to switch it on again."
        ),
        "email_password_mismatch": _(
            "This e-mail address and this password do not belong together. Check both."
        ),
        "enter_current_password": _("Fill in the password you have now."),
        "incorrect_code": _("This code is not right. Wait for the next one and fill that in."),
        "incorrect_password": _("This password is not right. Try again."),
        "too_many_login_attempts": _(
            "That was wrong too many times. Wait five minutes and try again."
        ),
        "rate_limited": _("That was too often. Wait a minute and try again."),
        "unknown_email": _("We do not know this e-mail address. Check how it is spelled."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
