"""Addresses as people and other systems use them: printed, mailed, copied, asked for.

They begin with PUBLIC_ADDRESS and never with the name under which somebody asked: whoever sends a
request chooses its Host, and a poster or a mail with it would lead wherever they like.
"""

from django.conf import settings


def public_url(path: str) -> str:
    """The whole address of a path, such as `https://hailong.example.vn/ks/phuong-ha-tien/`."""
    return f"{settings.PUBLIC_ADDRESS}{path}"


def public_name(path: str) -> str:
    """The same without its scheme, as people type it: `hailong.example.vn/ks/phuong-ha-tien/`."""
    return public_url(path).partition("://")[2]
