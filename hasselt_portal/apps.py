from django.apps import AppConfig


class HasseltPortalConfig(AppConfig):
    name = "hasselt_portal"

    def ready(self) -> None:
        from hasselt_portal import retention  # noqa: F401  registers what becomes of written mails
