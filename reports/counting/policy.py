"""The policy that all figures obey; `surveys.models.standing` says whose answers stand in them."""

from reports.sipas.hiding.suppression import Policy

POLICY = Policy()
