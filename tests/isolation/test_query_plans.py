"""The reference queries of sql/queries as dsvault_app: their plans below row security.

Index scans only, the tenant an index condition, what a policy asks of the session asked once for a
statement, no function called for a row, one partition read where the dataset is named.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from psycopg import sql
from tests.support.database import new_database

from dsvault.ops.bench.vault import bench_sql
from dsvault.paths import project_root
from dsvault.sqlscript import parse_script

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Connection
    from tests.support.cluster import Cluster
    from tests.support.database import Deployer

FOLDER = project_root() / "sql" / "queries"
SIZE = {"tenants": 20, "datasets": 12_000, "records": 24_000}
SCANS = {"Index Scan", "Index Only Scan", "Bitmap Heap Scan", "Bitmap Index Scan"}
# A condition on the tenant whose value is a sub-select's: $0 until 16, (InitPlan 1).col1 since 17.
TENANT = re.compile(r"tenant_id = (\$\d|\(InitPlan)")
CALL = re.compile(r"\bdsvault(?:_private)?\.\w+\(")
# Where an expression is evaluated for a row.
PER_ROW = ("Filter", "Index Cond", "Recheck Cond", "Join Filter", "Hash Cond", "Output")


@dataclass(frozen=True)
class Query:
    """A file, its parameters by name, an index it is to use, and whether one partition will do."""

    name: str
    parameters: tuple[str, ...] = ()
    index: str = ""
    one_partition: bool = False
    body: str = ""

    @property
    def text(self) -> str:
        return self.body or (FOLDER / f"{self.name}.sql").read_text(
            encoding="utf-8"
        ).rstrip().rstrip(";")


QUERIES = [
    Query("dataset_by_id", ("dataset_id",), "datasets_pkey"),
    Query("record_by_id", ("dataset_id", "record_id"), r"records_p\d+_pkey", one_partition=True),
    Query("datasets_of_tenant"),
    Query("datasets_page", ("infinity",), "idx_datasets(_tenant)?_created(_at)?"),
    Query("datasets_count"),
    Query(
        "records_of_version",
        ("dataset_id", "version_id"),
        r"records_p\d+_tenant_id_version_id_dataset_id_idx",
        one_partition=True,
    ),
    Query("records_count"),
    Query("records_per_dataset"),
    # Two thirds of the tenant's records in the partition are of this dataset: who knows both values
    # may as well read by the tenant.
    Query(
        "dataset_with_records",
        ("dataset_id",),
        r"records_p\d+_(pkey|tenant_id_created_at_idx)",
        one_partition=True,
    ),
]
each_query = pytest.mark.parametrize("query", QUERIES, ids=[query.name for query in QUERIES])


@pytest.fixture(scope="module")
def filled(server: Cluster, deployer: Deployer, vault_template: str) -> Iterator[Connection]:
    """A superuser's connection to a vault with the tenants of the benchmark of isolation."""
    with (
        new_database(server, deployer, vault_template) as database,
        database.connect(superuser=True, autocommit=True) as conn,
    ):
        for name, number in SIZE.items():
            conn.execute("SELECT set_config(%s, %s, false)", [f"bench.{name}", str(number)])
        for statement in parse_script("seed.sql", bench_sql("isolation/seed")).statements:
            conn.execute(statement.text.encode())
        yield conn


@pytest.fixture
def sample(filled: Connection) -> dict[str, str]:
    """What the queries ask for, by the names of their parameters."""
    cursor = filled.execute(bench_sql("isolation/sample").encode())
    assert cursor.description is not None
    row = cursor.fetchone()
    assert row is not None
    return dict(zip((column.name for column in cursor.description), row, strict=True))


@contextmanager
def viewer(conn: Connection, sample: dict[str, str], *mutations: str) -> Iterator[Connection]:
    """Act as a viewer of the sample's tenant, in a transaction that is undone."""
    with conn.transaction(force_rollback=True):
        for mutation in mutations:
            conn.execute(mutation.encode())
        conn.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        conn.execute("SET LOCAL ROLE dsvault_app")
        conn.execute("SELECT dsvault.enter(%s, %s)", [sample["tenant_id"], sample["user_id"]])
        yield conn


def nodes(plan: dict[str, Any], *, inner: bool = False) -> Iterator[tuple[dict[str, Any], bool]]:
    """Yield every node of a plan, and whether it belongs to an InitPlan."""
    inner = inner or plan.get("Parent Relationship") == "InitPlan"
    yield plan, inner
    for child in plan.get("Plans", ()):
        yield from nodes(child, inner=inner)


def plan_of(
    conn: Connection, query: Query, sample: dict[str, str], mode: str
) -> list[tuple[dict[str, Any], bool]]:
    """Run a prepared query, planned for its parameters or once for all; return the nodes."""
    values = [sql.Literal(sample.get(name, name)) for name in query.parameters]
    call = sql.SQL("({})").format(sql.SQL(", ").join(values)) if values else sql.SQL("")
    conn.execute(sql.SQL("SET LOCAL plan_cache_mode = {}").format(sql.Identifier(mode)))
    conn.execute(sql.SQL("PREPARE asked AS ") + sql.SQL(query.text))
    try:
        explain = sql.SQL("EXPLAIN (ANALYZE, VERBOSE, FORMAT json) EXECUTE asked")
        row = conn.execute(explain + call).fetchone()
    finally:
        conn.execute("DEALLOCATE asked")
    assert row is not None
    return list(nodes(row[0][0]["Plan"]))


def faults(found: list[tuple[dict[str, Any], bool]]) -> list[str]:
    """Return what no plan of a query below row security may have."""
    told = []
    for node, inner in found:
        kind = node["Node Type"]
        if node.get("Parent Relationship") == "SubPlan":
            told.append(f"{node['Subplan Name']} is asked for every row")
        if inner:
            if node["Actual Loops"] > 1:
                told.append(f"a sub-select ran {node['Actual Loops']} times")
            continue
        if kind.endswith("Scan") and kind not in SCANS:
            told.append(f"{kind} of {node.get('Relation Name')}")
        if kind in SCANS - {"Bitmap Heap Scan"} and not TENANT.search(node["Index Cond"]):
            told.append(f"{node['Index Name']} without the tenant: {node['Index Cond']}")
        told += [
            f"{kind} calls a function, {place}: {node[place]}"
            for place in PER_ROW
            if CALL.search(str(node.get(place, "")))
        ]
    return told


def test_every_reference_query_is_asked() -> None:
    assert {path.stem for path in FOLDER.glob("*.sql")} == {query.name for query in QUERIES}


@each_query
def test_a_query_says_what_it_is_for_its_index_and_its_rows(query: Query) -> None:
    text = (FOLDER / f"{query.name}.sql").read_text(encoding="utf-8")
    header, _, body = text.partition("\n\n")
    assert header.startswith("-- ")
    assert "-- Index:  " in header
    assert "-- Rows:   " in header
    parameters = set(re.findall(r"\$\d", body))
    assert parameters == set(re.findall(r"^-- (\$\d) ", header, re.MULTILINE))
    assert len(parameters) == len(query.parameters)
    assert "current_tenant_id" not in body, "the policies name the tenant"


@each_query
@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
def test_a_query_uses_indexes_by_tenant_and_asks_the_session_once(
    filled: Connection, sample: dict[str, str], query: Query, mode: str
) -> None:
    with viewer(filled, sample) as conn:
        found = plan_of(conn, query, sample, mode)
    assert faults(found) == []
    sub_selects = [node["Output"] for node, inner in found if inner and "Actual Loops" in node]
    assert any("dsvault.tenant_for" in str(output) for output in sub_selects)
    assert not [node for node, _ in found if "One-Time Filter" in node], (
        "floor and policy differ, or a join names the tenant"
    )
    indexes = {node["Index Name"] for node, _ in found if "Index Name" in node}
    assert any(re.fullmatch(query.index, name) for name in indexes) or not query.index
    partitions = {
        node["Relation Name"]
        for node, _ in found
        if node.get("Relation Name", "").startswith("records_p")
    }
    if query.one_partition:
        assert len(partitions) == 1, "the dataset decides the partition"


@pytest.mark.parametrize("name", ["datasets_count", "records_count"])
def test_a_count_reads_indexes_alone(filled: Connection, sample: dict[str, str], name: str) -> None:
    [count] = [query for query in QUERIES if query.name == name]
    with viewer(filled, sample) as conn:
        found = plan_of(conn, count, sample, "force_generic_plan")
    scans = {node["Node Type"] for node, inner in found if "Relation Name" in node and not inner}
    assert scans == {"Index Only Scan"}


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
def test_a_page_is_read_in_the_order_of_its_index_and_no_further(
    filled: Connection, sample: dict[str, str], mode: str
) -> None:
    [page] = [query for query in QUERIES if query.name == "datasets_page"]
    with viewer(filled, sample) as conn:
        found = plan_of(conn, page, sample, mode)
    outer = [node for node, inner in found if not inner]
    assert not any("Sort" in node["Node Type"] for node in outer)
    assert max(node["Actual Rows"] for node in outer) == 50


def test_a_join_that_names_the_tenant_compares_it_once_more(
    filled: Connection, sample: dict[str, str]
) -> None:
    """It is right, and every row passes one node more; the reference queries say so."""
    [join] = [query for query in QUERIES if query.name == "dataset_with_records"]
    text = join.text.replace("ON r.", "ON r.tenant_id = d.tenant_id AND r.")
    with viewer(filled, sample) as conn:
        found = plan_of(conn, replace(join, body=text), sample, "force_custom_plan")
    assert faults(found) == []
    assert any("One-Time Filter" in node for node, inner in found if not inner)


def test_a_dataset_s_records_are_expected_in_their_number(
    filled: Connection, sample: dict[str, str]
) -> None:
    """The policies name the tenant beside the dataset, which makes the rows no fewer."""
    [join] = [query for query in QUERIES if query.name == "dataset_with_records"]
    forgotten = [f"DROP STATISTICS dsvault.records_p{n}_dependencies" for n in range(16)]
    expected = []
    for mutations in ([], forgotten):
        with viewer(filled, sample, *mutations) as conn:
            found = plan_of(conn, join, sample, "force_custom_plan")
        [scan] = [node for node, _ in found if "records_p" in node.get("Relation Name", "")]
        expected.append(scan["Plan Rows"] / scan["Actual Rows"])
    assert 0.5 < expected[0] < 2
    assert expected[1] < 0.5


WORSE = {
    "calls a function": """
        tenant_id = (SELECT dsvault.current_tenant_id())
        AND dsvault.has_permission(dsvault.current_user_id(), 'dataset:read', id)""",
    "Index Cond": "tenant_id = dsvault.tenant_for('dataset:read')",
    "Seq Scan|datasets_pkey without the tenant": """
        tenant_id::text = (SELECT dsvault.tenant_for('dataset:read')::text)""",
    "is asked for every row": """
        tenant_id = (SELECT dsvault.current_tenant_id())
        AND (SELECT r.status FROM dsvault.users AS r WHERE r.id = owner_id) IS NOT NULL""",
}


@pytest.mark.parametrize(("words", "policy"), WORSE.items(), ids=list(WORSE))
def test_a_policy_that_costs_more_is_noticed(
    filled: Connection, sample: dict[str, str], words: str, policy: str
) -> None:
    mutations = (
        "DROP POLICY tenant_isolation_datasets ON dsvault.datasets",
        f"ALTER POLICY dataset_read_policy ON dsvault.datasets USING ({policy})",
    )
    with viewer(filled, sample, *mutations) as conn:
        told = faults(plan_of(conn, QUERIES[0], sample, "force_generic_plan"))
    assert any(re.search(words, fault) for fault in told), told
