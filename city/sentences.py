"""What an administrator reads when a rule about departments was broken."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.errors import RuleBroken

SENTENCES: dict[str, str | Promise] = {
    "merge_itself": _("A department cannot become part of itself. Choose another one."),
    "merge_contact_centre": _(
        "%(department)s cannot become part of another department: it has every question that no "
        "department has."
    ),
    "merged_already": _("%(department)s is already part of another department."),
    "into_inactive": _("%(department)s is switched off. Choose a department that is active."),
    "into_without_mailbox": _(
        "%(department)s has no e-mail address, so no question can go there. Fill in the address "
        "first, or choose another department."
    ),
}


def sentence_for(broken: RuleBroken) -> str:
    return str(SENTENCES[broken.code]) % broken.params
