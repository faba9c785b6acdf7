"""Django's admin as an app, with the site that opens for operators only."""

from django.contrib.admin.apps import AdminConfig


class OperatorAdminConfig(AdminConfig):
    """Django's, with our site."""

    default_site = "offices.operator_site.OperatorSite"
