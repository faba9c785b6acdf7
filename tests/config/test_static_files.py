"""Style sheets are delivered in one piece."""

import gzip
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from pytest_django import Settings

from config.static_files import Found, joined


def found_in(folder: Path, **texts: str) -> Found:
    """Style sheets as collectstatic would find them; `__` in a name stands for a folder."""
    storage = FileSystemStorage(folder)
    found: Found = {}
    for key, text in texts.items():
        name = f"{key.replace('__', '/')}.css"
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
        found[name] = (storage, name)
    return found


def test_an_import_is_replaced_by_what_it_names(tmp_path: Path) -> None:
    found = found_in(
        tmp_path,
        css__site='@import "tokens.css";\n@import "../vendor/forms.css";\nbody {}\n',
        css__tokens="a {}\n",
        vendor__forms='b { background: url("data:image/svg+xml,x") }\n',
    )
    assert joined("css/site.css", found) == (
        'a {}\nb { background: url("data:image/svg+xml,x") }\nbody {}\n'
    )


def test_an_import_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"css/no\.css"):
        joined("css/site.css", found_in(tmp_path, css__site='@import "no.css";\n'))


def test_an_import_whose_addresses_would_break_is_refused(tmp_path: Path) -> None:
    found = found_in(
        tmp_path,
        css__site='@import "../vendor/fonts.css";\n',
        vendor__fonts="a { src: url('x.woff2') }\n",
    )
    with pytest.raises(ImproperlyConfigured, match="addresses"):
        joined("css/site.css", found)


def test_collecting_twice_follows_a_change_in_an_imported_sheet(
    tmp_path: Path, settings: Settings
) -> None:
    source = tmp_path / "source"
    found_in(source, site='@import "tokens.css";\n', tokens="a { color: red }\n")
    settings.STATICFILES_DIRS = [source]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "config.static_files.StaticStorage"},
    }
    for color in ("red", "blue"):
        (source / "tokens.css").write_text(f"a {{ color: {color} }}\n")
        call_command("collectstatic", interactive=False, verbosity=0)
        assert (settings.STATIC_ROOT / "site.css").read_text() == f"a {{ color: {color} }}\n"


def test_what_a_citizen_loads_is_small() -> None:
    """The budget of a first page is 50 kB compressed, without fonts."""
    found: Found = {}
    for finder in get_finders():
        for path, storage in finder.list([]):
            found.setdefault(path, (storage, path))
    sheet = joined("css/citizen.css", found)
    assert "@import" not in sheet
    assert len(gzip.compress(sheet.encode())) < 8_000
