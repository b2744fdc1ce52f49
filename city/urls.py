"""Addresses of the city."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
