"""A number that grows whenever something that processes keep in memory has changed."""

from django.db import models


class DirectoryRevision(models.Model):
    """One row. Database triggers raise it when offices, procedures or instruments change."""

    revision = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "directory revision"

    def __str__(self) -> str:
        return str(self.revision)
