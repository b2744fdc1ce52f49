"""Addresses of the city."""

from django.urls import path

from city import views

urlpatterns = [
    path("", views.home, name="home"),
    path("zoeken/", views.search_page, name="search"),
    path("zoeken/suggesties.json", views.search_suggestions, name="search-suggestions"),
    path("producten/", views.products, name="products"),
    path("producten/<slug:slug>/", views.product, name="product"),
    path("contact/", views.contact, name="contact"),
    path("openingsuren/", views.opening_hours, name="opening-hours"),
    path("privacy/", views.privacy, name="privacy"),
    path("toegankelijkheid/", views.accessibility, name="accessibility"),
]
