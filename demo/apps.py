"""Django's entry for the app."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Simulation and demo data; it has no tables and is installed where SIMULATION is on."""

    name = "demo"
