"""Hosts to which no page may send people for a figure or a rule."""

# Blogs, sites where anybody uploads files, and sites that copy what others wrote.
UNFIT = (
    *("scribd", "123doc", "text.123doc", "tailieu", "tieuluan", "slideshare", "studocu"),
    *("blogspot", "wordpress", "medium.com", "ynghialagi", "vietjack", "hoatieu", "dokumen"),
    *("talkvietnam", "vietmaz", "tothethao", "github"),
)


def is_unfit(host: str) -> bool:
    """Whether the host is one of these."""
    return any(part in host for part in UNFIT)
