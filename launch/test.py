"""`make test`: pytest against real servers, private and thrown away unless others are named."""

import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launch import failure
from launch.processes import finished
from launch.servers import servers

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def throw_away(folder: Path) -> Iterator[dict[str, str]]:
    """Servers in a temporary folder. PostgreSQL's user must be able to walk through it."""
    if os.geteuid() == 0:
        folder.chmod(0o711)
    with servers(folder, durable=False) as found:
        yield found


def main() -> int:
    """Runs pytest with the arguments given; returns its exit code."""
    with tempfile.TemporaryDirectory(prefix="hl-") as folder, throw_away(Path(folder)) as found:
        environment = {
            **os.environ,
            **found,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SECRET_KEY": "only-for-tests-" + "x" * 50,
            "DEMO": "1",
            "SIMULATION": "1",
            "DEBUG": "0",
            "STATIC_ROOT": str(Path(folder) / "static"),
            "INVITATION_KEYS": str(Path(folder) / "invitation-keys"),
            "AUDIT_HEADS": str(Path(folder) / "audit-heads"),
            "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
            "PUBLIC_ADDRESS": "http://testserver",
            "PYTEST_PLUGINS": "tests.beside",
            # A month closes with its last day, but for tests of just that (test_closing_day.py).
            "CLOSING_WORKING_DAYS": "0",
        }
        collect = ["manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
        code = finished([sys.executable, *collect], environment, ROOT)
        if code:
            return code
        tests = [sys.executable, "-m", "pytest", *sys.argv[1:]]
        # pytest stops what its tests have started when it is interrupted, not when it is terminated
        return finished(tests, environment, ROOT, ending=signal.SIGINT)


if __name__ == "__main__":
    failure.run(main)
