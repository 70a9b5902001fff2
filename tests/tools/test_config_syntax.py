"""sqitch.conf is read as Sqitch's own reader does."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from dsvault.config import ConfigError
from dsvault.config.syntax import parse_settings

if TYPE_CHECKING:
    from pathlib import Path

# text of a file -> its settings by key, as `sqitch config --list` of 1.3.1 shows them
FILES: dict[str, dict[str, str]] = {
    "": {},
    "\n\n# comment\n; comment\n   # indented\n": {},
    "[core]\n\tengine = pg\n": {"core.engine": "pg"},
    "[core]\nengine=pg\ntop_dir=sql": {"core.engine": "pg", "core.top_dir": "sql"},
    "[CORE]\nEngine = PG\n": {"core.engine": "PG"},
    '[target "Prod"]\nuri = db:pg:x\n': {"target.Prod.uri": "db:pg:x"},
    '[TARGET "Prod.variables"]\nA = 1\n': {"target.Prod.variables.a": "1"},
    "[engine.pg]\nclient = psql\n": {"engine.pg.client": "psql"},
    "[core] engine = pg\n": {"core.engine": "pg"},
    "[core]\na = x # comment\nb = x ; comment\nc = x#y\n": {
        "core.a": "x",
        "core.b": "x",
        "core.c": "x#y",
    },
    "[core]\na = one  two\t three\n": {"core.a": "one two three"},
    '[core]\na = "one  two" # c\n': {"core.a": "one  two"},
    '[core]\na = " x # y ; z "\n': {"core.a": " x # y ; z "},
    '[core]\na = x" y "z\n': {"core.a": "x y z"},
    '[core]\na = ""\n': {"core.a": ""},
    "[core]\na =\n": {"core.a": ""},
    "[core]\na = x \\\n  y\n": {"core.a": "x  y"},
    '[core]\na = "x\\\ny"\n': {"core.a": "xy"},
    r'[core]' "\n" r'a = a\\b\"c' "\n": {"core.a": r'a\b"c'},
    "[core]\na = tab\\tend\n": {"core.a": "tab\tend"},
    "[core]\r\nengine = pg\r\n": {"core.engine": "pg"},
    "[core]\na = é日\n": {"core.a": "é日"},
    "[a]\nx = 1\n[b]\nx = 2\n[a]\ny = 3\n": {"a.x": "1", "b.x": "2", "a.y": "3"},
    '[core "a\\"b"]\nx = 1\n': {'core.a"b.x': "1"},
    "[core]\nname with blanks = 1\n": {"core.name with blanks": "1"},
    "[core]\na = b = c\n": {"core.a": "b = c"},
    "[deploy]\nverify = true\nmode = all\n": {"deploy.verify": "true", "deploy.mode": "all"},
}  # fmt: skip
BROKEN = {
    "a = 1\n": 1,
    "[core\na = 1\n": 1,
    "[core]\n= 1\n": 2,
    '[core]\n\na = "open\n': 3,
    "[core]\na = x\\y\n": 2,
    '[core "a\\x"]\na = 1\n': 1,
    "[core]\nx\n[\n": 3,
    "[core]\n[x\ny = 1\n": 2,
}


def _settings(text: str) -> dict[str, str]:
    return {setting.key: setting.value or "" for setting in parse_settings(text, "sqitch.conf")}


@pytest.mark.parametrize("text", FILES)
def test_file_is_read(text: str) -> None:
    assert _settings(text) == FILES[text]


@pytest.mark.parametrize("text", BROKEN)
def test_broken_file_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(ConfigError, match=f"Error parsing sqitch.conf at line {BROKEN[text]}") as e:
        _settings(text)
    assert e.value.exit_code == 2
    assert e.value.hint


def test_name_without_a_value_is_kept_apart_from_an_empty_value() -> None:
    alone, empty = parse_settings("[core]\nx\ny =\n", "f")
    assert (alone.value, empty.value) == (None, "")


def test_name_keeps_its_letters_beside_the_key() -> None:
    (setting,) = parse_settings('[core "variables"]\nMyVar = 1\n', "f")
    assert (setting.name, setting.key) == ("MyVar", "core.variables.myvar")


# Reads files by Sqitch's class, prints the settings of each or what is wrong as a line of JSON.
_READ = """
use App::Sqitch::Config; use JSON::PP;
for my $name (@ARGV) {
    my $config = App::Sqitch::Config->new;
    my $found = eval { $config->data({}); $config->load_file($name); $config->data };
    print JSON::PP->new->ascii->encode($found || {error => $@}), "\\n";
}
"""


@pytest.mark.sqitch
def test_expected_settings_are_those_of_sqitch(tmp_path: Path) -> None:
    texts = [*FILES, *BROKEN]
    paths = [tmp_path / f"{number}.conf" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_bytes(text.encode())
    answer = subprocess.run(
        ["perl", "-e", _READ, *map(str, paths)], capture_output=True, text=True, check=True
    )
    found = [json.loads(line) for line in answer.stdout.splitlines()]
    read, refused = found[: len(FILES)], found[len(FILES) :]
    assert dict(zip(FILES, read, strict=True)) == FILES
    assert all(f"Error parsing {tmp_path}" in answer["error"] for answer in refused)
