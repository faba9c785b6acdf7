"""The measures themselves; they run inside a prepared database (benchmarks.stage)."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()
