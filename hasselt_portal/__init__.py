"""Composition of the portal: settings, addresses, processes. No room imports it."""

from hasselt_portal.celery import app as celery_app

__all__ = ["celery_app"]
