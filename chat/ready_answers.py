"""The variables of ready answers: which there are, what stands in their place, which are unknown.

A variable stands in braces: `{telefoon}`, or with a product `{product:reispas}`. What the portal
knows is filled in before an answer goes to the console; the name of the citizen, which differs per
conversation, is filled in by the console.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from city.models import CityContact, Location, Product
from city.today import today_at

VARIABLE = re.compile(r"\{([^{}\n]{0,80})\}")
LANGUAGES = ("nl", "en")
TOWN_HALL = "scheep"
OF_CITIZEN = "naam"
PRODUCT = "product:"


@dataclass(frozen=True)
class Asker:
    """Who will send the answer, from which portal, and when."""

    agent_name: str
    origin: str  # scheme and host, so that an address works on other sites too
    now: datetime


@dataclass(frozen=True)
class Variable:
    """`value` gives what stands in its place in the active language; None: the console does."""

    help: str | Promise
    value: Callable[[Asker], str] | None


def _hours(asker: Asker) -> str:
    """ "maandag 9–12 en 14–16 uur, dinsdag …": the coming week."""
    today = today_at(TOWN_HALL, asker.now)
    return ", ".join(f"{row.days} {row.hours}" for row in today.week) if today else ""


def _hours_today(asker: Asker) -> str:
    today = today_at(TOWN_HALL, asker.now)
    return today.hours if today else ""


def _address(asker: Asker) -> str:
    location = Location.objects.filter(slug=TOWN_HALL).first()
    return location.address if location else CityContact.current().address


VARIABLES: dict[str, Variable] = {
    OF_CITIZEN: Variable(_("the name of the citizen; left out when it is not known"), None),
    "medewerker": Variable(_("your first name"), lambda asker: asker.agent_name),
    "stad": Variable(_("the name of the city"), lambda _a: str(CityContact.current().local.name)),
    "telefoon": Variable(
        _("the telephone number of the city"), lambda _a: CityContact.current().phone
    ),
    "mail": Variable(_("the e-mail address of the city"), lambda _a: CityContact.current().email),
    "adres": Variable(_("the address of the town hall"), _address),
    "openingsuren": Variable(_("the opening hours of the town hall this week"), _hours),
    "uren_vandaag": Variable(_("the opening hours of the town hall today"), _hours_today),
}
PRODUCT_HELP = _("the address of a page, for example {product:reispas}")


def unknown_in(*texts: str, slugs: Iterable[str] | None = None) -> list[str]:
    """What stands in braces and is no variable, each once, in order.

    `slugs` are the products there are; without them the name of a product is not looked at.
    """
    known_slugs = None if slugs is None else set(slugs)
    found = (name for text in texts for name in VARIABLE.findall(text))
    return [name for name in dict.fromkeys(found) if not _is_known(name, known_slugs)]


def refuse_unknown(text: str) -> None:
    """Raises ValidationError that names what is unknown and lists what there is."""
    unknown = unknown_in(text, slugs=Product.objects.values_list("slug", flat=True))
    stray = [brace for brace in "{}" if brace in VARIABLE.sub("", text)]
    if stray:
        raise ValidationError(_("A brace stands alone. A variable is written like {naam}."))
    if unknown:
        raise ValidationError(
            _("The portal does not know %(unknown)s. You can use %(known)s."),
            params={"unknown": _listed(unknown), "known": _listed([*VARIABLES, f"{PRODUCT}…"])},
        )


def filled(text: str, values: dict[str, str]) -> str:
    """`text` with values in place of variables; what has none stays as it is."""
    return VARIABLE.sub(lambda hit: values.get(hit[1], hit[0]), text)


def shown_filled(text: str, *, language: str, now: datetime) -> str:
    """A text as a citizen could read it, with example names, for who writes it."""
    asker = Asker(agent_name="Bieke", origin="", now=now)
    values = values_for(asker, Product.objects.all())[language]
    return filled(text, {**values, OF_CITIZEN: "An"})


def values_for(asker: Asker, products: Iterable[Product]) -> dict[str, dict[str, str]]:
    """By language: what stands in the place of each variable that the portal itself fills in."""
    products = list(products)
    return {language: _values(asker, products, language) for language in LANGUAGES}


def _values(asker: Asker, products: list[Product], language: str) -> dict[str, str]:
    with override(language):
        values = {
            name: variable.value(asker) for name, variable in VARIABLES.items() if variable.value
        }
        for product in products:
            address = reverse("product", args=[product.slug])
            values[PRODUCT + product.slug] = asker.origin + address
    return values


def _is_known(name: str, slugs: set[str] | None) -> bool:
    if name.startswith(PRODUCT):
        return slugs is None or name.removeprefix(PRODUCT) in slugs
    return name in VARIABLES


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)
