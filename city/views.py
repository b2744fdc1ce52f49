"""Pages for citizens. They set no cookie and know no session, so that any cache may keep them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from city import wording
from city.hours import BRUSSELS
from city.localised import Localised
from city.models import ClosingDay, Location, OpeningSchedule, Product
from city.search import MAX_QUERY_CHARACTERS, search, suggest
from city.today import TodayView, today_at

TOWN_HALL, CONTACT_CENTRE = "scheep", "contactcentrum"
MAX_AGE_S = 30
LINKS_PER_LIST = 4
TOP_TASKS = 6
COMING_CLOSING_DAYS = 8
View = Callable[..., HttpResponse]


def public_page(view: View) -> View:
    """A page that is the same for everybody: GET and HEAD only, cacheable for half a minute."""

    @require_safe
    @wraps(view)
    def cacheable(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        patch_cache_control(response, public=True, max_age=MAX_AGE_S)
        return response

    return cacheable


@dataclass(frozen=True)
class ProductGroup:
    """Products of one topic; `anchor` for a link to it on the page."""

    anchor: str
    name: Localised
    products: tuple[Product, ...]


@dataclass(frozen=True)
class Place:
    """A place or channel with its hours; `address` and `directions` empty for a channel."""

    today: TodayView
    address: str
    directions: Localised


@dataclass(frozen=True)
class ComingClosingDay:
    """A day in the future on which the city is closed; `stays_open` names who is not."""

    day: str
    name: Localised
    stays_open: tuple[Localised, ...]


@public_page
def home(request: HttpRequest) -> HttpResponse:
    products = list(_published())
    context = {
        "today": today_at(TOWN_HALL, timezone.now()),
        "top_tasks": [each for each in products if each.is_top_task][:TOP_TASKS],
        "often_searched": [each for each in products if each.is_often_searched][:LINKS_PER_LIST],
        "online_products": _for_home(products, "distance"),
        "desk_products": _for_home(products, "desk"),
    }
    return render(request, "city/home.html", context)


@public_page
def search_page(request: HttpRequest) -> HttpResponse:
    query = _query(request)
    results = search(query, on=_today())
    return render(request, "city/search.html", {"query": query, "results": results})


@public_page
def search_suggestions(request: HttpRequest) -> HttpResponse:
    """JSON: `{"query": …, "suggestions": [{"title", "lang", "summary", "url"}]}`, five at most."""
    query = _query(request)
    suggestions = [
        {
            "title": product.local.title,
            "lang": product.local.title.lang,
            "summary": product.local.summary,
            "url": product.get_absolute_url(),
        }
        for product in suggest(query, on=_today())
    ]
    return JsonResponse({"query": query, "suggestions": suggestions})


@public_page
def products(request: HttpRequest) -> HttpResponse:
    return render(request, "city/products.html", {"groups": _by_topic(_published())})


@public_page
def product(request: HttpRequest, slug: str) -> HttpResponse:
    published = list(_published())
    found = next((each for each in published if each.slug == slug), None)
    if found is None:
        raise Http404
    related = [
        each
        for each in published
        if each.topic_id and each.topic_id == found.topic_id and each != found
    ]
    return render(request, "city/product.html", {"product": found, "related": related})


@public_page
def contact(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    context = {
        "today": today_at(CONTACT_CENTRE, now),
        "places": [place for place in _places() if place.address],
    }
    return render(request, "city/contact.html", context)


@public_page
def opening_hours(request: HttpRequest) -> HttpResponse:
    context = {"places": _places(), "closing_days": _coming_closing_days()}
    return render(request, "city/opening_hours.html", context)


@public_page
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "city/privacy.html")


@public_page
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "city/accessibility.html")


def _today() -> date:
    return timezone.now().astimezone(BRUSSELS).date()


def _query(request: HttpRequest) -> str:
    # A zero byte is no text to PostgreSQL, and nobody types one.
    return request.GET.get("q", "").replace("\x00", "").strip()[:MAX_QUERY_CHARACTERS]


def _published() -> Iterable[Product]:
    return Product.objects.published(_today()).select_related("topic", "department")


def _for_home(products: list[Product], way: str) -> list[Product]:
    chosen = [each for each in products if each.is_on_home and each.way == way]
    return chosen[:LINKS_PER_LIST]


def _by_topic(products: Iterable[Product]) -> list[ProductGroup]:
    def place(product: Product) -> tuple[int, str, str]:
        topic = product.topic
        return (topic.order, topic.name, topic.slug) if topic else (1 << 16, "", "")

    groups = []
    for (_order, _name, slug), group in groupby(sorted(products, key=place), key=place):
        members = tuple(group)
        topic = members[0].topic
        name = topic.local.name if topic else Localised(_("Other subjects"), "")
        groups.append(ProductGroup(slug or "other", name, members))
    return groups


def _places() -> list[Place]:
    now = timezone.now()
    locations = {location.schedule_id: location for location in Location.objects.all()}
    # Where people go comes before how they call.
    schedules = sorted(
        OpeningSchedule.objects.filter(is_listed=True), key=lambda each: each.pk not in locations
    )
    places = []
    for schedule in schedules:
        today = today_at(schedule.slug, now)
        location = locations.get(schedule.pk)
        if today:
            address = location.address if location else ""
            directions = location.local.directions if location else Localised("", "nl")
            places.append(Place(today, address, directions))
    return places


def _coming_closing_days() -> list[ComingClosingDay]:
    rows = ClosingDay.objects.filter(on__gte=_today()).prefetch_related("open_schedules")
    return [
        ComingClosingDay(
            day=wording.day_name(row.on, with_year=True),
            name=row.local.name,
            stays_open=tuple(schedule.local.name for schedule in row.open_schedules.all()),
        )
        for row in rows[:COMING_CLOSING_DAYS]
    ]
