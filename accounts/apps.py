from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Medewerkers"

    def ready(self) -> None:
        from accounts import retention  # noqa: F401  registers what becomes of this room's rows
