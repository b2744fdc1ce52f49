"""Other sites of the city that carry the chat."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from city.remembered import remembered

# As a browser sends it (RFC 6454): in lower case, a port only when it is not the usual one.
ORIGIN = re.compile(r"(https?)://([a-z0-9][a-z0-9.-]*|\[::1\])(?::([1-9][0-9]{0,4}))?")
THIS_MACHINE = {"localhost", "127.0.0.1", "[::1]"}
USUAL_PORTS = {"http": "80", "https": "443"}


def validate_origin(value: str) -> None:
    """Refuses what no browser would name as the origin of a page, and pages without HTTPS."""
    scheme, host, port = found.groups() if (found := ORIGIN.fullmatch(value)) else ("", "", "")
    is_safe = scheme == "https" or (scheme == "http" and host in THIS_MACHINE)
    if not is_safe or port == USUAL_PORTS[scheme] or int(port or 0) > 65_535:
        raise ValidationError(
            _("Write the address like https://www.hasselt.be: no path, no slash at the end.")
        )


class AllowedSite(models.Model):
    """A site whose pages may embed the chat; others are refused by CORS and at the handshake."""

    origin = models.CharField(
        _("address of the site"),
        max_length=200,
        unique=True,
        validators=[validate_origin],
        help_text=_("For example https://www.hasselt.be"),
    )
    name = models.CharField(_("name"), max_length=100, blank=True)
    is_active = models.BooleanField(_("allowed"), default=True)

    class Meta:
        verbose_name = _("allowed site")
        verbose_name_plural = _("allowed sites")
        ordering = ["origin"]

    def __str__(self) -> str:
        return self.origin

    @classmethod
    def origins(cls) -> frozenset[str]:
        """Every allowed origin, remembered for two seconds."""
        return _allowed_origins()


@remembered
def _allowed_origins() -> frozenset[str]:
    return frozenset(AllowedSite.objects.filter(is_active=True).values_list("origin", flat=True))
