from typing import Any

from django.apps import AppConfig
from django.db.models.signals import m2m_changed, post_delete, post_migrate, post_save
from django.utils.translation import gettext_lazy as _


class CityConfig(AppConfig):
    name = "city"
    verbose_name = _("City")

    def ready(self) -> None:
        from city import retention  # noqa: F401  registers what becomes of this room's rows

        for signal in (post_save, post_delete, m2m_changed):
            signal.connect(_forget_after_commit, dispatch_uid=f"city.forget.{id(signal)}")
        post_migrate.connect(_forget_at_once, sender=self)


def _forget_after_commit(sender: Any, **kwargs: Any) -> None:
    from city.remembered import forget_after_commit

    if sender.__module__.startswith("city."):
        forget_after_commit()


def _forget_at_once(**kwargs: Any) -> None:
    from city.remembered import forget

    forget()
