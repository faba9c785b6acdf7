"""The policy that all figures obey. Whose answers stand in them is said in `surveys.standing`."""

from reports.sipas.hiding.suppression import Policy

POLICY = Policy()
