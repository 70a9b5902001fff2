"""`dsvault plan`: the words of `sqitch plan`, IDs for programs, JSON, refusals."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from tests.support.sqitch import Sqitch

    Run: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]

ROOT = Path(__file__).parents[2]
PLAN = r"""%syntax-version=1.0.0
%project=vault
%uri=https://Example.org/

a 2024-01-05T03:04:05Z Ada <ada@x.org> # first\nsecond\n\nthird
b [!c x:y a] 2024-11-15T13:04:05Z Ada <ada@x.org>
@v1 2024-01-01T00:00:00Z Bob <bob@x.org> # One.
@v2 2024-01-01T00:00:00Z Bob <bob@x.org>
-a [a@v1] 2024-01-01T00:00:00Z Eve <eve@x.org> # rework
"""
# As real Sqitch 1.3.1 computes them.
IDS = [
    "b1a1a69a9e77f537734b313ea6cd62d9e7c36b9b",
    "00d194edd3eccaf4ba5b5b41aedc4b4354b949a4",
    "8380b98f9fbbef830debae266fe6f4aae00d04de",
]
TAG_ID = "be4efbd3b922d798f05ca463312248a99ca8d7f7"
HEADERS = "# Project: vault\n# File:    sqitch.plan\n\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sqitch.plan").write_text(PLAN)
    (tmp_path / "sqitch.conf").write_text("[core]\nengine = pg\n")
    return tmp_path


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT / "tools"),
        "PYTHONWARNINGS": "error",
        "HOME": str(tmp_path),
        "LC_ALL": "C",
        "TZ": "Europe/Berlin",
        "SQITCH_SYSTEM_CONFIG": "/dev/null",
    }


@pytest.fixture
def plan(folder: Path, environment: dict[str, str]) -> Run:
    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "dsvault", "plan", *arguments],
            cwd=folder,
            env=environment | variables,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    return run


def test_plan_is_shown_in_sqitchs_words(plan: Run) -> None:
    shown = plan("-n", "1")
    assert shown.returncode == 0
    assert shown.stdout == (
        f"{HEADERS}Deploy {IDS[0]}\nName:      a\nPlanner:   Ada <ada@x.org>\n"
        "Date:      2024-01-05 04:04:05 +0100\n\n    first\n    second\n    \n    third\n\n"
    )


def test_one_line_for_each_change(plan: Run) -> None:
    assert plan("--oneline").stdout == (
        f"{HEADERS}{IDS[0][:6]} deploy a\n{IDS[1][:6]} deploy b @v1, @v2\n{IDS[2][:6]} revert a\n"
    )


# Everything here ran through real Sqitch too; the last test of this page proves it.
LIKE_SQITCH = [
    *[("--format", name) for name in ("raw", "full", "long", "medium", "short", "oneline")],
    ("-f", "raw"),
    ("-f", "format:%n", "--no-headers", "pg"),
    ("--date", "long"),
    ("--date", "cldr:G GGGG GGGGG y yy yyy yyyyy Y YYYY u uuuuu q qq qqq qqqq Q QQQ QQQQ"),
    ("--date", "cldr:M MM MMM MMMM MMMMM L LL LLL LLLL d dd D DDD F E EEE EEEE EEEEE e ee eee c"),
    ("--date", "cldr:a h hh H HH K KK k kk m mm s ss S SSS A z Z v V 'o''clock' '' jJ eeee ww w W"),
    ("--format", "format:%{d:cldr:EEEE, d MMMM y 'at' HH:mm}p"),
    ("--date", "strftime:%A %d %B %Y %H:%M %z"),
    (
        "--format",
        "format:%{d:raw}p|%{d:iso8601}p|%{d:rfc}p|%{d:full}p|%{d:medium}p|%{date:short}p|%{d}p",
    ),
    ("--color", "always"),
    ("--color", "always", "--format", "format:%{bold red on_blue}C%n%{bright_green}C%{reset}C"),
    ("--format", "format:%e|%L|%l|%H|%h|%{4}h|%n|%o|%p|%{name}p|%{e}p|%{d:raw}p|%{nope}p|%v%%"),
    ("--format", "format:%t|%{;}t|%T|%{ }T|%s|%{> }s|%b|%{> }b|%B|%{> }B|%r|%{;}r|%R|%x|%{;}x|%X"),
    ("--format", "format:%{requires}a%{conflicts}a%{tags}a%{change_id}a%{planned_at}a%{note}a"),
    ("--format", "format:%-8n|%8n|%.2n|%5.3H|%-5.3H|%  x|%"),
    ("--format", "format:%{planner}_%{conflicts}_%{by}_"),
    ("--reverse", "--skip", "1", "--oneline"),
    ("--skip", "1", "-n", "1", "--no-headers", "--abbrev", "9"),
    ("--skip", "9"),
    ("--event", "Revert", "--oneline"),
    ("--change", "^b", "--planner", "Eve", "--oneline"),
    ("--planner", "nobody"),
]


@pytest.mark.sqitch("1.3")
@pytest.mark.parametrize("arguments", LIKE_SQITCH, ids=" ".join)
def test_output_is_that_of_sqitch(
    plan: Run,
    real_sqitch: Sqitch,
    folder: Path,
    environment: dict[str, str],
    arguments: tuple[str, ...],
) -> None:
    ours = plan(*arguments)
    theirs = real_sqitch.run(folder, "plan", *arguments, variables=environment)
    assert (ours.returncode, ours.stdout) == (theirs.code, theirs.out)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--format", "nope"), ("--format", "format:%q"), ("--format", "format:%_"),
        ("--format", "format:%{nope}_"), ("--format", "format:%{nope}a"), ("--format", "format:%a"),
        ("--format", "format:%C"), ("--format", "format:%{nope}C"), ("--format", "format:%c"),
        ("--date", "nope"), ("--event", "fail"), ("--change", "["),
        ("--planner", "("), ("-n", "x"), ("--abbrev", "41"), ("--color", "sometimes"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_is_refused(plan: Run, arguments: tuple[str, ...]) -> None:
    refused = plan(*arguments)
    assert refused.returncode == 2
    assert refused.stderr
    assert "Traceback" not in refused.stderr


def test_ids_are_one_line_for_each_change(plan: Run) -> None:
    shown = plan("--ids")
    assert shown.returncode == 0
    assert shown.stdout == "".join(
        f"{change_id} {name}\n" for change_id, name in zip(IDS, "aba", strict=True)
    )


def test_ids_of_any_plan_file_need_neither_project_nor_database(
    plan: Run, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "x.plan"
    (folder / "sqitch.plan").rename(elsewhere)
    for option in ("--plan-file", "-f"):
        shown = plan("--ids", option, str(elsewhere), PGHOST="/nowhere", DATABASE_URL="nonsense:")
        assert shown.returncode == 0
        assert shown.stdout.split()[::2] == IDS


def test_names_beyond_ascii_are_utf_8_in_any_locale(plan: Run, folder: Path) -> None:
    text = "%project=p\n\n日本é 2024-01-01T00:00:00Z Ada <a@x>\n"
    (folder / "sqitch.plan").write_bytes(text.encode())
    for encoding in ("ascii", "latin-1"):
        shown = plan("--ids", PYTHONIOENCODING=encoding)
        assert shown.stdout.endswith(" 日本é\n")
        assert "日本é" in plan(PYTHONIOENCODING=encoding).stdout


def test_plan_that_sqitch_refuses_exits_2_with_file_and_line(plan: Run, folder: Path) -> None:
    (folder / "bad.plan").write_text(PLAN.replace("[!c x:y a]", "[!c x:y d]"))
    refused = plan("--ids", "-f", "bad.plan")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.splitlines() == [
        "Dependency error detected:",
        '  Unknown change "d" required by change "b"',
        "  found: bad.plan at line 6",
        "  do:    Require only changes and tags that stand earlier in the plan.",
    ]


def test_missing_plan_is_refused(plan: Run, folder: Path) -> None:
    (folder / "sqitch.plan").unlink()
    refused = plan()
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("Plan file sqitch.plan does not exist\n")


def test_plan_without_changes_exits_1_but_has_no_ids(plan: Run, folder: Path) -> None:
    (folder / "sqitch.plan").write_text("%project=p\n")
    empty = plan()
    assert (empty.returncode, empty.stdout) == (1, "No changes in sqitch.plan\n")
    ids = plan("--ids")
    assert (ids.returncode, ids.stdout) == (0, "")
    assert json.loads(plan("--json").stdout)["changes"] == []


def test_own_plan_is_shown_where_there_is_no_other(
    plan: Run, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for name in ("sqitch.plan", "sqitch.conf"):
        (folder / name).unlink()
    shown = plan("--ids")
    assert shown.returncode == 0
    assert shown.stdout == plan("--ids", "-f", str(ROOT / "sqitch.plan")).stdout
    assert len(shown.stdout.splitlines()) > 10


def test_target_decides_which_plan_it_is(plan: Run, folder: Path) -> None:
    (folder / "sqitch.conf").write_text('[target "t"]\nuri = db:pg:\nplan_file = t.plan\n')
    (folder / "t.plan").write_text(PLAN.replace("vault", "other"))
    assert plan("-t", "t").stdout.startswith("# Project: other\n# File:    t.plan\n")


def test_settings_of_plan_are_defaults(plan: Run, folder: Path) -> None:
    with (folder / "sqitch.conf").open("a") as config:
        config.write("[plan]\nformat = oneline\ndate_format = raw\ncolor = always\n")
    assert "\x1b[32m" in plan().stdout
    assert plan("--no-color", "--no-headers", "-n", "1").stdout == f"{IDS[0]} deploy a\n"
    with (folder / "sqitch.conf").open("a") as config:
        config.write("color = never\n")
    assert "Multiple values for plan.color" in plan().stderr
    dates = plan("--no-color", "--format", "format:%{date}p", "--no-headers", "-n", "1")
    assert dates.stdout == "2024-01-05T03:04:05Z\n"


def test_json_has_its_keys_for_ever(plan: Run) -> None:
    shown = json.loads(plan("--json").stdout)
    assert list(shown) == ["project", "uri", "file", "changes", "tags"]
    assert (shown["project"], shown["uri"]) == ("vault", "https://Example.org/")
    assert shown["changes"][1] == {
        "id": IDS[1],
        "name": "b",
        "tags": ["@v1", "@v2"],
        "requires": ["x:y", "a"],
        "conflicts": ["c"],
        "note": "",
        "planner": "Ada <ada@x.org>",
        "planner_name": "Ada",
        "planner_email": "ada@x.org",
        "planned_at": "2024-11-15T13:04:05Z",
        "parent_id": IDS[0],
        "event": "deploy",
        "is_reworked": False,
        "line": 6,
    }
    assert shown["changes"][0]["is_reworked"]
    assert [tag["name"] for tag in shown["tags"]] == ["@v1", "@v2"]
    assert shown["tags"][0] == {
        "id": TAG_ID,
        "name": "@v1",
        "change_id": IDS[1],
        "note": "One.",
        "planner": "Bob <bob@x.org>",
        "planned_at": "2024-01-01T00:00:00Z",
        "line": 7,
    }


def _with_controls(folder: Path) -> None:
    text = "%project=p\n\na\x1b[31mb 2024-01-01T00:00:00Z E\x07ve <a\x9b@x> # \x1b]0;t\x07 \u202e\n"
    (folder / "sqitch.plan").write_bytes(text.encode())


@pytest.mark.parametrize("arguments", [(), ("--oneline",), ("--json",), ("--format", "full")])
def test_escape_sequences_of_a_plan_are_shown_and_not_sent(
    plan: Run, folder: Path, arguments: tuple[str, ...]
) -> None:
    _with_controls(folder)
    shown = plan(*arguments)
    assert shown.returncode == 0
    assert not set("\x1b\x07\x9b\u202e") & set(shown.stdout)
    assert "31mb" in shown.stdout


def _on_a_terminal(folder: Path, environment: dict[str, str], *words: str) -> str:
    """Return what a command writes to a terminal, in at most 1,000 bytes."""
    master, slave = os.openpty()
    try:
        command = [sys.executable, "-m", "dsvault", *words]
        subprocess.run(command, cwd=folder, env=environment, stdout=slave, check=True)
        return os.read(master, 1000).decode()
    finally:
        os.close(master)
        os.close(slave)


def test_ids_give_a_program_the_name_as_it_is_and_a_terminal_not(
    plan: Run, folder: Path, environment: dict[str, str]
) -> None:
    _with_controls(folder)
    assert plan("--ids").stdout[41:] == "a\x1b[31mb\n"
    assert _on_a_terminal(folder, environment, "plan", "--ids")[41:] == "a\\x1b[31mb\r\n"


def test_no_color_takes_colours_from_a_terminal(folder: Path, environment: dict[str, str]) -> None:
    assert "\x1b[32m" in _on_a_terminal(folder, environment, "plan", "--oneline")
    environment["NO_COLOR"] = "1"
    assert "\x1b" not in _on_a_terminal(folder, environment, "plan", "--oneline")


def test_refusal_does_not_send_escape_sequences(plan: Run, folder: Path) -> None:
    (folder / "sqitch.plan").write_bytes(b"%project=p\x1b[31m!\n")
    refused = plan()
    assert refused.returncode == 2
    assert "\x1b" not in refused.stderr


def test_help_names_every_option(plan: Run) -> None:
    shown = plan("--help")
    assert shown.returncode == 0
    for option in ("--plan-file", "--ids", "--json", "--format", "--oneline", "--date-format"):
        assert option in shown.stdout
