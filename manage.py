#!/usr/bin/env python
"""Django's command line for Hài Lòng."""

import os
import sys

from django.core.management import execute_from_command_line

from audit.actors import acting, command

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with acting(command(sys.argv)):
        execute_from_command_line(sys.argv)
