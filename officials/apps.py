"""Django's entry for the app."""

from django.apps import AppConfig


class OfficialsConfig(AppConfig):
    """The officials' site; it has no tables."""

    name = "officials"
