"""Style sheets are delivered in one piece."""

import gzip
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from pytest_django import Settings

from config.static_files import IN_SCRIPTS, Found, joined, without_comments
from tests.test_house import ROOT


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
    sheet = without_comments("css/citizen.css", sheet)
    assert len(gzip.compress(sheet.encode())) < 5_400


def test_comments_are_left_out_and_licences_stay() -> None:
    sheet = "/*! MIT */\n/* one\n   two */\na { b: c } /* d */\ne { f: g }\n"
    assert without_comments("css/x.css", sheet) == "/*! MIT */\na { b: c }e { f: g }\n"
    script = '// one\n  /** @type {x} */\n  const a = "//b"; // c\n  /** d */ f();\n'
    assert without_comments("js/x.js", script) == '  const a = "//b"; // c\n  /** d */ f();\n'


@pytest.mark.parametrize("path", sorted((ROOT / "static" / "js").glob("*.js")), ids=str)
def test_no_text_of_a_script_of_ours_looks_like_a_comment(path: Path) -> None:
    script = path.read_text("utf-8")
    for comment in IN_SCRIPTS.finditer(script):
        before = IN_SCRIPTS.sub("", script[: comment.start()])
        assert before.count("`") % 2 == 0, comment.group()


def test_scripts_are_collected_without_comments(tmp_path: Path, settings: Settings) -> None:
    source = tmp_path / "source"
    (source / "js").mkdir(parents=True)
    (source / "js" / "one.js").write_text("// why\nexport const one = 1;\n")
    (source / "js" / "two.js").write_text('import { one } from "./one.js";\n// why\none;\n')
    settings.STATICFILES_DIRS = [source]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "config.static_files.StaticStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    (one,) = (settings.STATIC_ROOT / "js").glob("one.*.js")
    (two,) = (settings.STATIC_ROOT / "js").glob("two.*.js")
    assert one.read_text() == "export const one = 1;\n"
    assert two.read_text() == f'import {{ one }} from "./{one.name}";\none;\n'
