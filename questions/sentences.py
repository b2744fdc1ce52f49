"""What people read when a rule about questions was broken."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.errors import RuleBroken

SENTENCES: dict[str, str | Promise] = {
    "ref_used": _(
        "This page was an old one, so nothing was registered. Choose the topic once more."
    ),
    "too_late": _("It can no longer be taken back: that was possible for ten minutes."),
    "not_found": _("This question is not in your list."),
    "text_empty": _("Nothing is written yet."),
    "text_too_long": _(
        "This text is too long: at most %(limit)s characters, and these are %(length)s."
    ),
    "name_too_long": _("This name is too long: at most %(limit)s characters."),
    "bad_mail": _("This is not an e-mail address. An example: naam@voorbeeld.be"),
    "bad_phone": _("This is not a telephone number. An example: 0470 12 34 56"),
    "no_mail": _("For an answer by e-mail we need an e-mail address."),
    "no_phone": _("For an answer by telephone we need a telephone number."),
    "no_contact": _(
        "Fill in an e-mail address or a telephone number, for when the chat is over by then."
    ),
    "no_mailbox": _(
        "%(department)s has no e-mail address yet, so no question can go there. Choose another "
        "department, or ask an administrator for the address."
    ),
    "department_gone": _("%(department)s no longer takes questions. Choose another department."),
    "same_department": _("It is with %(department)s already."),
    "not_allowed": _("You cannot do this for a question of another department."),
    "not_allowed_now": _("That is not possible now: the question has changed since."),
    "not_their_department": _("%(name)s does not work in this department (any more)."),
    "taken_by": _(
        "%(name)s has this question in hand. Take it over first if you want to go on with it."
    ),
    "answered_already": _(
        "%(name)s has answered in the meantime. Your text was not sent; you still have it here."
    ),
    "closed_already": _(
        "%(name)s has closed this question in the meantime. Nothing more was changed or sent."
    ),
    "no_mail_to_ask": _("This citizen left no e-mail address. Call, and write down what was said."),
    "reply_too_late": _(
        "This question was closed too long ago to reply. Ask a new question; mention the reference."
    ),
    "too_many_replies": _("There are many replies already. Please call us."),
    "link_expired": _("This link has expired."),
    "sent_already": _(
        "This form was sent before with another text. This text is not sent yet; send it again."
    ),
    "replied_since": _(
        "The citizen has replied in the meantime. Read that first; your text is not sent yet."
    ),
    "choose_colleague": _("Choose a colleague."),
    "choose_department": _("Choose a department."),
    "choose_outcome": _("Choose how it ended."),
    "ends_before_start": _("The last day lies before the first."),
    "absence_over": _("This lies in the past already. Choose days from today on."),
    "absence_overlaps": _("You are away from %(first)s to %(last)s already. End that one first."),
    "not_a_stand_in": _("%(name)s does not work in one of your departments."),
    "stand_in_away": _("%(name)s is away from %(first)s to %(last)s. Choose somebody else."),
    "too_fast": _("That went too fast. Wait a moment and try again."),
    "too_many": _("Many questions came from this internet address. Try again later, or call us."),
    "too_many_for_contact": _(
        "Many questions were asked today with this e-mail address or telephone number. Try again "
        "tomorrow, or call us."
    ),
    "form_too_quick": _("That went very quickly. Look whether all is right and send it once more."),
    "form_too_old": _(
        "This page was open for a long time. Look whether all is right and send it once more."
    ),
    "trap_filled": _(
        "A field that must stay empty was filled in, perhaps by a program on your device. We have "
        "emptied it. Look whether all is right and send it once more."
    ),
}


def sentence_for(broken: RuleBroken) -> str:
    return str(SENTENCES[broken.code]) % broken.params
