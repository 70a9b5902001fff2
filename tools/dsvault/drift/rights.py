"""The statements that put right what roles are, own, hold and are members of. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dsvault.drift.names import quoted
from dsvault.drift.privileges import default_privileges, privileges, regrant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dsvault.drift.facts import Difference

OWNER = re.compile(r" ?OWNER (\S+)")
_DEFAULTS = re.compile(
    r"default privileges of (?P<role>.+?)(?: in schema (?P<schema>.+))? on (?P<objects>\w+)"
)


def _grants(difference: Difference, name: str) -> Iterator[str]:
    grantee = difference.thing.name
    on = f"ROUTINE {name}" if "(" in name else name.replace("schema ", "SCHEMA ", 1)
    yield from regrant(
        on,
        grantee,
        privileges(difference.expected, grantee),
        privileges(difference.found, grantee),
    )


def defaults(difference: Difference) -> Iterator[str]:
    """Yield what sets default privileges right."""
    match = _DEFAULTS.fullmatch(difference.thing.subject)
    if match is None:
        return
    begin = f"ALTER DEFAULT PRIVILEGES FOR ROLE {quoted(match['role'])}"
    begin += f" IN SCHEMA {match['schema']}" if match["schema"] else ""
    # Those of a schema add to the others; where there are none, nothing is added.
    objects = match["objects"] if not match["schema"] else ""
    expected = default_privileges(difference.expected, objects)
    found = default_privileges(difference.found, objects)
    for grantee in sorted(expected.keys() | found.keys()):
        for statement in regrant(
            match["objects"].upper(),
            grantee,
            expected.get(grantee, set()),
            found.get(grantee, set()),
        ):
            yield f"{begin} {statement}"


def _owner(difference: Difference, name: str) -> Iterator[str]:
    owner = OWNER.search(difference.expected[0])
    if owner:
        yield f"ALTER {name.replace('schema ', 'SCHEMA ', 1)} OWNER TO {quoted(owner[1])};"


def _attributes(difference: Difference, name: str) -> Iterator[str]:
    planned, there = (set(texts[0].split()) for texts in (difference.expected, difference.found))
    words = sorted(planned - there)
    opposites = {word.removeprefix("NO") for word in words}
    words += sorted(
        f"NO{word}" for word in there - planned if word.removeprefix("NO") not in opposites
    )
    yield f"ALTER ROLE {quoted(name.removeprefix('role '))} {' '.join(words)};"


def _membership(difference: Difference, name: str) -> Iterator[str]:
    group, member = quoted(difference.thing.name), quoted(name.removeprefix("role "))
    planned, there = " ".join(difference.expected), " ".join(difference.found)
    if not planned:
        yield f"REVOKE {group} FROM {member};"
        return
    is_admin, was_admin = " WITH ADMIN" in planned, " WITH ADMIN" in there
    if was_admin and not is_admin:
        yield f"REVOKE ADMIN OPTION FOR {group} FROM {member};"
    if not there or (is_admin and not was_admin):
        yield f"GRANT {group} TO {member}{' WITH ADMIN OPTION' if is_admin else ''};"
    inherits = " WITH INHERIT" in planned
    if there and inherits != (" WITH INHERIT" in there):
        option = "TRUE" if inherits else "FALSE"
        yield f"GRANT {group} TO {member} WITH INHERIT {option}; -- from PostgreSQL 16 on"


def _leave_to_create(difference: Difference, name: str) -> Iterator[str]:
    for text in difference.found:
        privilege = text.removeprefix(f"{difference.thing.name} holds ").partition(" ")[0]
        who = "PUBLIC" if difference.thing.name == "PUBLIC" else quoted(difference.thing.name)
        yield f"REVOKE {privilege} ON {name.replace('schema ', 'SCHEMA ', 1)} FROM {who};"


BY_KIND: dict[str, Callable[[Difference, str], Iterator[str]]] = {
    "grants for": _grants,
    "grants on columns for": _grants,
    "owner": _owner,
    "attributes": _attributes,
    "membership in": _membership,
    "leave to create for": _leave_to_create,
}
