from django.apps import AppConfig


class HasseltPortalConfig(AppConfig):
    name = "hasselt_portal"
