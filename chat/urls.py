"""Pages of the chat for citizens."""

from django.urls import path

from chat import plain

urlpatterns = [path("", plain.page, name="chat-page")]
