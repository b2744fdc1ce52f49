"""Pages of the chat for staff."""

from django.urls import path

from chat import views

urlpatterns = [path("chat/", views.console, name="chat-console")]
