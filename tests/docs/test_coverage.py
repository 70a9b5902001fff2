"""The page sql/design/coverage.md: fresh, complete, and impossible to make if something is lost."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from dsvault.coverage import (
    DOCUMENT,
    PAGE,
    RULINGS,
    CoverageError,
    Kind,
    Reading,
    Row,
    Status,
    build_catalog,
    generate,
    match,
    read_catalog,
    read_document,
    read_rows,
    read_rulings,
)
from dsvault.paths import project_root

if TYPE_CHECKING:
    from pathlib import Path

    from dsvault.coverage import Item

ROOT = project_root()


@pytest.fixture(scope="module")
def document() -> dict[str, Item]:
    return read_document((ROOT / DOCUMENT).read_text())


@pytest.fixture(scope="module")
def catalog() -> dict[str, Item]:
    return read_catalog(ROOT)


@pytest.fixture(scope="module")
def rulings() -> dict[str, Reading]:
    return read_rulings((ROOT / RULINGS).read_text())


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return read_rows(ROOT)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what the page is made from, to be spoiled."""
    shutil.copy(ROOT / "sqitch.plan", tmp_path)
    for folder in ("deploy", "sql/design"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text, f"{path} has changed: {old!r} is not in it"
    path.write_text(text.replace(old, new, 1))


def complaint(project: Path) -> str:
    with pytest.raises(CoverageError) as refused:
        generate(project)
    return str(refused.value.detail)


def test_the_page_is_what_the_generator_makes_now() -> None:
    assert (ROOT / PAGE).read_text() == generate(ROOT), "run `dsvault snapshot`"


def test_the_document_is_the_one_that_was_given() -> None:
    digest = hashlib.sha256((ROOT / DOCUMENT).read_bytes()).hexdigest()
    assert digest == "a930548771c422d28cf1a8d29bebd23a28a7acdf0e55db69c0e04d671a9a9a79"


def test_the_document_has_as_much_as_it_says_of_itself(document: dict[str, Item]) -> None:
    counted = Counter(item.kind for item in document.values())
    keys = [
        item
        for item in document.values()
        if item.kind is Kind.CONSTRAINT and item.text.startswith(("PRIMARY KEY", "UNIQUE"))
    ]
    assert counted[Kind.TABLE] == 12 + 1, "twelve tables, and sqlx's own"
    assert counted[Kind.INDEX] + len(keys) >= 60
    assert counted[Kind.CONSTRAINT] >= 40
    assert counted[Kind.FUNCTION] == 5


def test_every_statement_of_the_document_is_read(document: dict[str, Item]) -> None:
    text = (ROOT / DOCUMENT).read_text()
    names = {item.name.rpartition(".")[2] for item in document.values()}
    words = r"\b(?:TABLE|INDEX|FUNCTION|TRIGGER|POLICY|CONSTRAINT)(?: IF NOT EXISTS)? ([a-z_]\w*)"
    blocks = "\n".join(re.findall(r"^```sql\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    named = set(re.findall(words, re.sub(r"--.*", "", blocks)))
    assert len(named) > 120
    assert named - names == {"records_p"}, "the stem of the partitions that a loop makes"


def test_every_item_of_the_document_has_one_row_on_the_page(
    document: dict[str, Item], rows: list[Row]
) -> None:
    page = (ROOT / PAGE).read_text()
    assert [row.item.key for row in rows] == list(document)
    assert len(re.findall(r"^\|.*\| (?:same|corrected|covered|planned)\b", page, re.MULTILINE)) == (
        len(rows) + 1  # the head of the table of sums
    )


def test_every_line_number_of_the_document_is_right(document: dict[str, Item]) -> None:
    lines = (ROOT / DOCUMENT).read_text().splitlines()
    named = (Kind.COLUMN, Kind.INDEX, Kind.TABLE, Kind.FUNCTION, Kind.TRIGGER, Kind.POLICY)
    for item in document.values():
        for line in item.lines:
            if item.kind in named or (item.kind is Kind.CONSTRAINT and item.named):
                word = item.name.rpartition(".")[2]
                assert any(word in text for text in lines[line - 1 : line + 1]), (item.key, line)


def test_every_link_of_the_page_leads_to_a_file() -> None:
    page = ROOT / PAGE
    links = re.findall(r"^\[\S+\]: (\S+)$", page.read_text(), re.MULTILINE)
    assert len(links) > 50
    for link in links:
        assert (page.parent / link).is_file(), link


# Name: the change, what stands in its script, what shall stand there, and the item that is missed.
# The sweep below takes away everything, one by one.
SPOILED = {
    "an index is gone": (
        "tables/users",
        "CREATE INDEX IF NOT EXISTS idx_users_status ON dsvault.users (tenant_id, status);",
        "",
        "index idx_users_status",
    ),
    "an index lost its tenant": (
        "tables/users",
        "ON dsvault.users (tenant_id, status)",
        "ON dsvault.users (status)",
        "index idx_users_status",
    ),
    "a covering key is gone": (
        "tables/users",
        "    CONSTRAINT users_email_unique UNIQUE (tenant_id, email),\n",
        "",
        "index idx_users_tenant_email",
    ),
    "a column is gone": (
        "tables/users",
        "    avatar_url     text         DEFAULT NULL,\n",
        "",
        "column users.avatar_url",
    ),
    "a column has another type": (
        "tables/users",
        "email          varchar(255) NOT NULL",
        "email          varchar(254) NOT NULL",
        "column users.email",
    ),
    "a column has another default": (
        "tables/users",
        "DEFAULT 'active'",
        "DEFAULT 'locked'",
        "column users.status",
    ),
    "a column may be NULL": (
        "tables/datasets",
        "owner_id          uuid         NOT NULL",
        "owner_id          uuid",
        "column datasets.owner_id",
    ),
    "a check is gone": (
        "tables/tenants",
        "    CONSTRAINT tenants_name_not_empty CHECK (length(name) > 0),\n",
        "",
        "constraint tenants.tenants_name_not_empty",
    ),
    "a check says something else": (
        "tables/dataset_versions",
        "CHECK (size_bytes >= 0)",
        "CHECK (size_bytes > 0)",
        "constraint dataset_versions.versions_size_positive",
    ),
    "a reference cascades": (
        "tables/datasets",
        "REFERENCES dsvault.users (tenant_id, id) ON DELETE RESTRICT",
        "REFERENCES dsvault.users (tenant_id, id) ON DELETE CASCADE",
        "constraint datasets.datasets_owner_fk",
    ),
    "a reference would set the tenant to NULL": (
        "tables/roles",
        "ON DELETE SET NULL (created_by)",
        "ON DELETE SET NULL",
        "constraint roles.roles_created_by_fkey",
    ),
    "a comment is worded otherwise": (
        "tables/users",
        "'User accounts with SSO support'",
        "'User accounts'",
        "comment users",
    ),
    "a partition is missing": (
        "tables/records",
        "FOR i IN 0..15 LOOP",
        "FOR i IN 0..14 LOOP",
        "partition records_p15",
    ),
    "a table is partitioned otherwise": (
        "tables/records",
        "PARTITION BY HASH (dataset_id)",
        "PARTITION BY HASH (tenant_id)",
        "table records",
    ),
    "a policy has another name": (
        "policies/datasets",
        "CREATE POLICY dataset_delete_policy",
        "CREATE POLICY datasets_app_delete",
        "policy datasets.dataset_delete_policy",
    ),
    "row security is off": (
        "policies/schemas",
        "ALTER TABLE dsvault.schemas ENABLE ROW LEVEL SECURITY;",
        "",
        "row security schemas",
    ),
    "a trigger fires at another time": (
        "triggers/updated_at",
        "BEFORE UPDATE ON dsvault.users",
        "AFTER UPDATE ON dsvault.users",
        "trigger users.update_users_updated_at",
    ),
    "a function has another name": (
        "functions/has_permission",
        "FUNCTION dsvault.has_permission(\n",
        "FUNCTION dsvault.may(\n",
        "function has_permission",
    ),
    "a role has other permissions": (
        "seed/role_templates",
        '"version:read", "schema:read"]',
        '"version:read", "schema:update"]',
        "row roles.viewer",
    ),
    "a table has another name": (
        "tables/encryption_keys",
        "CREATE TABLE IF NOT EXISTS dsvault.encryption_keys",
        "CREATE TABLE IF NOT EXISTS dsvault.keys",
        "table encryption_keys",
    ),
}


@pytest.mark.parametrize("fault", SPOILED)
def test_a_spoiled_deploy_script_is_refused(
    document: dict[str, Item],
    catalog: dict[str, Item],
    rulings: dict[str, Reading],
    fault: str,
) -> None:
    change, old, new, item = SPOILED[fault]
    script = (ROOT / "deploy" / f"{change}.sql").read_text()
    assert old in script
    others = {key: other for key, other in catalog.items() if other.change != change}
    spoiled = others | build_catalog([(change, script.replace(old, new, 1))])
    with pytest.raises(CoverageError) as refused:
        match(document, spoiled, rulings)
    assert f"{item} (line " in str(refused.value.detail)


def test_a_script_that_is_read_again_makes_the_same(catalog: dict[str, Item]) -> None:
    script = (ROOT / "deploy/tables/users.sql").read_text()
    again = build_catalog([("tables/users", script)])
    assert again == {key: item for key, item in catalog.items() if item.change == "tables/users"}


def test_an_unspoiled_copy_is_accepted(project: Path) -> None:
    assert generate(project) == generate(ROOT)


def test_whatever_the_plan_loses_is_missed(
    document: dict[str, Item],
    catalog: dict[str, Item],
    rulings: dict[str, Reading],
    rows: list[Row],
) -> None:
    needed = {row.lives.key: row.item.key for row in rows if row.lives}
    assert len(needed) > 250
    for key, item in needed.items():
        less = {name: other for name, other in catalog.items() if name != key}
        with pytest.raises(CoverageError) as refused:
            match(document, less, rulings)
        assert item in str(refused.value.detail), key


def test_whatever_the_rulings_lose_is_missed(
    document: dict[str, Item], catalog: dict[str, Item], rulings: dict[str, Reading]
) -> None:
    assert len(rulings) > 100
    for key in rulings:
        less = {name: reading for name, reading in rulings.items() if name != key}
        with pytest.raises(CoverageError) as refused:
            match(document, catalog, less)
        assert str(refused.value.detail).startswith(f"{key} (line "), key


def test_what_the_document_gains_is_missed(project: Path) -> None:
    replace_in(
        project / DOCUMENT,
        "CREATE INDEX idx_users_status ON users(status);",
        "CREATE INDEX idx_users_status ON users(status);\n"
        "CREATE INDEX idx_users_name ON users(name);",
    )
    assert "index idx_users_name (line 170): neither in the plan nor ruled" in complaint(project)


def test_a_ruling_about_nothing_is_refused(project: Path) -> None:
    replace_in(project / RULINGS, '"comment roles.permissions"', '"comment roles.permission"')
    assert "comment roles.permission: ruled, but not in the document" in complaint(project)


def test_a_needless_correction_is_refused(project: Path) -> None:
    replace_in(project / RULINGS, '"comment tokens.token_hash"', '"comment tokens"')
    assert (
        "comment tokens (line 502): ruled to be corrected, but the plan makes it as"
        in complaint(project)
    )


def test_what_is_ruled_to_be_planned_may_not_exist_already(project: Path) -> None:
    replace_in(project / RULINGS, "[[corrected]]\nruling = 26", "[[planned]]\nruling = 26")
    assert "trigger users.audit_users (line 895): ruled to be planned, but" in complaint(project)


def test_what_is_ruled_to_be_covered_may_not_exist_itself(project: Path) -> None:
    script = project / "deploy/tables/tokens.sql"
    replace_in(
        script,
        "COMMIT;",
        "CREATE INDEX idx_tokens_hash ON dsvault.tokens (tenant_id, token_hash);\n\nCOMMIT;",
    )
    assert "index idx_tokens_hash (line 496): ruled to be covered by another" in complaint(project)


def test_what_is_ruled_to_be_replaced_may_not_exist_itself(project: Path) -> None:
    script = project / "deploy/tables/audit_logs.sql"
    replace_in(
        script,
        "COMMIT;",
        "ALTER TABLE dsvault.audit_logs ADD CONSTRAINT audit_user_fk FOREIGN KEY (user_id)\n"
        "    REFERENCES dsvault.users (id);\n\nCOMMIT;",
    )
    assert "constraint audit_logs.audit_user_fk (line 801): ruled to be replaced" in complaint(
        project
    )


def test_a_faulty_statement_needs_a_ruling_even_if_its_rest_is_made(
    document: dict[str, Item], catalog: dict[str, Item], rulings: dict[str, Reading]
) -> None:
    key = "constraint users.users_external_id_unique"
    assert catalog[key].text == "UNIQUE (tenant_id, external_id)"
    with pytest.raises(CoverageError) as refused:
        match(document, catalog, {k: r for k, r in rulings.items() if k != key})
    assert f"{key} (line 161): PostgreSQL cannot read it" in str(refused.value.detail)


def test_statuses_are_what_the_document_and_the_plan_are(rows: list[Row]) -> None:
    status = {row.item.key: row.status for row in rows}
    assert status["column users.email"] is Status.SAME
    assert status["index idx_users_status"] is Status.TENANT_FIRST
    assert status["constraint users.users_external_id_unique"] is Status.CORRECTED
    assert status["index idx_tokens_hash"] is Status.COVERED
    assert status["function create_audit_log"] is Status.CORRECTED
