"""Pages of staff about questions."""

from django.urls import path

from questions import absence_views, detail_views, inbox_views, pass_on_views, views

urlpatterns = [
    path("vraag/", views.answered_at_once, name="question-answered"),
    path("vraag/doorsturen/", pass_on_views.pass_on_page, name="question-pass-on"),
    path("vraag/diensten.json", pass_on_views.suggested_departments, name="question-suggest"),
    path("vraag/<uuid:question>/terugnemen/", views.withdraw, name="question-withdraw"),
    path("vragen/", inbox_views.question_inbox, name="question-inbox"),
    path(
        "vragen/teruggeven/<uuid:person>/", inbox_views.give_all_back, name="question-give-all-back"
    ),
    path("vragen/<uuid:question>/", detail_views.question_detail, name="question-detail"),
    path("afwezig/", absence_views.absence, name="absence"),
    path("afwezig/einde/", absence_views.end_absence, name="absence-end"),
]
