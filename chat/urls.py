"""Pages of the chat for citizens."""

from django.urls import path

from chat import files, plain, transcript_views

urlpatterns = [
    path("", plain.page, name="chat-page"),
    path("bestand/<uuid:file>/", files.page_file, name="chat-page-file"),
    path("gesprek.txt", transcript_views.page_text, name="chat-page-text"),
    path("gesprek.pdf", transcript_views.page_pdf, name="chat-page-pdf"),
]
