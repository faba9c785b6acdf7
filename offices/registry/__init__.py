"""Việt Nam's administrative units on both sides of 2025-07-01, shipped as data, and its loader."""
