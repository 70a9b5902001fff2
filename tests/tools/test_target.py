"""URIs and names of targets, and the passwords in them."""

from __future__ import annotations

import pytest

from dsvault.target import Target, TargetError, named_target, parse_target

NOBODY = {"USER": "me", "LOGNAME": "me"}


def parse(uri: str, **environ: str) -> Target:
    return parse_target(uri, environ=environ)


@pytest.mark.parametrize(
    ("uri", "conninfo", "display"),
    [
        ("postgresql://h/d", "postgresql://h/d", "postgresql://h/d"),
        ("postgres://u@h:5432/d", "postgresql://u@h:5432/d", "postgres://u@h:5432/d"),
        ("PostgreSQL://h/d", "postgresql://h/d", "PostgreSQL://h/d"),
        ("postgresql+psycopg2://h/d", "postgresql://h/d", "postgresql+psycopg2://h/d"),
        ("db:pg://u@h/d", "postgresql://u@h/d", "db:pg://u@h/d"),
        ("db:postgres:d", "postgresql:///d", "db:postgres:d"),
        ("db:postgresql:///d", "postgresql:///d", "db:postgresql:///d"),
        ("db:pg:d?sslmode=require", "postgresql:///d?sslmode=require", "db:pg:d?sslmode=require"),
        ("postgresql://[::1]:1,b:2/d", "postgresql://[::1]:1,b:2/d", "postgresql://[::1]:1,b:2/d"),
        ("postgresql://%2Ftmp/d", "postgresql://%2Ftmp/d", "postgresql://%2Ftmp/d"),
        ("postgresql:///?dbname=d", "postgresql:///?dbname=d", "postgresql:///?dbname=d"),
    ],
)
def test_every_form_becomes_libpqs_and_is_shown_as_written(
    uri: str, conninfo: str, display: str
) -> None:
    target = parse(uri)
    assert (target.conninfo, target.display) == (conninfo, display)


@pytest.mark.parametrize(
    ("uri", "display"),
    [
        ("postgresql://u:hunter2@h/d", "postgresql://u@h/d"),
        ("postgresql://:hunter2@h/d", "postgresql://h/d"),
        ("db:pg://u:p%40hunter2@h/d", "db:pg://u@h/d"),
        ("postgresql://h/d?password=hunter2", "postgresql://h/d"),
        ("postgresql://h/d?a=1&password=hunter2&b=2", "postgresql://h/d?a=1&b=2"),
        ("postgresql://h/d?sslpassword=hunter2&b=2", "postgresql://h/d?b=2"),
        ("postgresql://h/d?b=2&PASSWORD=hunter2", "postgresql://h/d?b=2"),
    ],
)
def test_no_password_is_shown(uri: str, display: str) -> None:
    target = parse(uri, SQITCH_PASSWORD="hunter2")
    assert target.display == display
    assert "hunter2" not in repr(target)
    assert "hunter2" in target.conninfo


def test_a_missing_database_is_named_as_libpq_will_take_it() -> None:
    assert parse("db:pg:", PGDATABASE="d", PGUSER="u").display == "db:pg:d"
    assert parse("db:pg://h", SQITCH_USERNAME="s", PGUSER="u").display == "db:pg://h/s"
    assert parse("db:pg://n@h", PGUSER="u").display == "db:pg://n@h/n"
    assert parse("db:pg:", PGUSER="u").display == "db:pg:u"


def test_sqitchs_variables_stand_above_the_uri() -> None:
    target = parse("postgresql://u:p@h/d", SQITCH_USERNAME="s", SQITCH_PASSWORD="q")
    assert (target.user, target.password) == ("s", "q")


@pytest.mark.parametrize(
    "uri",
    [
        "mysql://u:hunter2@h/d",
        "hunter2",
        "postgresql//hunter2",
        "postgresql://u:p@hunter2@h/d",
        "postgresql://u:hun/ter2@h/d",
        "postgresql://u:hunter2%@h/d",
        "postgresql://u:hunter2%zz@h/d",
        "postgresql://u:hunter2%00@h/d",
        "postgresql://u:hunter2?x@h/d",
        "postgresql://h:hunter2/d",
        "postgresql://h:1,b:hunter2/d",
        "postgresql://u:12?hunter2@h/d",
    ],
)
def test_what_cannot_be_understood_is_refused_without_repeating_it(uri: str) -> None:
    with pytest.raises(TargetError) as caught:
        parse(uri)
    assert "hunter2" not in "\n".join(caught.value.lines())
    assert "hun" not in str(caught.value)


def test_a_name_is_looked_up_in_the_configuration() -> None:
    keys = {"target.prod.uri": "db:pg://u:hunter2@h/d"}
    target = named_target("prod", keys.get, registry="meta", environ={})
    assert (target.display, target.registry) == ("prod", "meta")
    assert target.conninfo == "postgresql://u:hunter2@h/d"
    with pytest.raises(TargetError, match='Cannot find target "test"'):
        named_target("test", keys.get, environ={})
    assert named_target("db:pg:d", keys.get, environ={}).display == "db:pg:d"
