"""Which settings hold: files in their order, the environment, and what a person overrides."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

import pytest

from dsvault.config import Config, ConfigError, Person, current_person

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def places(tmp_path: Path) -> dict[str, str]:
    """Return an environment in which nothing of this machine is read."""
    for name in ("home", "work"):
        (tmp_path / name).mkdir()
    return {"HOME": str(tmp_path / "home"), "SQITCH_SYSTEM_CONFIG": str(tmp_path / "system.conf")}


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def _load(tmp_path: Path, places: dict[str, str]) -> Config:
    return Config.load(tmp_path / "work", places)


def test_no_file_means_no_settings(tmp_path: Path, places: dict[str, str]) -> None:
    config = _load(tmp_path, places)
    assert (dict(config.settings), config.files, config.local_file) == ({}, (), None)
    assert config.get("core.engine") is None
    assert config.get_bool("deploy.verify") is None


def test_project_wins_over_user_and_user_over_system(
    tmp_path: Path, places: dict[str, str]
) -> None:
    _write(tmp_path / "system.conf", "[a]\nx = system\ny = system\nz = system\n")
    _write(tmp_path / "home/.sqitch/sqitch.conf", "[a]\nx = user\ny = user\n")
    _write(tmp_path / "work/sqitch.conf", "[a]\nx = project\n")
    config = _load(tmp_path, places)
    assert [config.get(f"a.{key}") for key in "xyz"] == ["project", "user", "system"]
    assert config.local_file == tmp_path / "work/sqitch.conf"
    assert len(config.files) == 3


@pytest.mark.parametrize("name", ["SQITCH_USER_CONFIG", "SQITCH_CONFIG", "SQITCH_SYSTEM_CONFIG"])
def test_environment_names_other_files(tmp_path: Path, places: dict[str, str], name: str) -> None:
    _write(tmp_path / "other.conf", "[a]\nx = other\n")
    config = _load(tmp_path, places | {name: str(tmp_path / "other.conf")})
    assert config.get("a.x") == "other"


def test_project_file_is_looked_for_in_parents(tmp_path: Path, places: dict[str, str]) -> None:
    _write(tmp_path / "sqitch.conf", "[a]\nx = above\n")
    assert _load(tmp_path, places).get("a.x") == "above"
    _write(tmp_path / "work/sqitch.conf", "[a]\ny = here\n")
    assert _load(tmp_path, places).get("a.x") is None


def test_repeated_name_is_a_list_and_no_scalar(tmp_path: Path, places: dict[str, str]) -> None:
    _write(tmp_path / "work/sqitch.conf", "[a]\nx = 1\nx = 2\n")
    config = _load(tmp_path, places)
    assert config.get_all("a.x") == ("1", "2")
    with pytest.raises(ConfigError, match="Multiple values"):
        config.get("a.x")


def test_later_file_replaces_a_list(tmp_path: Path, places: dict[str, str]) -> None:
    _write(tmp_path / "system.conf", "[a]\nx = 1\nx = 2\n")
    _write(tmp_path / "work/sqitch.conf", "[a]\nx = 3\n")
    assert _load(tmp_path, places).get_all("a.x") == ("3",)


def test_section_and_name_have_no_case_but_the_subsection_has(
    tmp_path: Path, places: dict[str, str]
) -> None:
    _write(tmp_path / "work/sqitch.conf", '[Target "Prod"]\nURI = x\n')
    config = _load(tmp_path, places)
    assert config.get("TARGET.Prod.uri") == "x"
    assert config.get("target.prod.uri") is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *[(text, True) for text in ("x", "x = true", "x = YES", "x = on", "x = 01", "x = -1")],
        *[(text, False) for text in ("x = false", "x = No", "x = off", "x = 0", "x =")],
    ],
)
def test_truth_is_written_in_many_ways(
    tmp_path: Path, places: dict[str, str], text: str, *, value: bool
) -> None:
    _write(tmp_path / "work/sqitch.conf", f"[a]\n{text}\n")
    assert _load(tmp_path, places).get_bool("a.x") is value


def test_neither_true_nor_false_is_refused(tmp_path: Path, places: dict[str, str]) -> None:
    _write(tmp_path / "work/sqitch.conf", "[a]\nx = perhaps\n")
    with pytest.raises(ConfigError, match="Invalid bool 'perhaps'"):
        _load(tmp_path, places).get_bool("a.x")


def test_section_gives_names_as_written(tmp_path: Path, places: dict[str, str]) -> None:
    text = '[target "p"]\nuri = u\n[target "p.variables"]\nMyVar = 1\nother = 2\n'
    _write(tmp_path / "work/sqitch.conf", text)
    config = _load(tmp_path, places)
    assert config.section("target.p") == {"uri": "u"}
    assert config.section("TARGET.p.variables") == {"MyVar": "1", "other": "2"}
    assert config.section("target") == {}


def test_variables_of_the_target_win_last(tmp_path: Path, places: dict[str, str]) -> None:
    sections = ["core", "deploy", "verify", 'engine "pg"', 'target "t"']
    text = ""
    for number, section in enumerate(sections):
        head, _, sub = section.partition(" ")
        name = f'{head} "{sub.strip(chr(34))}.variables"' if sub else f'{head} "variables"'
        text += f"[{name}]\n" + "".join(f"v{i} = {section}\n" for i in range(number, 5))
    _write(tmp_path / "work/sqitch.conf", text)
    config = _load(tmp_path, places)
    by_target = {"v0": "core", "v1": "deploy", "v2": "verify", "v3": "engine pg", "v4": "target t"}
    assert config.variables("verify", target="t") == by_target
    assert config.variables("verify")["v4"] == "engine pg"
    assert config.variables("deploy")["v2"] == "deploy"


def test_file_may_include_others(tmp_path: Path, places: dict[str, str]) -> None:
    _write(tmp_path / "work/sqitch.conf", "[a]\nx = 1\n[include]\npath = more.conf\n")
    _write(tmp_path / "work/more.conf", "[a]\ny = 2\n")
    assert _load(tmp_path, places).get("a.y") == "2"


def test_circle_of_includes_is_refused(tmp_path: Path, places: dict[str, str]) -> None:
    _write(tmp_path / "work/sqitch.conf", "[include]\npath = sqitch.conf\n")
    with pytest.raises(ConfigError, match="files deep"):
        _load(tmp_path, places)


def test_file_that_is_not_utf_8_is_refused(tmp_path: Path, places: dict[str, str]) -> None:
    (tmp_path / "work/sqitch.conf").write_bytes(b"[a]\nx = \xff\n")
    with pytest.raises(ConfigError, match="is not UTF-8"):
        _load(tmp_path, places)


def test_person_comes_from_the_environment_first(tmp_path: Path, places: dict[str, str]) -> None:
    _write(tmp_path / "work/sqitch.conf", "[user]\nname = Con Fig\nemail = c@x\n")
    config = _load(tmp_path, places)
    environment = {"SQITCH_ORIG_FULLNAME": "Or Ig", "SQITCH_ORIG_EMAIL": "o@x"}
    assert current_person(config, environment) == Person("Con Fig", "c@x")
    assert current_person(Config({}), environment) == Person("Or Ig", "o@x")
    environment |= {"SQITCH_FULLNAME": "En V", "SQITCH_EMAIL": "e@x"}
    assert str(current_person(config, environment)) == "En V <e@x>"


def test_person_without_settings_is_the_account() -> None:
    person = current_person(Config({}), {"SQITCH_ORIG_SYSUSER": "nobody-here"})
    assert person == Person("nobody-here", f"nobody-here@{socket.gethostname()}")
    assert current_person(Config({}), {}).name


def test_account_without_a_name_still_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 3_999_999_999)
    assert current_person(Config({}), {}).name == "uid3999999999"
    assert current_person(Config({}), {"USER": "ada"}).name == "ada"


@pytest.mark.parametrize(
    ("name", "email", "fault"),
    [("A <b", "a@x", "User name"), ("[A", "a@x", "User name"), ("A", "a>b", "User email")],
)
def test_person_that_a_plan_could_not_hold_is_refused(name: str, email: str, fault: str) -> None:
    with pytest.raises(ConfigError, match=f"{fault} may not contain"):
        current_person(Config({}), {"SQITCH_FULLNAME": name, "SQITCH_EMAIL": email})
