"""Pages of staff about questions."""

from django.urls import path

from questions import views

urlpatterns = [
    path("vraag/", views.answered_at_once, name="question-answered"),
    path("vraag/<uuid:question>/terugnemen/", views.withdraw, name="question-withdraw"),
]
