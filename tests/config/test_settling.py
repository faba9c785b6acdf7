"""A web process leaves what it loaded out of its collections of garbage."""

import os
import subprocess
import sys

TELL = """
import gc, sys
import config.wsgi
print(gc.get_freeze_count(), "officials.figures.views" in sys.modules)
"""


def test_what_a_web_process_has_loaded_is_collected_no_more() -> None:
    done = subprocess.run(
        [sys.executable, "-c", TELL], env=os.environ, capture_output=True, text=True, check=True
    )
    frozen, has_pages = done.stdout.split()
    assert int(frozen) > 50_000
    assert has_pages == "True"
