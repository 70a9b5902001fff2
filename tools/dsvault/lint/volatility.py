"""Which expressions may give another value tomorrow, or for the next row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.tree import function_name, inner, literal, name_of, strings, type_name, walk

if TYPE_CHECKING:
    from dsvault.lint.catalog import Catalog
    from dsvault.lint.tree import Node

VOLATILE = frozenset(
    {
        "random", "random_normal", "clock_timestamp", "timeofday", "gen_random_uuid", "uuidv4",
        "uuidv7", "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4", "nextval",
        "setval", "currval", "lastval", "gen_random_bytes", "gen_salt", "pg_sleep", "setseed",
        "set_config", "txid_current", "pg_current_xact_id",
    }
)  # fmt: skip
STABLE = frozenset(
    {
        "now", "transaction_timestamp", "statement_timestamp", "current_setting", "age",
        "to_char", "to_timestamp", "to_date", "current_database", "current_schema",
        "current_schemas", "pg_backend_pid", "inet_client_addr", "to_tsvector", "to_tsquery",
        "plainto_tsquery", "phraseto_tsquery", "websearch_to_tsquery", "timezone", "date_trunc",
        "to_regclass", "concat", "concat_ws", "format", "array_to_string", "to_json", "to_jsonb",
        "json_build_object", "jsonb_build_object", "row_to_json", "pg_get_userbyid",
        "has_table_privilege", "unaccent", "pg_typeof", "quote_nullable",
    }
)  # fmt: skip
# Stable only for some types of arguments: the text alone cannot tell.
_DEPENDS = {"age", "date_trunc", "timezone", "to_timestamp"}
_CONFIGURED = {
    "to_tsvector", "to_tsquery", "plainto_tsquery", "phraseto_tsquery", "websearch_to_tsquery",
}  # fmt: skip
_TEXTS = ("text", "character", "name", "citext")
_SESSION_VALUES = {
    "SVFOP_CURRENT_DATE", "SVFOP_CURRENT_TIME", "SVFOP_CURRENT_TIME_N", "SVFOP_CURRENT_TIMESTAMP",
    "SVFOP_CURRENT_TIMESTAMP_N", "SVFOP_LOCALTIME", "SVFOP_LOCALTIMESTAMP", "SVFOP_CURRENT_ROLE",
    "SVFOP_CURRENT_USER", "SVFOP_USER", "SVFOP_SESSION_USER", "SVFOP_CURRENT_CATALOG",
    "SVFOP_CURRENT_SCHEMA",
}  # fmt: skip


def volatile_call(catalog: Catalog, node: object) -> str | None:
    """Return the name of a function that is volatile for certain, the first that is called."""
    for kind, fields in walk(node):
        if kind == "FuncCall":
            name = function_name(fields)
            if name in VOLATILE or _declared(catalog, fields) == "volatile":
                return name
    return None


def not_immutable_call(catalog: Catalog, node: object) -> str | None:
    """Return what in an expression is stable or volatile for certain, None if nothing is."""
    for kind, fields in walk(node):
        if kind == "SQLValueFunction" and fields.get("op") in _SESSION_VALUES:
            return str(fields["op"]).removeprefix("SVFOP_").lower()
        if kind == "FuncCall":
            found = _of_call(catalog, fields)
            if found:
                return found
        if kind == "TypeCast" and is_moment(fields):
            return f"'{literal(fields['arg'])}'"
    return None


def _of_call(catalog: Catalog, fields: Node) -> str | None:
    name = function_name(fields)
    declared = _declared(catalog, fields)
    if declared is not None:
        return name if declared in {"stable", "volatile"} else None
    if name in VOLATILE:
        return name
    if name in _CONFIGURED:
        return name if len(fields.get("args", ())) == 1 else None
    if name == "age" and len(fields.get("args", ())) == 1:
        return name  # from today on
    return name if name in STABLE and name not in _DEPENDS else None


def _declared(catalog: Catalog, fields: Node) -> str | None:
    """Return the volatility of a function that the text makes, None if it makes none."""
    name = name_of(strings(fields.get("funcname")))
    if name[0] == "pg_catalog":
        return None
    found = {function.volatility for function in catalog.overloads(name)}
    return found.pop() if len(found) == 1 else None


def is_moment(cast: Node) -> bool:
    """Say whether a cast makes a moment of a word: 'now'::timestamp, and today and its like.

    'now'::text is a word still, which ('now'::text)::date reads anew for each row.
    """
    text = (literal(cast.get("arg")) or "").strip().lower() if is_word(cast.get("arg")) else ""
    is_time = type_name(cast.get("typeName")).startswith(("timestamp", "date", "time"))
    return is_time and text in {"now", "today", "tomorrow", "yesterday"}


def is_word(node: Node | None) -> bool:
    """Say whether a constant is read as what it is written beside, not as text first."""
    kind, fields = inner(node)
    is_text = kind == "TypeCast" and type_name(fields.get("typeName")).startswith(_TEXTS)
    return not is_text and (kind != "TypeCast" or is_word(fields.get("arg")))
