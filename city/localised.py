"""Content of the city in two languages: Dutch always, English where the city wrote it."""

from django.utils.translation import get_language


class Localised(str):
    """A text that knows its language, so that a page can say `lang="nl"` where they differ."""

    lang: str

    def __new__(cls, text: str, lang: str) -> "Localised":
        self = super().__new__(cls, text)
        self.lang = lang
        return self


def localised(dutch: str, english: str) -> Localised:
    """The text in the active language; Dutch when there is no English."""
    wants_english = (get_language() or "nl").startswith("en")
    return Localised(english, "en") if wants_english and english else Localised(dutch, "nl")


class Local:
    """Reads `title` as `title` or `title_en` of a row, whichever the reader wants."""

    def __init__(self, row: object) -> None:
        self._row = row

    def __getattr__(self, name: str) -> Localised:
        return localised(getattr(self._row, name), getattr(self._row, f"{name}_en"))


class Bilingual:
    """A row with fields in pairs: `x` in Dutch and `x_en` in English.

    `row.local.x` is the text for the reader; a template writes
    `<h1{{ product.local.title|lang_attr }}>{{ product.local.title }}</h1>`.
    """

    @property
    def local(self) -> Local:
        return Local(self)
