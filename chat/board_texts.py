"""The words that the script of the wall board needs; the template holds the fixed ones."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

BOARD_TEXTS: dict[str, str | Promise] = {
    "at": _("Figures of {time}"),
    "lost": _("No connection. These are the figures of {time}; this page tries again by itself."),
    "logged_out": _("You are logged out. These are the figures of {time}. Load the page again."),
    "back": _("The connection is back."),
    "load": _("{open} of {cap}"),
}
