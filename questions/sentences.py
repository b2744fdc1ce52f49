"""What a member of staff reads when a rule about questions was broken."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.errors import RuleBroken

SENTENCES: dict[str, str | Promise] = {
    "ref_used": _(
        "This page was an old one, so nothing was registered. Choose the topic once more."
    ),
    "too_late": _("It can no longer be taken back: that was possible for ten minutes."),
    "not_found": _("This question is not in your list."),
}


def sentence_for(broken: RuleBroken) -> str:
    return str(SENTENCES[broken.code])
