"""Tells anyone who runs pytest by itself how the tests are run."""

import os

if "DJANGO_SETTINGS_MODULE" not in os.environ:  # launch.test sets it, with servers beside it
    raise SystemExit(
        "The tests need servers of their own: run `make test ARGS=…` in place of `pytest …`."
    )
