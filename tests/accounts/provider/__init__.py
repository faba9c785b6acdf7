"""A province's identity provider in a process of its own: allauth's, with one client.

Settings, addresses and accounts of a small Django project. Start reading at `__main__`.
"""

__all__: list[str] = []
