from django.apps import AppConfig


class EloketConfig(AppConfig):
    name = "eloket"
