from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChatConfig(AppConfig):
    name = "chat"
    verbose_name = "Chat"

    def ready(self) -> None:
        from allauth.account.signals import password_changed, password_reset
        from django.contrib.auth.signals import user_logged_out

        from accounts.workbench import PANELS, Panel
        from chat.events import announce_logout, announce_new_password

        user_logged_out.connect(announce_logout, dispatch_uid="chat-logout")
        for changed in (password_changed, password_reset):
            changed.connect(announce_new_password, dispatch_uid=f"chat-password-{id(changed)}")
        PANELS.register(
            "chat",
            Panel(
                title=_("Chat"),
                description=_("Citizens who wait, and your own conversations."),
                url_name="chat-console",
                roles=("agent", "supervisor"),
                icon="messages-square",
            ),
        )
