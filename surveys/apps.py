"""Django's entry for the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    """See docs/architecture.md for what the app is for."""

    name = "surveys"
    verbose_name = _("Questionnaires and answers")
