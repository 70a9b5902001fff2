"""The statements that lead from what was found to what is planned, by kind of thing. Pure.

Each function takes a difference and the name of what it is about, a table's, say, or a partition's;
it yields nothing where only the change's script, or a person, can tell what to do.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dsvault.drift import rights
from dsvault.drift.facts import EXTRA, MISSING, PARTITIONS
from dsvault.drift.names import quoted
from dsvault.sqlscript.arguments import quote_literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dsvault.drift.facts import Difference

_WHOLE = tuple(
    (re.compile(pattern), word)
    for pattern, word in (
        (r"(?:partitioned )?table ", "TABLE"),
        (r"view ", "VIEW"),
        (r"materialized view ", "MATERIALIZED VIEW"),
        (r"relkind f ", "FOREIGN TABLE"),
        (r"(?:FUNCTION|PROCEDURE|AGGREGATE|WINDOW) ", "ROUTINE"),
        (r"relation of kind S", "SEQUENCE"),
        (r"type of kind d", "DOMAIN"),
        (r"(?:type|relation) of kind ", "TYPE"),
    )
)
_OPTIONS = re.compile(r" WITH \{(.*)\}")
_COLUMN = re.compile(
    r'(?P<name>"(?:[^"]|"")+"|\S+) (?P<type>.+?)(?P<not_null> NOT NULL)?'
    r"(?P<special> (?:IDENTITY|STORED|VIRTUAL).*?)?(?: DEFAULT (?P<default>.*))?",
    re.DOTALL,
)
_BROKEN = re.compile(r"(?: INVALID| NOT READY)+$")
_SWITCHED_OFF = re.compile(r" SWITCHED OFF$")


def statements(difference: Difference, name: str) -> Iterator[str]:
    """Yield what undoes a difference of a thing of that name, each statement a line."""
    thing = difference.thing
    if thing.subject.startswith("default "):
        yield from rights.defaults(difference)
    elif thing.kind == thing.subject:
        yield from _whole(difference, name)
    elif compose := _BY_KIND.get(thing.kind):
        yield from compose(difference, name)


def _whole(difference: Difference, name: str) -> Iterator[str]:
    """What nobody planned goes; what is gone is made by its script."""
    for pattern, word in _WHOLE:
        if difference.state == EXTRA and any(map(pattern.match, difference.found)):
            yield f"DROP {word} {name};"
            return


def _column(difference: Difference, name: str) -> Iterator[str]:
    column, table = difference.thing.name, f"ALTER TABLE {name}"
    if difference.state == EXTRA:
        yield f"{table} DROP COLUMN {column};"
        return
    [expected] = difference.expected
    planned = _COLUMN.fullmatch(expected)
    if planned is None or planned["special"]:
        return
    if difference.state == MISSING:
        yield f"{table} ADD COLUMN {expected};"
        return
    there = _COLUMN.fullmatch(difference.found[0])
    if there is None or there["special"]:
        return
    alter = f"{table} ALTER COLUMN {column}"
    if planned["type"] != there["type"]:
        yield f"{alter} TYPE {planned['type']};"
    if planned["default"] != there["default"]:
        default = planned["default"]
        yield f"{alter} SET DEFAULT {default};" if default else f"{alter} DROP DEFAULT;"
    if planned["not_null"] != there["not_null"]:
        yield f"{alter} {'SET' if planned['not_null'] else 'DROP'} NOT NULL;"


def _constraint(difference: Difference, name: str) -> Iterator[str]:
    constraint, table = difference.thing.name, f"ALTER TABLE {name}"
    [expected], [found] = difference.expected or ("",), difference.found or ("",)
    if found == f"{expected} NOT VALID":
        yield f"{table} VALIDATE CONSTRAINT {constraint};"
    elif _SWITCHED_OFF.sub("", found) == expected:
        yield f"{table} ENABLE TRIGGER ALL; -- as a superuser"
    else:
        parts = [f"DROP CONSTRAINT {constraint}"] if found else []
        parts += [f"ADD CONSTRAINT {expected}"] if expected else []
        yield f"{table} {', '.join(parts)};"


def _index(difference: Difference, name: str) -> Iterator[str]:
    index = f"{_schema(name)}{difference.thing.name}"
    if difference.found and (_BROKEN.sub("", difference.found[0]),) == difference.expected:
        yield f"REINDEX INDEX {index};"
    elif difference.found:
        yield f"DROP INDEX {index};"


def _schema(name: str) -> str:
    """Return the schema that a relation's indexes are in as well, and the point behind it."""
    match = re.match(r'(?:"(?:[^"]|"")+"|[^".]+)\.', name)
    return match[0] if match else ""


def _trigger(difference: Difference, name: str) -> Iterator[str]:
    if difference.state == EXTRA:
        yield f"DROP TRIGGER {difference.thing.name} ON {name};"


def _rule(difference: Difference, name: str) -> Iterator[str]:
    if difference.state == EXTRA:
        yield f"DROP RULE {difference.thing.name} ON {name};"


def _policy(difference: Difference, name: str) -> Iterator[str]:
    if difference.state == EXTRA:
        yield f"DROP POLICY {difference.thing.name} ON {name};"


def _row_security(difference: Difference, name: str) -> Iterator[str]:
    """Partitions have both, whatever was found: `ENABLE FORCE` of the plan is one fact of two."""
    words = " ".join(difference.expected).split(" ", 1)
    there = " ".join(difference.found).split(" ", 1)
    changed = [word for word in words if word and word not in there]
    if changed:
        parts = ", ".join(f"{word} ROW LEVEL SECURITY" for word in changed)
        yield f"ALTER TABLE {name} {parts};"


def _statistics(difference: Difference, _: str) -> Iterator[str]:
    if difference.found and difference.thing.name:
        yield f"DROP STATISTICS {difference.thing.name};"


def _comment(difference: Difference, name: str) -> Iterator[str]:
    """Comments are put back by scripts, but for those that scripts write once."""
    subject = difference.thing.subject
    text = (difference.expected or ("",))[0].partition(": ")[2]
    what = "none" if text == "(none)" else quote_literal(text).strip()
    if subject.startswith("role ") and len(difference.expected) == 1:
        yield f"COMMENT ON ROLE {quoted(subject[5:])} IS {what};"
    elif subject.startswith(PARTITIONS) and len(difference.expected) == 1:
        yield f"COMMENT ON TABLE {name} IS {what};"


def _comment_on(difference: Difference, name: str) -> Iterator[str]:
    if difference.state != EXTRA:
        return
    kind, _, part = difference.thing.name.partition(" ")
    if kind == "table":
        yield f"COMMENT ON TABLE {name} IS NULL;"
    elif kind == "index":
        yield f"COMMENT ON INDEX {part} IS NULL;"
    elif kind == "column":
        yield f"COMMENT ON COLUMN {name}.{part} IS NULL;"
    else:
        yield f"COMMENT ON {kind.upper()} {part} ON {name} IS NULL;"


def _kind_and_owner(difference: Difference, name: str) -> Iterator[str]:
    [expected], found = difference.expected, difference.found[0]
    owner, options = rights.OWNER.search(expected), _OPTIONS.search(expected)
    word = next(word for pattern, word in _WHOLE if pattern.match(found))
    if owner and owner[0] not in found:
        yield f"ALTER {word} {name} OWNER TO {quoted(owner[1])};"
    there = _OPTIONS.search(found)
    planned_options = set(options[1].split(",")) if options else set()
    there_options = set(there[1].split(",")) if there else set()
    if there_options - planned_options:
        names = sorted(option.partition("=")[0] for option in there_options - planned_options)
        yield f"ALTER {word} {name} RESET ({', '.join(names)});"
    if planned_options - there_options:
        yield f"ALTER {word} {name} SET ({', '.join(sorted(planned_options - there_options))});"
    if " UNLOGGED" in found and " UNLOGGED" not in expected:
        yield f"ALTER TABLE {name} SET LOGGED;"


def _signature(difference: Difference, name: str) -> Iterator[str]:
    """CREATE OR REPLACE keeps the owner, and refuses other results, names or defaults."""
    [expected], found = difference.expected, difference.found[0]
    owner = rights.OWNER.search(expected)
    if owner and owner[0] not in found:
        yield f"ALTER ROUTINE {name} OWNER TO {quoted(owner[1])};"
    if expected.partition(" LANGUAGE ")[0] != found.partition(" LANGUAGE ")[0]:
        yield f"DROP ROUTINE {name};"


_BY_KIND: dict[str, Callable[[Difference, str], Iterator[str]]] = {
    "column": _column,
    "constraint": _constraint,
    "index": _index,
    "trigger": _trigger,
    "rule": _rule,
    "policy": _policy,
    "row security": _row_security,
    "statistics": _statistics,
    "comment": _comment,
    "comment on": _comment_on,
    "kind and owner": _kind_and_owner,
    "signature": _signature,
    **rights.BY_KIND,
}
