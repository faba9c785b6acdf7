"""How offices begin and change."""
