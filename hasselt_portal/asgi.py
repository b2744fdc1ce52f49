"""HTTP and sockets of the portal."""

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hasselt_portal.settings")
http = get_asgi_application()

from chat import routing  # noqa: E402  the apps must be loaded first

application = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": URLRouter(
            [*routing.citizen_sockets, *routing.staff_sockets(AuthMiddlewareStack)]
        ),
    }
)
