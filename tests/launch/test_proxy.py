"""What the proxy that comes with the system writes of a request, by its own expressions."""

import re

import pytest
from django.conf import settings

from tests.test_house import ROOT

CONF = (ROOT / "launch" / "nginx.conf").read_text("utf-8")


def written(variable: str, value: str, **known: str) -> str:
    """What the `map` to a variable makes of a value, as nginx does: the first that fits."""
    body = re.search(rf"map \$\w+ \${variable} {{\n(.*?)\n}}", CONF, re.S)
    assert body is not None
    rules = dict(re.findall(r"^\s+(\S+) (\S+);$", body[1], re.M))
    result, names = rules.pop("default"), known
    for condition, made in rules.items():
        found = re.search(condition[2:-1].replace("(?<", "(?P<"), value)
        if found is not None:
            result, names = made, known | found.groupdict()
            break
    return names[result[1:]] if result.startswith("$") else result.strip('"')


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("/", "/"),
        ("/ks/ha-tien/", "/ks/ha-tien/"),
        ("/ks/ha-tien/?quay=3", "/ks/ha-tien/"),
        ("/ks/ha-tien?quay=3", "/ks/ha-tien"),
        ("/ks/ha-tien/counter/?thu-tuc=1.001193&gd=tu-choi", "/ks/ha-tien/"),
        ("/ks/ha-tien/phieu.json?form=a.1", "/ks/ha-tien/"),
        ("/ks/giao/", "/ks/giao/"),
        ("/ks/phan-hoi/ABCDE-FG", "/ks/phan-hoi/"),
        ("/m/AbC-12/", "/m/"),
        ("/m/AbC-12/?quay=3", "/m/"),
        ("/lien-ket/AbC/tiep/", "/lien-ket/"),
        ("/bao-cao/co-quan/?tim=nguyen", "/bao-cao/"),
        ("/healthz", "/healthz"),
        ("/?q=/ks/a/", "/"),
    ],
)
def test_a_line_has_neither_query_nor_what_stands_behind_an_office(asked: str, kept: str) -> None:
    assert written("hailong_asked", asked) == kept


@pytest.mark.parametrize("asked", ["/", "/?a", "/ks/", "/ks/ha-tien/?quay=3", "/m/AbC/", "/ks"])
def test_nobody_who_answers_has_an_address(asked: str) -> None:
    assert written("hailong_who", asked, remote_addr="198.51.100.7") == "-"


@pytest.mark.parametrize("asked", ["/bao-cao/", "/dang-nhap/", "/quan-tri/", "/api/loi-moi"])
def test_whoever_signs_in_has_one(asked: str) -> None:
    assert written("hailong_who", asked, remote_addr="198.51.100.7") == "198.51.100.7"


def test_a_line_has_the_hour_and_nothing_that_was_not_looked_at() -> None:
    assert written("hailong_hour", "2026-11-29T15:06:46+07:00") == "2026-11-29T15"
    said = re.search(r"log_format hailong '(.*)';", CONF)
    assert said is not None
    assert set(re.findall(r"\$(\w+)", said[1])) == {
        *("hailong_hour", "hailong_who", "hailong_asked", "request_method", "status")
    }
    assert re.findall(r"access_log \S+ (\w+);", CONF) == ["hailong"]
    assert re.findall(r"error_log \S+ (\w+);", CONF) == ["crit"]


def test_the_paths_are_those_of_the_system() -> None:
    assert (settings.CITIZENS_PATH, settings.INVITATIONS_PATH) == ("/ks/", "/m/")
