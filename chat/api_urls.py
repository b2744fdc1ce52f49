"""Addresses of the chat for scripts; they carry no language in front."""

from django.urls import path

from chat import views

urlpatterns = [
    path("widget.js", views.loader, name="chat-loader"),
    path("chat/status.json", views.status, name="chat-status"),
    path("chat/panel.json", views.panel, name="chat-panel"),
]
