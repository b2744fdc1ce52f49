"""Pages of citizens about their question."""

from django.urls import path

from questions import citizen_views, status_views

urlpatterns = [
    path("contact/vraag/", citizen_views.ask, name="question-form"),
    path("vraag/<str:reference>/<str:secret>/", status_views.status, name="question-status"),
    path(
        "vraag/<str:reference>/<str:secret>/ontvangen/",
        status_views.received,
        name="question-received",
    ),
]
