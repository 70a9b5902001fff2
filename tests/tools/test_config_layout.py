"""Where a project's files are: by target, engine and core settings, and which project is meant."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dsvault.config import Config, Layout, find_layout
from dsvault.config.syntax import parse_settings
from dsvault.paths import project_root

if TYPE_CHECKING:
    from collections.abc import Iterator


def _config(text: str) -> Config:
    return Config({setting.key: (setting,) for setting in parse_settings(text, "sqitch.conf")})


def test_defaults_are_those_of_sqitch() -> None:
    assert Layout.of(_config("")) == Layout(
        top_dir=Path(),
        plan_file=Path("sqitch.plan"),
        deploy_dir=Path("deploy"),
        revert_dir=Path("revert"),
        verify_dir=Path("verify"),
        reworked_deploy_dir=Path("deploy"),
        reworked_revert_dir=Path("revert"),
        reworked_verify_dir=Path("verify"),
        extension="sql",
        registry="sqitch",
        client="psql",
    )


def test_everything_follows_the_top_folder() -> None:
    layout = Layout.of(_config("[core]\ntop_dir = db\n"))
    assert layout.plan_file == Path("db/sqitch.plan")
    assert layout.deploy_dir == layout.reworked_deploy_dir == Path("db/deploy")


def test_reworked_folder_moves_the_three_below_it() -> None:
    layout = Layout.of(_config("[core]\nreworked_dir = old\nreworked_verify_dir = v\n"))
    assert layout.reworked_deploy_dir == Path("old/deploy")
    assert layout.reworked_revert_dir == Path("old/revert")
    assert layout.reworked_verify_dir == Path("v")
    assert layout.verify_dir == Path("verify")


def test_reworked_scripts_do_not_follow_a_moved_deploy_folder() -> None:
    layout = Layout.of(_config("[core]\ndeploy_dir = up\n"))
    assert (layout.deploy_dir, layout.reworked_deploy_dir) == (Path("up"), Path("deploy"))


def test_target_wins_over_engine_and_engine_over_core() -> None:
    text = (
        "[core]\nregistry = c\nextension = c\nplan_file = c\n"
        '[engine "pg"]\nregistry = e\nextension = e\n[target "t"]\nregistry = t\n'
    )
    layout = Layout.of(_config(text), target="t")
    assert (layout.registry, layout.extension, layout.plan_file) == ("t", "e", Path("c"))
    assert Layout.of(_config(text)).registry == "e"
    assert Layout.of(_config(text), engine="sqlite").registry == "c"


def test_options_win_over_settings() -> None:
    layout = Layout.of(_config("[core]\nplan_file = c\n"), overrides={"plan_file": "o"})
    assert layout.plan_file == Path("o")


@pytest.mark.parametrize("value", ["", " 0"])
def test_false_value_counts_as_not_set(value: str) -> None:
    text = f'[engine "pg"]\nregistry ={value}\n[core]\nregistry = c\n'
    assert Layout.of(_config(text)).registry == "c"


def test_paths_are_below_a_base_but_absolute_ones_stay() -> None:
    config = _config("[core]\ndeploy_dir = up\nrevert_dir = /down\n")
    layout = Layout.of(config, base=Path("/base"))
    assert layout.deploy_dir == Path("/base/up")
    assert layout.revert_dir == Path("/down")
    assert layout.plan_file == Path("/base/sqitch.plan")


@pytest.fixture
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Stand in a folder without a project, with nothing of this machine's settings."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SQITCH_SYSTEM_CONFIG", str(tmp_path / "none.conf"))
    for name in ("SQITCH_USER_CONFIG", "SQITCH_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.mark.usefixtures("empty_folder")
def test_without_a_project_at_hand_it_is_this_one() -> None:
    config, layout = find_layout()
    assert layout.plan_file == project_root() / "sqitch.plan"
    assert layout.deploy_dir == project_root() / "deploy"
    assert config.local_file == project_root() / "sqitch.conf"


def test_plan_of_the_working_folder_is_meant(empty_folder: Path) -> None:
    (empty_folder / "sqitch.plan").touch()
    assert find_layout()[1].plan_file == Path("sqitch.plan")


def test_configured_plan_of_the_working_folder_is_meant(empty_folder: Path) -> None:
    (empty_folder / "sqitch.conf").write_text("[core]\nplan_file = db/my.plan\n")
    config, layout = find_layout()
    assert layout.plan_file == Path("db/my.plan")
    assert config.local_file == empty_folder / "sqitch.conf"


def test_other_project_is_not_left_for_this_one_in_its_subfolders(empty_folder: Path) -> None:
    (empty_folder.parent / "sqitch.conf").write_text("[core]\nengine = pg\n")
    assert find_layout()[1].plan_file == Path("sqitch.plan")


def test_named_plan_is_meant_whatever_is_there(empty_folder: Path) -> None:
    (empty_folder / "sqitch.plan").touch()
    _, layout = find_layout(plan_file=Path("x/other.plan"))
    assert layout.plan_file == Path("x/other.plan")
    assert layout.deploy_dir == Path("deploy")


def test_other_folder_can_stand_for_the_working_folder(empty_folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "sqitch.plan").touch()
    assert find_layout(cwd=elsewhere)[1].plan_file == elsewhere / "sqitch.plan"
    assert find_layout(cwd=empty_folder)[1].plan_file == project_root() / "sqitch.plan"
