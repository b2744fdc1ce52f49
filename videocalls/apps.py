from django.apps import AppConfig


class VideocallsConfig(AppConfig):
    name = "videocalls"
