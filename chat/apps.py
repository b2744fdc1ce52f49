from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChatConfig(AppConfig):
    name = "chat"
    verbose_name = "Chat"

    def ready(self) -> None:
        from allauth.account.signals import password_changed, password_reset
        from corsheaders.signals import check_request_enabled
        from django.contrib.auth.signals import user_logged_out
        from django.db.models.signals import post_delete, post_save

        from accounts.access import CHAT_ROLES
        from accounts.open_work import OPEN_WORK, OpenWork
        from accounts.workbench import PANELS, Panel
        from chat import retention  # noqa: F401  registers what becomes of this room's rows
        from chat.actions.assigning import room_may_have_changed
        from chat.board import waiting_count
        from chat.events import announce_logout, announce_new_password
        from chat.models import AllowedSite, ChatRules, ChatStop, PhoneFirst, ReadyAnswer
        from chat.open_work import chats_under_way
        from chat.origins import allows_cors
        from chat.ready_texts import ready_texts
        from chat.receivers import question_answered, question_asked_back
        from city.remembered import forget_after_commit
        from questions.events import answered, asked_back
        from questions.ready import READY_ANSWERS

        user_logged_out.connect(announce_logout, dispatch_uid="chat-logout")
        for changed in (password_changed, password_reset):
            changed.connect(announce_new_password, dispatch_uid=f"chat-password-{id(changed)}")
        for rows in (ChatRules, AllowedSite, PhoneFirst, ChatStop, ReadyAnswer):
            for changed in (post_save, post_delete):
                changed.connect(forget_after_commit, sender=rows, dispatch_uid="chat-forget")
        for caps_follow in (ChatRules, PhoneFirst):
            post_save.connect(room_may_have_changed, sender=caps_follow, dispatch_uid="chat-room")
        answered.connect(question_answered, dispatch_uid="chat-answered")
        asked_back.connect(question_asked_back, dispatch_uid="chat-asked-back")
        check_request_enabled.connect(allows_cors, dispatch_uid="chat-allowed-sites")
        PANELS.register(
            "chat",
            Panel(
                title=_("Chat"),
                description=_("Citizens who wait, and your own conversations."),
                url_name="chat-console",
                roles=CHAT_ROLES,
                icon="messages-square",
                count=waiting_count,
                place=10,
            ),
        )
        PANELS.register(
            "board",
            Panel(
                title=_("Wall board"),
                description=_("How the contact centre stands now, and how today goes."),
                url_name="chat-board",
                roles=("supervisor",),
                icon="layout-dashboard",
                place=90,
            ),
        )
        OPEN_WORK.register("chat", OpenWork(roles=CHAT_ROLES, sentences=chats_under_way))
        READY_ANSWERS.register("chat", ready_texts)
