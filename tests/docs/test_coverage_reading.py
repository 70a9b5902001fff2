"""How the generator reads: Markdown with faulty SQL, scripts one after another, rulings in TOML."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from dsvault.coverage import (
    CoverageError,
    Kind,
    build_catalog,
    read_catalog,
    read_document,
    read_rulings,
)
from dsvault.coverage.match import tenant_first
from dsvault.paths import project_root

if TYPE_CHECKING:
    from pathlib import Path

    from dsvault.coverage import Item


def block(*statements: str) -> str:
    return "# Title\n\n```sql\n" + "\n".join(statements) + "\n```\n"


def made(*statements: str) -> dict[str, str]:
    """Return definitions by key of what scripts make that run one after another."""
    scripts = [(f"change{number}", text) for number, text in enumerate(statements)]
    return {key: item.text for key, item in build_catalog(scripts).items()}


class TestDocument:
    def test_columns_lose_their_constraints_to_items_of_their_own(self) -> None:
        items = read_document(
            block(
                "CREATE TABLE t (",
                "    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),",
                "    s VARCHAR(9) NOT NULL UNIQUE CHECK (s <> ''),",
                "    u UUID DEFAULT NULL REFERENCES users(id) ON DELETE SET NULL",
                ");",
            )
        )
        assert {key: item.text for key, item in items.items()} == {
            "table t": "TABLE",
            "column t.id": "uuid NOT NULL DEFAULT gen_random_uuid()",
            "constraint t.t_pkey": "PRIMARY KEY (id)",
            "column t.s": "varchar(9) NOT NULL",
            "constraint t.t_s_key": "UNIQUE (s)",
            "constraint t.t_s_check": "CHECK (s <> '')",
            "column t.u": "uuid",
            "constraint t.t_u_fkey": "FOREIGN KEY (u) REFERENCES users (id) ON DELETE SET NULL",
        }
        assert not items["constraint t.t_pkey"].named

    def test_lines_are_counted_in_the_document(self) -> None:
        text = "text\n" + block("-- A comment", "", "CREATE INDEX i", "    ON t (a);")
        assert read_document(text)["index i"].lines == (7,)

    def test_a_statement_made_twice_keeps_both_lines(self) -> None:
        items = read_document(block("CREATE INDEX i ON t (a);", "CREATE INDEX i ON t(a);"))
        assert items["index i"].lines == (4, 5)

    def test_two_statements_of_one_name_that_differ_are_refused(self) -> None:
        with pytest.raises(CoverageError, match="states index i in two ways") as refused:
            read_document(block("CREATE INDEX i ON t (a);", "CREATE INDEX i ON t (b);"))
        assert str(refused.value.detail).splitlines() == [
            "line 4: CREATE INDEX ON t (a)",
            "line 5: CREATE INDEX ON t (b)",
        ]

    @pytest.mark.parametrize(
        "fault", ["NULLS NOT DISTINCT", "WHERE b IS NULL", "\n  WHERE b IS NULL"]
    )
    def test_what_stands_wrongly_behind_unique_is_kept_and_marked(self, fault: str) -> None:
        items = read_document(
            block(f"CREATE TABLE t (a int, CONSTRAINT u UNIQUE (a) {fault},", "CHECK (a > 0));")
        )
        unique = items["constraint t.u"]
        assert unique.text == f"UNIQUE (a) {' '.join(fault.split())}"
        assert unique.faulty
        assert not items["constraint t.t_check"].faulty

    def test_lines_after_a_faulty_part_are_still_right(self) -> None:
        items = read_document(
            block("CREATE TABLE t (", "CONSTRAINT u UNIQUE (a)", "  WHERE b IS NULL,", "c int);")
        )
        assert items["column t.c"].lines == (7,)

    def test_a_faulty_constraint_is_read_in_alter_table_too(self) -> None:
        items = read_document(
            block("ALTER TABLE t ADD CONSTRAINT u", "    UNIQUE (a, b) WHERE c IS NULL;")
        )
        assert items["constraint t.u"].text == "UNIQUE (a, b) WHERE c IS NULL"

    def test_a_statement_that_nobody_can_read_is_refused_with_its_line(self) -> None:
        with pytest.raises(CoverageError, match="statement in line 5 cannot be read"):
            read_document(block("SELECT 1;", "CREATE TABEL t ();"))

    def test_a_statement_that_makes_nothing_is_an_item_nevertheless(self) -> None:
        items = read_document(block("BEGIN;", "SELECT cron.schedule('x');"))
        assert [item.kind for item in items.values()] == [Kind.OTHER, Kind.OTHER]
        assert items["other line 5"].text == "SELECT cron.schedule('x')"

    def test_a_loop_makes_the_partitions_that_it_counts(self) -> None:
        items = read_document(
            block(
                "DO $$ BEGIN FOR i IN 0..2 LOOP EXECUTE format(",
                "'CREATE TABLE IF NOT EXISTS r_p%s PARTITION OF r",
                " FOR VALUES WITH (MODULUS 3, REMAINDER %s)', i, i); END LOOP; END $$;",
            )
        )
        assert list(items) == ["partition r_p0", "partition r_p1", "partition r_p2"]
        assert items["partition r_p2"].text == (
            "PARTITION OF r FOR VALUES WITH (MODULUS 3, REMAINDER 2)"
        )

    def test_rows_are_items_with_json_in_one_spelling(self) -> None:
        items = read_document(
            block(
                "INSERT INTO roles (id, name, permissions, is_system_role) VALUES",
                """(gen_random_uuid(), 'viewer', '[ "a:b",   "c:d" ]'::jsonb, true);""",
            )
        )
        assert items["row roles.viewer"].text == (
            'is_system_role: true, name: viewer, permissions: ["a:b", "c:d"]'
        )

    def test_text_without_sql_is_refused(self) -> None:
        with pytest.raises(CoverageError, match="has no SQL"):
            read_document("# Title\n\n```\nCREATE TABLE t ();\n```\n")


class TestPlan:
    def test_the_schema_of_the_project_is_left_out_and_no_other(self) -> None:
        assert made(
            "CREATE TABLE dsvault.t (a uuid DEFAULT dsvault.f() REFERENCES dsvault.u (id));",
            "CREATE TABLE dsvault_private.t (a uuid);",
        ) == {
            "table t": "TABLE",
            "column t.a": "uuid DEFAULT f()",
            "constraint t.t_a_fkey": "FOREIGN KEY (a) REFERENCES u (id)",
            "table dsvault_private.t": "TABLE",
            "column dsvault_private.t.a": "uuid",
        }

    def test_a_loop_with_the_name_beside_the_template_makes_partitions(self) -> None:
        items = made(
            """DO $$ BEGIN FOR i IN 0..1 LOOP EXECUTE pg_catalog.format(
            'CREATE TABLE IF NOT EXISTS dsvault.%I PARTITION OF dsvault.r
                FOR VALUES WITH (MODULUS 2, REMAINDER %s)', 'r_p' || i, i); END LOOP; END $$;"""
        )
        assert list(items) == ["partition r_p0", "partition r_p1"]

    def test_what_is_dropped_is_gone(self) -> None:
        assert made(
            """CREATE TABLE dsvault.t (a int, CONSTRAINT c CHECK (a > 0));
            CREATE INDEX i ON dsvault.t (a);
            CREATE POLICY p ON dsvault.t USING (true);
            CREATE TRIGGER g BEFORE UPDATE ON dsvault.t EXECUTE FUNCTION dsvault.f();
            CREATE FUNCTION dsvault.f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
            COMMENT ON COLUMN dsvault.t.a IS 'A.';
            ALTER TABLE dsvault.t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;""",
            """DROP INDEX dsvault.i; DROP POLICY IF EXISTS p ON dsvault.t;
            DROP TRIGGER g ON dsvault.t; DROP FUNCTION dsvault.f(int);
            ALTER TABLE dsvault.t DROP CONSTRAINT c, DROP COLUMN a,
                NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;""",
        ) == {"table t": "TABLE"}

    def test_a_dropped_table_takes_everything_with_it(self) -> None:
        assert (
            made(
                "CREATE TABLE dsvault.t (a int PRIMARY KEY); CREATE INDEX i ON dsvault.t (a);",
                "DROP TABLE dsvault.t;",
            )
            == {}
        )

    @pytest.mark.parametrize(
        ("command", "definition"),
        [
            ("TYPE bigint", "bigint NOT NULL DEFAULT 1"),
            ("SET DEFAULT 2", "integer NOT NULL DEFAULT 2"),
            ("DROP DEFAULT", "integer NOT NULL"),
            ("DROP NOT NULL", "integer DEFAULT 1"),
            ("SET STATISTICS 100", "integer NOT NULL DEFAULT 1"),
        ],
    )
    def test_an_altered_column_is_what_it_became(self, command: str, definition: str) -> None:
        items = made(
            "CREATE TABLE dsvault.t (a int NOT NULL DEFAULT 1);",
            f"ALTER TABLE dsvault.t ALTER COLUMN a {command};",
        )
        assert items["column t.a"] == definition

    def test_what_is_added_later_belongs_to_the_later_change(self) -> None:
        items = build_catalog(
            [
                ("tables/t", "CREATE TABLE dsvault.t (a int);"),
                (
                    "tables/t_001",
                    "ALTER TABLE dsvault.t ADD COLUMN b text, ADD CONSTRAINT c UNIQUE (a, b);",
                ),
            ]
        )
        assert items["column t.b"].change == "tables/t_001"
        assert items["constraint t.c"].text == "UNIQUE (a, b)"
        assert items["column t.a"].change == "tables/t"

    def test_of_a_reworked_change_the_last_version_counts(self, tmp_path: Path) -> None:
        self.write_plan(tmp_path, "p", "@v1", "p [p@v1]")
        (tmp_path / "deploy/p@v1.sql").write_text("CREATE POLICY x ON dsvault.t USING (true);")
        (tmp_path / "deploy/p.sql").write_text(
            "DROP POLICY x ON dsvault.t; CREATE POLICY x ON dsvault.t USING (false);"
        )
        policy: Item = read_catalog(tmp_path)["policy t.x"]
        assert policy.text.endswith("USING (FALSE)")
        assert policy.change == "p"

    def test_a_missing_script_is_named(self, tmp_path: Path) -> None:
        self.write_plan(tmp_path, "p")
        with pytest.raises(CoverageError, match="The change p has no deploy script"):
            read_catalog(tmp_path)

    def test_a_script_that_does_not_parse_is_named(self) -> None:
        with pytest.raises(CoverageError, match="The deploy script of change1 cannot be read"):
            made("SELECT 1;", "CREATE TABEL t ();")

    def test_the_catalog_needs_no_more_than_plan_and_deploy_scripts(self, tmp_path: Path) -> None:
        root = project_root()
        shutil.copy(root / "sqitch.plan", tmp_path)
        shutil.copytree(root / "deploy", tmp_path / "deploy")
        assert read_catalog(tmp_path) == read_catalog(root)

    def write_plan(self, folder: Path, *lines: str) -> None:
        stamp = "2026-11-23T09:01:00Z someone <someone@example.org> # Note."
        entries = "\n".join(f"{line} {stamp}" for line in lines)
        (folder / "sqitch.plan").write_text(f"%syntax-version=1.0.0\n%project=p\n\n{entries}\n")
        (folder / "deploy").mkdir()


@pytest.mark.parametrize(
    ("definition", "widened"),
    [
        ("PRIMARY KEY (id)", "PRIMARY KEY (tenant_id, id)"),
        ("UNIQUE (a, b)", "UNIQUE (tenant_id, a, b)"),
        (
            "CREATE INDEX ON t (a DESC) WHERE (b) IS NULL",
            "CREATE INDEX ON t (tenant_id, a DESC) WHERE (b) IS NULL",
        ),
        (
            "FOREIGN KEY (a) REFERENCES t (id) ON DELETE CASCADE",
            "FOREIGN KEY (tenant_id, a) REFERENCES t (tenant_id, id) ON DELETE CASCADE",
        ),
        (
            "FOREIGN KEY (a) REFERENCES t (id) ON DELETE SET NULL",
            "FOREIGN KEY (tenant_id, a) REFERENCES t (tenant_id, id) ON DELETE SET NULL (a)",
        ),
    ],
)
def test_tenant_first_puts_the_tenant_first_and_changes_nothing_else(
    definition: str, widened: str
) -> None:
    assert tenant_first(definition) == widened


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[corrected]\n", "cannot be read"),
        ("[[forgotten]]\nruling = 1\nitems = []\n", r"no entries \[\[forgotten\]\]"),
        ('[[corrected]]\nruling = 1\nitems = ["x"]\n', "has other fields than it should"),
        ('[[tenant_first]]\nruling = 1\nitems = ["x"]\nwhy = "?"\n', "has other fields than it"),
        ('[[covered]]\nruling = 38\nitem = "x"\nby = "y"\n', "has other fields than it should"),
        ('[[tenant_first]]\nruling = 1\nitems = ["x", "x"]\n', "names x twice"),
        ('[[tenant_first]]\nruling = 39\nitems = ["x"]\n', "names a ruling 39"),
        ('[[tenant_first]]\nruling = "15"\nitems = ["x"]\n', "names a ruling 15"),
    ],
)
def test_rulings_that_make_no_sense_are_refused(text: str, message: str) -> None:
    with pytest.raises(CoverageError, match=message):
        read_rulings(text)
