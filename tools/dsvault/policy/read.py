"""Reads the declared matrix from TOML, and refuses what does not make sense. Pure."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, NoReturn

from dsvault.policy.conditions import Condition, Word, parse_condition
from dsvault.policy.errors import MatrixError
from dsvault.policy.model import Command, Floor, Matrix, ReadFloor, Role, Rule, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

_ALL = "ALL"
_COMMANDS = {command.value: (command,) for command in Command} | {_ALL: tuple(Command)}
_WITH_COLUMNS = {Command.SELECT, Command.INSERT, Command.UPDATE}


def read_matrix(path: Path) -> Matrix:
    """Read the matrix from a file.

    :raises MatrixError: there is no such file, or parse_matrix refuses it.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise MatrixError(f"Cannot read {path}", detail=str(error)) from None
    return parse_matrix(text, path.name)


def parse_matrix(text: str, name: str = "matrix.toml") -> Matrix:
    """Read the matrix from the text of its file; name stands in messages.

    :raises MatrixError: it is not TOML, lacks something, has something unknown, or contradicts
        itself.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MatrixError(f"{name} is not valid TOML", detail=str(error)) from None
    head = _section(content, "matrix", name)
    _known(head, {"roles", "floor"}, f"{name}: [matrix]")
    roles = tuple(
        _role(key, value, f"{name}: [matrix.roles] {key}")
        for key, value in _section(head, "roles", name).items()
    )
    keys = {role.key for role in roles if not role.is_public}
    floor = _floor(_section(head, "floor", name), keys, f"{name}: [matrix.floor]")
    tables = tuple(
        _table(key, value, keys, f"{name}: [{key}]")
        for key, value in content.items()
        if key != "matrix"
    )
    return Matrix(roles, floor, tables)


def _role(key: str, value: Any, where: str) -> Role:  # noqa: ANN401 - TOML may hold anything
    fields = _fields(value, {"name", "about"}, where)
    return Role(key, _text(fields, "name", where), _text(fields, "about", where))


def _floor(value: Mapping[str, Any], keys: set[str], where: str) -> Floor:
    _known(value, {_ALL, "if", "says", "restated"}, where)
    return Floor(
        _roles(value.get(_ALL), keys, where),
        parse_condition(_text(value, "if", where), {}, where),
        _text(value, "says", where),
        _text(value, "restated", where),
    )


def _table(name: str, value: Any, keys: set[str], where: str) -> Table:  # noqa: ANN401
    if not isinstance(value, dict):
        _refuse(where, "is no table of the vault")
    words = tuple(
        _word(key, word, f"{where} words.{key}") for key, word in value.get("words", {}).items()
    )
    by_name = {word.name: word for word in words}
    named = {key: rule for key, rule in value.items() if isinstance(rule, dict)}
    named = {key: rule for key, rule in named.items() if key not in {"words", "read_floor"}}
    _known(value, {"about", "tenant", "floor", "read_floor", "words", *named}, where)
    rules = tuple(_rule(key, rule, by_name, keys, where) for key, rule in named.items())
    table = Table(
        name=name,
        about=_text(value, "about", where),
        tenant_column=value.get("tenant", "tenant_id"),
        floor=_text(value, "floor", where),
        read_floor=_read_floor(value.get("read_floor"), rules, where),
        words=words,
        rules=rules,
    )
    _refuse_doubles(table, where)
    return table


def _read_floor(value: Any, rules: Sequence[Rule], where: str) -> ReadFloor | None:  # noqa: ANN401
    if value is None:
        return None
    where = f"{where} read_floor"
    fields = _fields(value, {"policy", "rule"}, where)
    policy, name = _text(fields, "policy", where), _text(fields, "rule", where)
    reading = {rule.policy: rule for rule in rules if rule.commands == (Command.SELECT,)}
    if name not in reading:
        _refuse(where, f"names the rule {name!r}, which is none of the table about SELECT")
    return ReadFloor(policy, reading[name])


def _word(name: str, value: Any, where: str) -> Word:  # noqa: ANN401
    fields = _fields(value, {"column", "is", "within", "about"}, where)
    column, about = _text(fields, "column", where), _text(fields, "about", where)
    if fields.get("within") == "mine" and "is" not in fields:
        return Word(name, column, about, is_within=True)
    found = fields.get("is")
    if not isinstance(found, str | bool) or "within" in fields:
        _refuse(where, 'needs either is = "me", is = <text or true or false> or within = "mine"')
    if found == "me":
        return Word(name, column, about, is_me=True)
    if found == "unset":
        return Word(name, column, about, is_unset=True)
    return Word(name, column, about, value=found)


def _rule(
    policy: str, value: Mapping[str, Any], words: Mapping[str, Word], keys: set[str], where: str
) -> Rule:
    where = f"{where[:-1]}.{policy}]"
    named = [key for key in value if key in _COMMANDS]
    if len(named) != 1:
        _refuse(where, f"names {len(named)} commands; a rule is one policy for one command or ALL")
    commands = _COMMANDS[named[0]]
    _known(value, {named[0], "columns", "if", "check", "says"}, where)
    condition = parse_condition(_text(value, "if", where), words, where)
    return Rule(
        policy=policy,
        commands=commands,
        roles=_roles(value[named[0]], keys, where),
        columns=_columns(value, commands, where),
        condition=condition,
        check=_check(value, condition, commands, words, where),
        says=_text(value, "says", where),
    )


def _columns(
    value: Mapping[str, Any], commands: tuple[Command, ...], where: str
) -> tuple[str, ...] | None:
    columns = value.get("columns")
    if columns is None:
        return None
    if len(commands) > 1 or commands[0] not in _WITH_COLUMNS:
        _refuse(where, "has columns; only SELECT, INSERT and UPDATE take some")
    return _names(columns, where, "columns")


def _check(
    value: Mapping[str, Any],
    condition: Condition,
    commands: tuple[Command, ...],
    words: Mapping[str, Word],
    where: str,
) -> Condition:
    if "check" not in value:
        return condition
    if Command.UPDATE not in commands:
        _refuse(where, "has a check; only UPDATE and ALL take one beside if")
    return parse_condition(_text(value, "check", where), words, where)


def _refuse_doubles(table: Table, where: str) -> None:
    """Refuse two rules for the same role and command: permissive policies add up."""
    seen: dict[tuple[str, Command], str] = {}
    for rule in table.rules:
        for role in rule.roles:
            for command in rule.commands:
                other = seen.setdefault((role, command), rule.policy)
                if other != rule.policy:
                    _refuse(
                        where, f"{other} and {rule.policy} are both about {role} {command.value}"
                    )


def _roles(value: Any, keys: set[str], where: str) -> tuple[str, ...]:  # noqa: ANN401
    names = _names(value, where, "roles")
    for name in names:
        if name not in keys:
            _refuse(where, f"names the role {name!r}; [matrix.roles] has {', '.join(sorted(keys))}")
    return names


def _names(value: Any, where: str, what: str) -> tuple[str, ...]:  # noqa: ANN401
    if not isinstance(value, list) or not value or not all(isinstance(name, str) for name in value):
        _refuse(where, f"needs its {what} as a list of names")
    if len(set(value)) < len(value):
        _refuse(where, f"names one of its {what} twice")
    return tuple(value)


def _section(content: Mapping[str, Any], key: str, name: str) -> Mapping[str, Any]:
    value = content.get(key)
    if not isinstance(value, dict) or not value:
        raise MatrixError(f"{name} has no section for {key}")
    return value


def _fields(value: Any, names: set[str], where: str) -> Mapping[str, Any]:  # noqa: ANN401
    if not isinstance(value, dict):
        _refuse(where, f"needs {{ {', '.join(sorted(names))} }}")
    _known(value, names, where)
    return value


def _known(value: Mapping[str, Any], names: Iterable[str], where: str) -> None:
    unknown = sorted(set(value) - set(names))
    if unknown:
        _refuse(where, f"has the unknown key {unknown[0]!r}")


def _text(value: Mapping[str, Any], key: str, where: str) -> str:
    text = value.get(key)
    if not isinstance(text, str) or not text.strip():
        _refuse(where, f"needs {key} = a text")
    return text


def _refuse(where: str, fault: str) -> NoReturn:
    raise MatrixError(f"{where}: {fault}" if where.endswith("]") else f"{where} {fault}")
