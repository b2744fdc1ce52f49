"""Doors of the chat over HTTP: loader, status, panel, and the agents' console."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language, override
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from accounts.access import CHAT_ROLES, staff_door
from accounts.models import Role, User
from chat.actions.rush import MAX_STOP_TEXT
from chat.actions.writing import MAX_TEXT
from chat.console_texts import CONSOLE_TEXTS, stop_texts
from chat.models import Attachment, ChatRules
from chat.passed_on import passing_bootstrap
from chat.status import CHECK_AGAIN_S, chat_status, contact_links, pilot_text
from chat.texts import LAUNCHER_TEXTS, WIDGET_TEXTS
from city.models import Product, Topic
from city.remembered import remembered_for
from common.etag import unless_known
from common.uploads import MAX_BYTES

WARN_FROM = 1_800
LANGUAGES = ("nl", "en")
PRODUCTS_WHEN_CLOSED = 4
STATUS_KEPT_S = 5  # long enough to spare the database at rush, short enough to be true


@gzip_page
@require_safe
def loader(request: HttpRequest) -> HttpResponse:
    """The script of the one tag. Short-lived, so that a new release is there within minutes."""
    source = _loader_source().replace("__PANEL_URL__", static("chat/widget/panel.js"))
    return _cacheable(request, HttpResponse(source, content_type="text/javascript"), 300)


@lru_cache(maxsize=1)
def _loader_source() -> str:
    """As collected, which is small; from the source where nothing was collected (a fresh clone)."""
    collected, source = (
        Path(folder) / "chat" / "widget" / "loader.js"
        for folder in (settings.STATIC_ROOT, settings.BASE_DIR / "static")
    )
    return (collected if collected.exists() else source).read_text(encoding="utf-8")


@gzip_page
@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """Open, busy or closed, for the launcher; no cookie, cacheable for some seconds."""
    language = _asked_language(request)
    response = JsonResponse(_status_now(language), headers={"Content-Language": language})
    return _cacheable(request, response, STATUS_KEPT_S)


@remembered_for(0.3)
def _status_now(language: str) -> dict[str, object]:
    """The same for all widgets: of seventy that ask in a second, three are worked out."""
    with override(language):
        now = chat_status(timezone.now())
        return {
            "v": 1,
            "state": now.state,
            "sentence": now.sentence,
            "announcement": now.announcement,
            **contact_links(),
            "texts": {key: str(text) for key, text in LAUNCHER_TEXTS.items()},
            "check_again_s": CHECK_AGAIN_S,
        }


@gzip_page
@require_safe
def panel(request: HttpRequest) -> HttpResponse:
    """Texts, addresses and limits of the opened panel."""
    rules = ChatRules.current()
    with override(_asked_language(request)):
        answer = {
            "texts": {key: str(text) for key, text in WIDGET_TEXTS.items()},
            **contact_links(),
            "pilot": pilot_text(rules),
            "privacy_url": reverse("privacy"),
            "plain_url": reverse("chat-page"),
            "ask": reverse("question-form"),
            "products": [
                {"title": str(product.local.title), "url": reverse("product", args=[product.slug])}
                for product in Product.objects.published(timezone.localdate()).filter(
                    is_top_task=True
                )[:PRODUCTS_WHEN_CLOSED]
            ],
            "limits": {"text": MAX_TEXT, "warn_from": WARN_FROM},
            "files": _files_taken(rules),
        }
        response = JsonResponse(answer, headers={"Content-Language": get_language()})
    return _cacheable(request, response, 300)


@staff_door(*CHAT_ROLES)
@require_safe
def console(request: HttpRequest) -> HttpResponse:
    """The agents' console; everything after this goes over its socket."""
    agent = request.user
    assert isinstance(agent, User)
    bootstrap = {
        "me": {
            "id": str(agent.public_id),
            "name": agent.first_name,
            "reads_all": agent.has_role(Role.SUPERVISOR),
        },
        "passing": passing_bootstrap(),
        "topics": [
            {"slug": topic.slug, "name": str(topic.local.name)}
            for topic in Topic.objects.filter(is_active=True)
        ],
        "texts": {key: str(text) for key, text in CONSOLE_TEXTS.items()},
        "lang": get_language(),
        "socket": "/ws/console/",
        "knowledge": reverse("chat-knowledge"),
        "limits": {"text": MAX_TEXT},
        "files": _files_taken(ChatRules.current()),
    }
    stop = {**stop_texts(), "limit": MAX_STOP_TEXT}
    return render(request, "chat/console.html", {"bootstrap": bootstrap, "stop_texts": stop})


def _files_taken(rules: ChatRules) -> dict[str, object] | None:
    """Limits of a file, for the panel to check before it sends; None when the city takes none."""
    if not rules.files_allowed:
        return None
    return {"max_bytes": MAX_BYTES, "types": Attachment.MediaType.values}


def _asked_language(request: HttpRequest) -> str:
    asked = request.GET.get("lang", "nl")
    return asked if asked in LANGUAGES else "nl"


def _cacheable(request: HttpRequest, response: HttpResponse, max_age_s: int) -> HttpResponse:
    """Cacheable by anybody, with an ETag, and 304 for who has it."""
    patch_cache_control(response, public=True, max_age=max_age_s)
    return unless_known(request, response)
