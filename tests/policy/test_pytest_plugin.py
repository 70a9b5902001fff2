"""The fixtures that applications get, used as an application uses them."""

from __future__ import annotations

import re
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.support.database import new_database

from dsvault.paths import project_root

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.cluster import Cluster
    from tests.support.database import Database, Deployer

pytest_plugins = ["pytester"]

# Where dsvault is installed, pytest finds the plugin by its entry point; a checkout names it.
IS_INSTALLED = bool(entry_points(group="pytest11", name="dsvault"))
PLUGIN = () if IS_INSTALLED else ("-p", "dsvault.pytest_plugin")

TWO_TENANTS = """
    import pytest

    @pytest.fixture
    def tenants(make_tenant, as_tenant):
        tenants = [make_tenant("acme"), make_tenant("globex")]
        for tenant in tenants:
            with as_tenant(tenant, tenant.admin_id) as connection:
                connection.execute(
                    "INSERT INTO dsvault.datasets (name, owner_id)"
                    " SELECT n, dsvault.current_user_id() FROM (VALUES ('one'), ('two')) AS s (n)")
        return tenants
"""


@pytest.fixture(autouse=True)
def _no_plugins_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have applications load no plugin that they do not name: it takes most of their time."""
    if not IS_INSTALLED:
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


@pytest.fixture(scope="module")
def shared(server: Cluster, deployer: Deployer, vault_template: str) -> Iterator[Database]:
    """A vault for all applications of this module."""
    with new_database(server, deployer, vault_template) as database:
        yield database


@pytest.fixture
def run(pytester: pytest.Pytester, shared: Database):  # noqa: ANN201
    """A function that runs an application's tests on the shared vault."""
    pytester.makeconftest(TWO_TENANTS)

    def run_tests(text: str, *arguments: str) -> pytest.RunResult:
        pytester.makepyfile(text)
        # A process of its own: pytest would take the modules that it imports back from this one.
        return pytester.runpytest_subprocess(
            *(*PLUGIN, "-p", "no:cacheprovider"),
            f"--dsvault-target={shared.superuser_url}",
            *arguments,
        )

    return run_tests


def test_as_tenant_acts_as_a_user_and_takes_it_back(run) -> None:  # noqa: ANN001
    run("""
        COUNT = "SELECT count(*) FROM dsvault.datasets"
        WHO = "SELECT current_user::text, current_setting('app.current_tenant_id', true)"

        def test(tenants, as_tenant, make_user, dsvault_connection):
            acme = tenants[0]
            before = dsvault_connection.execute(WHO).fetchone()
            with as_tenant(acme, acme.admin_id) as connection:
                assert connection.execute(WHO).fetchone() == ("dsvault_app", str(acme.id))
                assert connection.execute(COUNT).fetchone() == (2,)
                with as_tenant(acme.id, role="dsvault_reader"):
                    assert connection.execute(WHO).fetchone()[0] == "dsvault_reader"
                assert connection.execute(WHO).fetchone() == ("dsvault_app", str(acme.id))
            assert dsvault_connection.execute(WHO).fetchone()[0] == before[0]
            assert not dsvault_connection.execute(WHO).fetchone()[1]
            with as_tenant(acme, make_user(acme)) as connection:
                assert connection.execute(COUNT).fetchone() == (0,)
            with as_tenant(acme, make_user(acme, "dataset:read")) as connection:
                assert connection.execute(COUNT).fetchone() == (2,)
    """).assert_outcomes(passed=1)


def test_as_tenant_is_taken_back_after_an_error(run) -> None:  # noqa: ANN001
    run("""
        import psycopg, pytest

        def test(tenants, as_tenant, dsvault_connection):
            acme, globex = tenants
            with pytest.raises(ZeroDivisionError), as_tenant(acme, acme.admin_id):
                raise ZeroDivisionError
            with as_tenant(acme, acme.admin_id) as connection:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute("TRUNCATE dsvault.datasets")
            with pytest.raises(psycopg.errors.Error, match="no live user"):
                with as_tenant(acme, globex.admin_id):
                    pass
            row = dsvault_connection.execute("SELECT current_user = session_user").fetchone()
            assert row == (True,)
    """).assert_outcomes(passed=1)


def test_what_a_test_does_is_gone_in_the_next(run) -> None:  # noqa: ANN001
    run("""
        def test_one(tenants, dsvault_connection):
            sql = "SELECT count(*) FROM dsvault.tenants WHERE slug = 'acme'"
            assert dsvault_connection.execute(sql).fetchone() == (1,)

        def test_two(dsvault_connection):
            sql = "SELECT count(*) FROM dsvault.tenants WHERE slug = 'acme'"
            assert dsvault_connection.execute(sql).fetchone() == (0,)
    """).assert_outcomes(passed=2)


def test_isolated_queries_pass(run) -> None:  # noqa: ANN001
    run("""
        import pytest

        @pytest.mark.parametrize("query", [
            "SELECT * FROM dsvault.datasets",
            "SELECT name, owner_id FROM dsvault.datasets",
            "SELECT * FROM dsvault.roles",
            "SELECT id AS tenant_id, slug FROM dsvault.tenants",
            "SELECT * FROM dsvault.datasets WHERE name = 'one'",
        ])
        @pytest.mark.parametrize("role", ["dsvault_app", "dsvault_reader"])
        def test(tenants, assert_isolated, query, role):
            assert_isolated(query, role=role)

        def test_parameters(tenants, assert_isolated):
            assert_isolated("SELECT * FROM dsvault.datasets WHERE name = %s", ["two"])
            assert_isolated("SELECT * FROM dsvault.datasets WHERE name = %(n)s", {"n": "two"})
    """).assert_outcomes(passed=11)


def test_a_query_that_shows_other_tenants_rows_fails(run) -> None:  # noqa: ANN001
    result = run("""
        def test(tenants, assert_isolated, dsvault_connection):
            dsvault_connection.execute(
                "CREATE VIEW dsvault.leak AS SELECT tenant_id, name FROM dsvault.datasets")
            dsvault_connection.execute("GRANT SELECT ON dsvault.leak TO dsvault_app")
            assert_isolated("SELECT * FROM dsvault.leak")
    """)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["not isolated: SELECT * FROM dsvault.leak", "tenant * sees 2 rows of others"]
    )


def test_a_query_without_tenant_id_that_leaks_fails_too(run) -> None:  # noqa: ANN001
    result = run("""
        def test(tenants, assert_isolated, dsvault_connection):
            dsvault_connection.execute(
                "CREATE VIEW dsvault.leak AS SELECT name FROM dsvault.datasets")
            dsvault_connection.execute("GRANT SELECT ON dsvault.leak TO dsvault_app")
            assert_isolated("SELECT * FROM dsvault.leak")
    """)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["the tenants together see 4 rows too many"])


def test_a_query_that_hides_a_tenants_own_rows_fails(run) -> None:  # noqa: ANN001
    result = run("""
        def test(tenants, assert_isolated, dsvault_connection):
            dsvault_connection.execute(
                "ALTER POLICY dataset_read_policy ON dsvault.datasets USING (name = 'one'"
                " AND tenant_id = (SELECT dsvault.current_tenant_id()))")
            assert_isolated("SELECT tenant_id, name FROM dsvault.datasets")
    """)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["tenant * misses 1 row of its own", '*, "two")'])


def test_a_query_that_multiplies_rows_fails(run) -> None:  # noqa: ANN001
    result = run("""
        def test(tenants, assert_isolated):
            assert_isolated(
                "SELECT tenant_id FROM dsvault.datasets, generate_series(1, 1 +"
                " (current_setting('app.current_tenant_id', true) <> '')::int)")
    """)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["tenant * sees * too many"])


def test_one_tenant_or_no_rows_prove_nothing(run) -> None:  # noqa: ANN001
    result = run("""
        def test_no_rows(tenants, assert_isolated):
            assert_isolated("SELECT * FROM dsvault.records")

        def test_one_tenant(make_tenant, assert_isolated):
            make_tenant()
            assert_isolated("SELECT * FROM dsvault.roles")

        def test_one_of_two(tenants, assert_isolated):
            acme, globex = tenants
            assert_isolated(
                "SELECT * FROM dsvault.datasets", people={acme.id: acme.admin_id})
    """)
    result.assert_outcomes(failed=3)
    assert result.stdout.str().count("this proves nothing") >= 3


def test_a_query_that_writes_is_asked_each_time_of_the_same_rows(run) -> None:  # noqa: ANN001
    result = run("""
        def test_own_rows(tenants, assert_isolated, dsvault_connection):
            count = "SELECT count(*) FROM dsvault.datasets"
            before = dsvault_connection.execute(count).fetchone()
            assert_isolated("DELETE FROM dsvault.datasets RETURNING tenant_id, name")
            assert dsvault_connection.execute(count).fetchone() == before

        def test_without_rows(tenants, assert_isolated):
            assert_isolated("UPDATE dsvault.datasets SET description = 'x'")
    """)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*this proves nothing*"])


def test_people_can_be_chosen(run) -> None:  # noqa: ANN001
    run("""
        def test(tenants, assert_isolated, make_user):
            people = {tenant.id: make_user(tenant, "dataset:read") for tenant in tenants}
            assert_isolated("SELECT * FROM dsvault.datasets", people=people)
    """).assert_outcomes(passed=1)


def test_an_application_gets_a_login_of_its_own(run, shared: Database, server: Cluster) -> None:  # noqa: ANN001
    made = "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'dsvault_pytest_%'"
    run("""
        import psycopg
        import pytest
        from dsvault.errors import DsvaultError

        def test(dsvault_database):
            url = dsvault_database.url_as("reader")
            assert url.startswith("postgresql://dsvault_pytest_reader_")
            assert url == dsvault_database.url_as("reader") != dsvault_database.url_as("app")
            with psycopg.connect(url) as connection:
                assert connection.execute("SELECT count(*) FROM datasets").fetchone() == (0,)
                row = connection.execute("SELECT count(*) FROM pg_roles"
                    " WHERE rolname LIKE 'dsvault_pytest_%'").fetchone()
                assert row == (2,)
            assert "postgresql" not in repr(dsvault_database)
            with pytest.raises(DsvaultError, match="A login is no owner"):
                dsvault_database.url_as("owner")
    """).assert_outcomes(passed=1)
    assert server.admin.execute(made).fetchone() == (0,)


def test_what_is_missing_is_deployed_to_a_target(
    pytester: pytest.Pytester, empty_database: Database
) -> None:
    pytester.makepyfile("""
        def test(make_tenant):
            assert make_tenant("acme").slug == "acme"
    """)
    for _ in range(2):
        pytester.runpytest_subprocess(
            *PLUGIN, f"--dsvault-target={empty_database.superuser_url}"
        ).assert_outcomes(passed=1)
    with psycopg.connect(empty_database.superuser_url) as conn:
        assert conn.execute("SELECT count(*) FROM dsvault.tenants").fetchone() == (1,)


def test_the_readmes_example_works_on_a_temporary_server(pytester: pytest.Pytester) -> None:
    text = (project_root() / "sql" / "policies" / "README.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    pytester.makepyfile(example)
    result = pytester.runpytest_subprocess(*PLUGIN)
    result.assert_outcomes(passed=example.count("def test_"))


def test_the_plugin_is_an_entry_point_of_pytest() -> None:
    import tomllib

    text = (project_root() / "pyproject.toml").read_text(encoding="utf-8")
    entries = tomllib.loads(text)["project"]["entry-points"]
    assert entries == {"pytest11": {"dsvault": "dsvault.pytest_plugin"}}


def test_a_run_without_the_fixtures_loads_nothing_of_the_toolkit(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile("""
        import sys

        def test():
            loaded = [name for name in sys.modules if name.startswith("dsvault.")]
            assert loaded == ["dsvault.pytest_plugin"]
    """)
    pytester.runpytest_subprocess(*PLUGIN).assert_outcomes(passed=1)
