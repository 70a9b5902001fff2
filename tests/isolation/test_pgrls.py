"""An independent linter of row-level security agrees, but for the exceptions that are listed.

pgrls pins another pglast than ours, so it lives in an environment of its own: DSVAULT_PGRLS names
the program. `.ci/run pgrls` makes one from .ci/pgrls.txt and runs this.
"""

from __future__ import annotations

import json
import os
import subprocess
import tomllib
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

import pytest

from dsvault.paths import project_root

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.support.database import Database

EXCEPTIONS = project_root() / "sql" / "policies" / "pgrls.toml"
SCHEMAS = "dsvault,dsvault_private,dsvault_facts"
LOWEST = "info"


class Finding(NamedTuple):
    rule: str
    object: str
    words: str = ""


class Exempt(NamedTuple):
    """An exception: a rule, and one pattern of the objects that it is about."""

    rule: str
    pattern: str

    def covers(self, finding: Finding) -> bool:
        return finding.rule == self.rule and fnmatchcase(finding.object, self.pattern)


def exceptions() -> list[Exempt]:
    """Return the exceptions; each has a reason."""
    entries = tomllib.loads(EXCEPTIONS.read_text(encoding="utf-8"))["exception"]
    assert all(len(entry["reason"].split()) > 5 for entry in entries)
    return [Exempt(entry["rule"], pattern) for entry in entries for pattern in entry["objects"]]


def lint(url: str) -> list[Finding]:
    """Run pgrls on a database; return what it finds above its lowest level."""
    done = subprocess.run(
        [os.environ["DSVAULT_PGRLS"], "lint", "--schemas", SCHEMAS, "--format", "json"],
        env=os.environ | {"DATABASE_URL": url},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("{"), done.stderr
    return [
        Finding(found["rule_id"], found["location"], found["message"])
        for found in json.loads(done.stdout)["violations"]
        # Roles belong to the server, where other tests have theirs.
        if found["severity"] != LOWEST and "." in found["location"]
    ]


def unlisted(found: Sequence[Finding], listed: Sequence[Exempt]) -> list[Finding]:
    return [finding for finding in found if not any(entry.covers(finding) for entry in listed)]


def stale(found: Sequence[Finding], listed: Sequence[Exempt]) -> list[Exempt]:
    return [entry for entry in listed if not any(map(entry.covers, found))]


@pytest.mark.pgrls
def test_pgrls_finds_nothing_but_what_is_listed_with_its_reason(vault: Database) -> None:
    found = lint(vault.superuser_url)
    assert unlisted(found, exceptions()) == []
    assert stale(found, exceptions()) == []


@pytest.mark.pgrls
def test_pgrls_finds_a_fault_that_is_planted(vault: Database) -> None:
    with vault.connect(superuser=True, autocommit=True) as conn:
        conn.execute("ALTER TABLE dsvault.tokens DISABLE ROW LEVEL SECURITY")
        conn.execute("CREATE POLICY open ON dsvault.schemas FOR SELECT TO dsvault_app USING (true)")
    rules = {
        (found.rule, found.object) for found in unlisted(lint(vault.superuser_url), exceptions())
    }
    assert ("SEC032", "dsvault.tokens") in rules
    assert ("SEC008", "dsvault.schemas.open") in rules


def test_an_exception_that_finds_nothing_any_more_is_stale() -> None:
    listed = [Exempt("SEC001", "dsvault.old"), Exempt("SEC009", "dsvault.records_p*")]
    found = [Finding("SEC009", "dsvault.records_p3"), Finding("SEC001", "dsvault.new")]
    assert stale(found, listed) == [Exempt("SEC001", "dsvault.old")]
    assert unlisted(found, listed) == [Finding("SEC001", "dsvault.new")]


def test_exceptions_are_listed_once() -> None:
    listed = exceptions()
    assert len(set(listed)) == len(listed) > 5
