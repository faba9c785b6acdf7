"""Việt Nam's administrative units on both sides of 2025-07-01, shipped as data, and its loader.

It may use models only and writes nothing but units, their successions and heirs. Start reading at
`load`; docs/registry.md says where the data come from.
"""

__all__ = ["centres", "heirs", "load", "places", "plain", "points", "rows", "slugs"]
