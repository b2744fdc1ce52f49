"""Pages of the chat for staff."""

from django.urls import path

from chat import board_views, files, knowledge, passed_on, views

urlpatterns = [
    path("chat/", views.console, name="chat-console"),
    path("chat/kennis.json", knowledge.knowledge, name="chat-knowledge"),
    path("chat/<uuid:conversation>/bestanden/", files.agent_upload, name="chat-agent-files"),
    path("chat/<uuid:conversation>/doorgestuurd.json", passed_on.passed_on, name="chat-passed-on"),
    path("chat/bestanden/<uuid:file>/", files.agent_file, name="chat-agent-file"),
    path("chat/muurbord/", board_views.wall_board, name="chat-board"),
    path("chat/muurbord/stand.json", board_views.figures, name="chat-board-figures"),
]
