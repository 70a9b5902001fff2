"""A message names what it is about, so that it can be read without the script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dsvault.lint.config import LintConfig
from dsvault.lint.output.github import as_github
from dsvault.lint.run import lint

if TYPE_CHECKING:
    from pathlib import Path

_BILLS = (
    "CREATE TABLE bill (id bigint PRIMARY KEY) PARTITION BY RANGE (id);\n"
    "CREATE TABLE bill_a PARTITION OF bill FOR VALUES FROM (0) TO (1000000);\n"
    "CREATE TABLE bill_b PARTITION OF bill FOR VALUES FROM (1000001) TO (2000000);\n"
)
NAMED = {
    "ALTER TABLE crm.a ADD g int GENERATED ALWAYS AS (1) STORED;": "computing g rewrites crm.a",
    "ALTER TABLE crm.a ADD COLUMN s bigserial;": "rewrites crm.a",
    "ALTER TABLE crm.a ADD CHECK (b > 0);": "all of crm.a is read",
    "ALTER TABLE crm.a ADD FOREIGN KEY (b) REFERENCES crm.o;": "writes to crm.a and to o wait",
    "ALTER TABLE crm.a ADD UNIQUE (b);": "all queries of crm.a wait",
    "ALTER TABLE crm.a ADD EXCLUDE (b WITH =);": "reads or writes crm.a",
    "CLUSTER crm.a;": "reads or writes crm.a",
    "CLUSTER;": "any table ever clustered",
    "DROP VIEW crm.v, w CASCADE;": "depends on crm.v, w,",
    "ALTER TABLE a DROP COLUMN z CASCADE;": "depends on z,",
    "DROP OWNED BY q CASCADE;": "depends on it,",
    "CREATE ROLE boss SUPERUSER;": "boss may do everything",
    "ALTER ROLE chief BYPASSRLS;": "does not bind chief",
    "GRANT SELECT, UPDATE ON crm.a, b TO PUBLIC;": "gets select, update on crm.a, b",
    "GRANT ALL ON crm.a TO PUBLIC;": "gets everything on crm.a",
    "GRANT USAGE ON SCHEMA x TO PUBLIC;": "gets it",
    _BILLS: "between 1000000 and 1000001",
}


@pytest.mark.parametrize(("script", "words"), NAMED.items())
def test_a_message_names_its_object(tmp_path: Path, script: str, words: str) -> None:
    path = tmp_path / "script.sql"
    path.write_text(script, encoding="utf-8")
    messages = [finding.message for finding in lint([path], LintConfig(select=("all",))).findings]
    assert any(words in message for message in messages), messages


def test_what_to_do_is_a_sentence_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "script.sql"
    path.write_text("DROP VIEW v CASCADE;", encoding="utf-8")
    assert "without naming it. Drop the dependants" in as_github(lint([path]))
