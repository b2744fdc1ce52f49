"""Addresses of the chat for scripts; they carry no language in front.

The doors of a conversation stand behind `for_allowed_sites`; the others tell no secret.
"""

from django.urls import path

from chat import exchange, files, polling, transcript_views, views
from chat.origins import for_allowed_sites

urlpatterns = [
    path("widget.js", views.loader, name="chat-loader"),
    path("chat/status.json", views.status, name="chat-status"),
    path("chat/panel.json", views.panel, name="chat-panel"),
    path("chat/frames.json", polling.post_frames, name="chat-frames"),
    path("chat/files.json", for_allowed_sites(files.citizen_upload), name="chat-files"),
    path("chat/files/<uuid:file>", for_allowed_sites(files.citizen_file), name="chat-file"),
    path("api/telefooncentrale/", exchange.report, name="chat-exchange"),
    path("chat/transcript.txt", for_allowed_sites(transcript_views.text), name="chat-text"),
    path("chat/transcript.pdf", for_allowed_sites(transcript_views.pdf), name="chat-pdf"),
]
