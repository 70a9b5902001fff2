"""The checks of sql/checks as values: what each finds, what it needs, and the page of all. Pure.

A check is one file with one SELECT below a header of comments. The header begins with "Finds", and
goes on with Level, Why and, where they apply, Settings and Needs.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from dsvault.errors import DsvaultError
from dsvault.paths import project_root

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

LEVELS = ("error", "warning", "info")
UNSEEN = "unseen"  # the level of a row that tells what the login may not see
_FILE = re.compile(r"(\d{4})_(\w+)\.sql")
_FIELD = re.compile(r"(Level|Settings|Needs|Why):\s+(.*)")
_SETTING = re.compile(r"(\w+) = ([^,]+)")


class CheckFileError(DsvaultError):
    """A file of sql/checks is not as a check has to be."""


class UnknownCheckError(DsvaultError):
    """There is no such check."""


@dataclass(frozen=True, slots=True)
class Check:
    """One question to the catalog. `settings` are its thresholds, by name, with their defaults."""

    code: str
    name: str
    finds: str
    level: str
    why: str
    needs: str
    settings: tuple[tuple[str, str], ...]
    sql: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One row of a check. `key` names it for ever, so that it can be ignored."""

    code: str
    level: str
    object: str
    detail: str
    remedy: str
    key: str

    def as_json(self) -> dict[str, str]:
        """Return it as one JSON object."""
        return asdict(self)


# It compares with a file, so it is no SELECT; the code reads the catalog itself.
MATRIX = Check(
    code="C0100",
    name="policy_matrix",
    finds="policies, grants and roles that are not as the declared matrix says.",
    level="error",
    why="sql/policies/matrix.toml is the one declaration of who may do what; whatever else the "
    "database says is a hole or a mistake.",
    needs="",
    settings=(),
    sql="",
)


def checks_folder() -> Path:
    """Return the folder of the checks."""
    return project_root() / "sql" / "checks"


def read_checks(folder: Path) -> tuple[Check, ...]:
    """Return the checks of a folder in the order of their numbers, and the matrix last.

    :raises CheckFileError: a file has no such name or header.
    """
    files = sorted(folder.glob("*.sql"))
    return (*(_read(path) for path in files), MATRIX)


def _read(path: Path) -> Check:
    match = _FILE.fullmatch(path.name)
    if match is None:
        raise CheckFileError(f"{path}: expected a name such as 0001_what_it_finds.sql")
    sql = path.read_text(encoding="utf-8")
    header = _header(sql)
    if not header.get("Finds") or header.get("Level") not in LEVELS or not header.get("Why"):
        raise CheckFileError(
            f"{path}: the header is not complete",
            hint='Begin with "-- Finds …", then Level (error, warning or info) and Why.',
        )
    return Check(
        code=f"C{match[1]}",
        name=match[2],
        finds=header["Finds"],
        level=header["Level"],
        why=header["Why"],
        needs=header.get("Needs", ""),
        settings=tuple(
            (name, default.strip())
            for name, default in _SETTING.findall(header.get("Settings", ""))
        ),
        sql=sql,
    )


def _header(sql: str) -> dict[str, str]:
    """Return the fields of the comments at the beginning; a field goes on over several lines."""
    fields: dict[str, str] = {}
    current = ""
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        text = line[2:].strip()
        match = _FIELD.match(text)
        if text.startswith("Finds "):
            current, fields["Finds"] = "Finds", text.removeprefix("Finds ")
        elif match:
            current, fields[match[1]] = match[1], match[2]
        elif text and current:
            fields[current] += f" {text}"
        else:
            current = ""
    return fields


def choose(
    checks: Sequence[Check], select: Collection[str], ignore: Collection[str]
) -> tuple[Check, ...]:
    """Return the checks that are meant, by code or name; without select, all but the ignored.

    What is ignored may also be the key of one finding, which begins with a code.

    :raises UnknownCheckError: a word names no check.
    """
    known = {word for check in checks for word in (check.code, check.name)}
    for word in (*select, *ignore):
        if word not in known and not (word in ignore and word.split(" ")[0] in known):
            raise UnknownCheckError(
                f"There is no check {word}",
                hint="Name a code such as C0001 or a name, as in sql/checks/README.md.",
            )
    return tuple(
        check
        for check in checks
        if (not select or check.code in select or check.name in select)
        and check.code not in ignore
        and check.name not in ignore
    )


_PAGE_HEAD = """\
# sql/checks/: questions to a live database

One file, one SELECT, one question to the catalog. No rows means healthy. `dsvault doctor` runs
all of them and this page is generated by `dsvault snapshot` from their first lines.

```sh
dsvault doctor                                # exit 1 if there is an error or a warning
dsvault doctor --level info                   # the less urgent ones too
dsvault doctor --select C0041 --select C0042   # by code or name
dsvault doctor --ignore 'C0035 …'             # by code, name, or the key of one finding
dsvault doctor --set partition_days=60        # another threshold
dsvault doctor --format sarif > doctor.sarif  # for code hosts; github prints workflow commands
dsvault doctor --sql > remedies.sql           # what to do, to read before it is run
PGOPTIONS='-c row_security=off' psql -X -f sql/checks/0001_table_without_rls.sql
```

All return the same columns: `code`, `level`, `object`, `detail`, `remedy` (SQL that is ready but
for `…`, or a comment where SQL cannot do it) and `key`, which names the finding for ever. They
read `pg_catalog` alone, except `C0090` and later, which look into the vault's tables. Partitioned
parents are looked at, and what extensions bring is left out where nobody could change it;
Sqitch's registry is left out of questions of taste.

Any login may run them. What a login may not see is said: by a row of level `unseen`, or, with
`row_security = off`, by an error where rows would have been hidden; `dsvault doctor` lists both
as not seen, never as healthy.

A freshly deployed vault is silent at every level, but for what its server brings: `C0029` and
`C0070` to `C0082` ask about the server, and a test server that trades safety for speed is told
so.

Thresholds are settings that a session may make: `SET doctor.partition_days = 60` before a check,
or `--set`.

To add one: the next free number of its chapter, a header with Finds, Level and Why, the six
columns, `ORDER BY` whatever makes the order stable, a bad and a good case in
`tests/checks/cases_of_….py`, then `dsvault snapshot`.
"""
_CHAPTERS = (
    ("C0001", "Isolation: row security, grants, functions, roles"),
    ("C0040", "Shape: keys, indexes, sequences, partitions, comments"),
    ("C0070", "The server: transactions, settings, version"),
    ("C0090", "The vault's own rows and its matrix"),
)


def page(checks: Sequence[Check]) -> str:
    """Return the page of all checks."""
    parts = [_PAGE_HEAD]
    starts = dict(_CHAPTERS)
    for check in checks:
        if check.code in starts:
            parts.append(f"\n## {starts[check.code]}\n")
        parts.append(_entry(check))
    return "".join(parts)


def _entry(check: Check) -> str:
    lines = [f"\n### {check.code} {check.name}\n", f"{check.level}: finds {check.finds}", check.why]
    if check.settings:
        shown = ", ".join(f"`doctor.{name}` ({default})" for name, default in check.settings)
        lines.append(f"Settings: {shown}.")
    if check.needs:
        lines.append(f"Needs {check.needs}.")
    return "\n".join(lines) + "\n"
