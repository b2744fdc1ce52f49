"""Pages of staff about questions."""

from django.urls import path

from questions import pass_on_views, views

urlpatterns = [
    path("vraag/", views.answered_at_once, name="question-answered"),
    path("vraag/doorsturen/", pass_on_views.pass_on_page, name="question-pass-on"),
    path("vraag/diensten.json", pass_on_views.suggested_departments, name="question-suggest"),
    path("vraag/<uuid:question>/terugnemen/", views.withdraw, name="question-withdraw"),
]
