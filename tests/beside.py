"""What a process of a run by two has of its own, before Django reads its settings.

pytest-django gives each a database. Loaded by name in PYTEST_PLUGINS, since only that is early.
"""

import os
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

OF_ITS_OWN = ("INVITATION_KEYS", "AUDIT_HEADS")
DATABASES = 16


def redis_beside(url: str, number: int) -> str:
    """The address of the database of the process with this number, counted down from the one named.

    `url` as in REDIS_URL; a socket without `virtual_host` means database 0.
    """
    address = urlsplit(url)
    if "socket" in address.scheme:
        named = parse_qs(address.query).get("virtual_host", ["0"])[0]
        return f"{url.partition('?')[0]}?virtual_host={_own(named, number)}"
    named = address.path.strip("/")
    return address._replace(path=f"/{_own(named, number)}").geturl()


def _own(named: str, number: int) -> int:
    return (int(named or 0) - number) % DATABASES


def move_over(environment: dict[str, str] | os._Environ[str]) -> None:
    """Changes what is shared otherwise, in a process that runs beside others; else nothing."""
    worker = environment.get("PYTEST_XDIST_WORKER", "")
    if not worker:
        return
    environment["REDIS_URL"] = redis_beside(environment["REDIS_URL"], int(worker[len("gw") :]))
    for name in OF_ITS_OWN:
        folder = Path(environment[name])
        environment[name] = str(folder.with_name(f"{folder.name}-{worker}"))


move_over(os.environ)
