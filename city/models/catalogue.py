"""What the city offers, in the citizen's words."""

from datetime import date

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from city.localised import Bilingual, Localised, localised
from city.models.departments import Department


class Topic(Bilingual, models.Model):
    """What a question or product is about; a conversation is closed with one."""

    slug = models.SlugField(_("short name"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    department = models.ForeignKey(
        Department,
        verbose_name=_("department"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="topics",
        help_text=_("Where a question on this topic goes first."),
    )
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("Switch off instead of deleting, so that the history keeps its names."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class Products(models.QuerySet["Product"]):
    def published(self, on: date) -> "Products":
        """What citizens may see on that day."""
        return self.filter(
            Q(available_from__isnull=True) | Q(available_from__lte=on), is_published=True
        )


class Way(models.TextChoices):
    DISTANCE = "distance", _("from home")
    DESK = "desk", _("at the desk, by appointment")


class Audience(models.TextChoices):
    PEOPLE = "people", _("inhabitants")
    FAMILIES = "families", _("families")
    COMPANIES = "companies", _("companies and associations")
    EVERYBODY = "everybody", _("everybody")


class Product(Bilingual, models.Model):
    """One thing a citizen comes for. Texts are plain: an empty line begins a new paragraph.

    Prices, terms and legal wording are data of the city. `online_url` stays empty until the product
    can be asked for online; until then the page tells how it is done today (`how_today`).
    """

    slug = models.SlugField(_("address on the website"), unique=True, max_length=80)
    title = models.CharField(_("title"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)
    short_title = models.CharField(
        _("short title"), max_length=40, blank=True, help_text=_("For lists of links.")
    )
    short_title_en = models.CharField(_("short title in English"), max_length=40, blank=True)
    summary = models.CharField(_("summary"), max_length=240, help_text=_("One plain sentence."))
    summary_en = models.CharField(_("summary in English"), max_length=240, blank=True)
    body = models.TextField(_("explanation"), blank=True)
    body_en = models.TextField(_("explanation in English"), blank=True)
    how_today = models.TextField(
        _("how it is done today"), help_text=_("By phone, by mail, at the desk: step by step.")
    )
    how_today_en = models.TextField(_("how it is done today, in English"), blank=True)
    bring = models.TextField(_("what to bring"), blank=True, help_text=_("One thing per line."))
    bring_en = models.TextField(_("what to bring, in English"), blank=True)
    price = models.CharField(_("price"), max_length=160, blank=True)
    price_en = models.CharField(_("price in English"), max_length=160, blank=True)
    term = models.CharField(_("term"), max_length=160, blank=True)
    term_en = models.CharField(_("term in English"), max_length=160, blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=240, blank=True)
    keywords = models.TextField(
        _("search words"),
        blank=True,
        help_text=_("Other words citizens use, in Dutch or English, separated by commas."),
    )
    icon = models.CharField(
        _("icon"),
        max_length=40,
        default="file-text",
        validators=[RegexValidator(r"^[a-z0-9-]+$")],
        help_text=_("Name of an icon of the website, for example calendar or truck."),
    )
    topic = models.ForeignKey(
        Topic,
        verbose_name=_("topic"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="products",
    )
    department = models.ForeignKey(
        Department,
        verbose_name=_("department"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="products",
    )
    way = models.CharField(_("way"), max_length=10, choices=Way, default=Way.DESK)
    audience = models.CharField(
        _("for whom"), max_length=10, choices=Audience, default=Audience.PEOPLE
    )
    online_url = models.URLField(_("online form"), blank=True)
    is_published = models.BooleanField(_("published"), default=True)
    available_from = models.DateField(
        _("available from"), null=True, blank=True, help_text=_("Hidden before this day.")
    )
    is_top_task = models.BooleanField(
        _("top task"), default=False, help_text=_("A large tile on the home page.")
    )
    is_on_home = models.BooleanField(
        _("on the home page"), default=False, help_text=_("In the list of links on the home page.")
    )
    is_often_searched = models.BooleanField(
        _("often searched"), default=False, help_text=_("Under the search field.")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    objects = Products.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["order", "title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("product", args=[self.slug])

    @property
    def link_text(self) -> Localised:
        """The short title, or the title when it has none in the reader's language."""
        return localised(self.short_title or self.title, self.short_title_en or self.title_en)

    @property
    def body_paragraphs(self) -> list[Localised]:
        return _pieces(self.local.body, "\n\n")

    @property
    def how_today_paragraphs(self) -> list[Localised]:
        return _pieces(self.local.how_today, "\n\n")

    @property
    def bring_items(self) -> list[Localised]:
        return _pieces(self.local.bring, "\n")


def _pieces(text: Localised, separator: str) -> list[Localised]:
    pieces = text.replace("\r\n", "\n").split(separator)
    return [Localised(piece.strip(), text.lang) for piece in pieces if piece.strip()]


class Synonym(models.Model):
    """A word of citizens and the word that the products use: "auto" also finds "rijbewijs"."""

    word = models.CharField(_("what citizens type"), max_length=40)
    means = models.CharField(_("also find"), max_length=40)

    class Meta:
        verbose_name = _("search synonym")
        verbose_name_plural = _("search synonyms")
        ordering = ["word", "means"]
        constraints = [
            models.UniqueConstraint(
                fields=["word", "means"],
                name="one_synonym_per_pair",
                violation_error_message=_("These two words are already linked."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.word} → {self.means}"
