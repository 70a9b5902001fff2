"""The design document's own SQL: every fault of it that text can show is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dsvault.lint.config import LintConfig
from dsvault.lint.run import lint
from dsvault.paths import project_root

if TYPE_CHECKING:
    from dsvault.lint.findings import Finding

DOCUMENT = project_root() / "sql" / "design" / "03-database-schema.md"
LINES = DOCUMENT.read_text(encoding="utf-8").splitlines()
# Ruling of sql/design/corrections.md, class of fault, and text of the line that shows it.
SHOWN = [
    (1, "syntax-error", "UNIQUE (tenant_id, external_id) NULLS"),
    (2, "syntax-error", "CONSTRAINT datasets_name_unique UNIQUE (tenant_id, name) WHERE"),
    (2, "syntax-error", "    UNIQUE (tenant_id, name) WHERE deleted_at IS NULL;"),
    (3, "index-expression-not-immutable", "expires_at > NOW()"),
    (4, "forward-reference", "            has_permission("),
    (5, "duplicate-object", "ALTER TABLE tenants ADD CONSTRAINT tenants_slug_format"),
    (5, "duplicate-object", "CREATE INDEX idx_audit_tenant_time ON audit_logs"),
    (5, "duplicate-foreign-key", "ADD CONSTRAINT versions_author_fk"),
    (9, "permissive-policies-or", "CREATE POLICY tenant_isolation_datasets ON datasets"),
    (10, "rls-missing", "CREATE TABLE IF NOT EXISTS tokens ("),
    (10, "rls-missing", "CREATE TABLE IF NOT EXISTS encryption_keys ("),
    (11, "rls-no-policy", "ALTER TABLE dataset_versions ENABLE ROW LEVEL SECURITY"),
    (11, "rls-no-policy", "ALTER TABLE records ENABLE ROW LEVEL SECURITY"),
    (12, "rls-not-forced", "ALTER TABLE datasets ENABLE ROW LEVEL SECURITY"),
    (12, "rls-not-forced", "ALTER TABLE audit_logs ENABLE ROW LEVEL SECURITY"),
    (15, "fk-not-tenant-scoped", "owner_id UUID NOT NULL REFERENCES users(id)"),
    (15, "fk-not-tenant-scoped", "parent_schema_id UUID DEFAULT NULL REFERENCES schemas(id)"),
    (16, "unique-not-tenant-scoped", "token_hash VARCHAR(64) NOT NULL UNIQUE"),
    (18, "rls-setting-empty-string", "USING (tenant_id = current_setting("),
    (18, "rls-per-row-setting", "USING (tenant_id = current_setting("),
    (19, "secdef-no-search-path", "CREATE OR REPLACE FUNCTION has_permission("),
    (19, "secdef-public-execute", "CREATE OR REPLACE FUNCTION has_permission("),
    (25, "exception-swallow", "WHEN OTHERS THEN"),
    (26, "trigger-unknown-column", "COALESCE(NEW.tenant_id, OLD.tenant_id),"),
    (31, "trigger-guard-mismatch", "CREATE TRIGGER soft_delete_users"),
    (38, "duplicate-index", "CREATE INDEX idx_versions_dataset_number"),
    (38, "duplicate-index", "CREATE INDEX idx_tokens_hash"),
    (38, "fk-unindexed", "granted_by UUID DEFAULT NULL REFERENCES users(id)"),
    (38, "redundant-index", "CREATE INDEX idx_user_roles_user"),
]
# What no text of the document shows as a fault, and why.
NOT_SHOWN = {
    6: "partitions for three months are right in these months",
    7: "the contradiction stands in prose",
    8: "whose table it is stands in prose",
    13: "the document grants nothing, so that no partition is open",
    14: "a table without a tenant looks like one that all tenants share",
    17: "what is hashed, and under which key, happens in clients",
    20: "what a function should answer is not in its text",
    21: "which permissions there are stands in rows",
    22: "the document grants nothing, so that no command is open without a policy",
    23: "who should see a row is not in its text",
    24: "what is missing",
    27: "what is secret is not in its text",
    28: "a comment says otherwise than the code",
    29: "that the trail should not change stands in prose",
    30: "that versions should not change stands in prose",
    32: "what is missing",
    33: "cascades that meet are each right alone",
    34: "that nothing reads a column is not in its text",
    35: "what a column means stands in prose",
    36: "which states may follow each other stands in prose",
    37: "what an edge means stands in prose",
}


@pytest.fixture(scope="module")
def findings() -> tuple[Finding, ...]:
    return lint([DOCUMENT], LintConfig(select=("all",))).findings


@pytest.mark.parametrize(("ruling", "fault_class", "text"), SHOWN)
def test_a_fault_of_the_document_is_found(
    findings: tuple[Finding, ...], ruling: int, fault_class: str, text: str
) -> None:
    lines = [number for number, line in enumerate(LINES, 1) if text in line]
    assert lines, f"the document does not say {text}"
    near = {
        name
        for finding in findings
        if any(abs(finding.line - line) <= 3 for line in lines)
        for name in finding.classes
    }
    assert fault_class in near, f"ruling {ruling}"


def test_every_ruling_is_shown_or_said_why_not() -> None:
    rulings = [*{ruling for ruling, _, _ in SHOWN}, *NOT_SHOWN]
    assert sorted(rulings) == list(range(1, 39))
