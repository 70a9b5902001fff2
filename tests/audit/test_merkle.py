"""The tree functions in SQL say what RFC 9162 defines, for every size and every place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.audit import rfc9162
from tests.support.actors import as_role

if TYPE_CHECKING:
    from collections.abc import Sequence

SIZES = range(70)
# Entries of many lengths, an empty one among them.
ENTRIES = [bytes([number]) * (number % 5) for number in SIZES]


def ask(conn: psycopg.Connection, question: str, *values: object) -> object:
    row = conn.execute(f"SELECT {question}".encode(), values).fetchone()
    assert row is not None
    return row[0]


def hashes(entries: Sequence[bytes]) -> bytes:
    return b"".join(map(rfc9162.leaf, entries))


def flipped(value: bytes, place: int) -> bytes:
    return bytes([*value[:place], value[place] ^ 1, *value[place + 1 :]])


def test_the_root_is_that_of_the_definition_for_every_size(conn: psycopg.Connection) -> None:
    for size in SIZES:
        entries = ENTRIES[:size]
        expected = rfc9162.root(entries)
        assert ask(conn, "dsvault.merkle_root(%s::bytea[])", entries) == expected, size
        assert ask(conn, "dsvault.merkle_leaf_hashes(%s::bytea[])", entries) == hashes(entries)
        assert ask(conn, "dsvault.merkle_root_of_hashes(%s)", hashes(entries)) == expected


def test_every_leaf_of_every_tree_has_the_path_of_the_definition(conn: psycopg.Connection) -> None:
    for size in range(1, 20):
        entries = ENTRIES[:size]
        root = rfc9162.root(entries)
        for index in range(size):
            path = rfc9162.path(index, entries)
            answer = conn.execute(
                """SELECT dsvault.merkle_inclusion_proof(%(hashes)s, %(index)s),
                       dsvault.merkle_verify_inclusion(
                           %(leaf)s, %(index)s, %(size)s, %(path)s::bytea[], %(root)s)""",
                {"hashes": hashes(entries), "index": index, "size": size, "path": path,
                 "root": root, "leaf": rfc9162.leaf(entries[index])},
            ).fetchone()  # fmt: skip
            assert answer == (path, True), (size, index)


def test_every_growth_has_the_proof_of_the_definition(conn: psycopg.Connection) -> None:
    for size in range(1, 20):
        entries = ENTRIES[:size]
        for old in range(1, size + 1):
            proof = rfc9162.proof(old, entries)
            answer = conn.execute(
                """SELECT dsvault.merkle_consistency_proof(%(hashes)s, %(old)s),
                       dsvault.merkle_verify_consistency(
                           %(old)s, %(size)s, %(old_root)s, %(root)s, %(proof)s::bytea[])""",
                {"hashes": hashes(entries), "old": old, "size": size, "proof": proof,
                 "old_root": rfc9162.root(entries[:old]), "root": rfc9162.root(entries)},
            ).fetchone()  # fmt: skip
            assert answer == (proof, True), (size, old)


@pytest.mark.parametrize("size", [2, 7, 8, 11])
def test_a_false_path_is_not_believed(conn: psycopg.Connection, size: int) -> None:
    entries = ENTRIES[:size]
    index, root = size // 2, rfc9162.root(entries)
    path = rfc9162.path(index, entries)
    verify = "dsvault.merkle_verify_inclusion(%s, %s, %s, %s::bytea[], %s)"
    right = [rfc9162.leaf(entries[index]), index, size, path, root]
    assert ask(conn, verify, *right) is True
    wrong: list[tuple[int, object]] = [
        *((0, flipped(rfc9162.leaf(entries[index]), place)) for place in (0, 31)),
        *((1, other) for other in range(size) if other != index),
        (1, -1),
        (1, size),
        (2, size * 2 + 1),
        (2, 1),
        (3, path[:-1]),
        (3, [*path, root]),
        *((3, [*path[:n], flipped(path[n], 5), *path[n + 1 :]]) for n in range(len(path))),
        (4, flipped(root, 0)),
        *((place, None) for place in range(5)),
    ]
    for place, value in wrong:
        claims = [*right[:place], value, *right[place + 1 :]]
        assert ask(conn, verify, *claims) is False, (place, value)


@pytest.mark.parametrize(("old", "size"), [(1, 2), (3, 7), (4, 7), (6, 8), (8, 11)])
def test_a_false_growth_is_not_believed(conn: psycopg.Connection, old: int, size: int) -> None:
    entries = ENTRIES[:size]
    proof = rfc9162.proof(old, entries)
    verify = "dsvault.merkle_verify_consistency(%s, %s, %s, %s, %s::bytea[])"
    right = [old, size, rfc9162.root(entries[:old]), rfc9162.root(entries), proof]
    assert ask(conn, verify, *right) is True
    wrong: list[tuple[int, object]] = [
        (0, 0),
        (0, size + 1),
        (0, size),
        (1, old),
        (2, flipped(rfc9162.root(entries[:old]), 0)),
        (2, rfc9162.root([*entries[: old - 1], b"other"])),
        (3, flipped(rfc9162.root(entries), 9)),
        (4, []),
        (4, [*proof, proof[0]]),
        *((4, [*proof[:n], flipped(proof[n], 7), *proof[n + 1 :]]) for n in range(len(proof))),
        *((place, None) for place in range(5)),
    ]
    for place, value in wrong:
        claims = [*right[:place], value, *right[place + 1 :]]
        assert ask(conn, verify, *claims) is False, (place, value)


@pytest.mark.parametrize(
    "question",
    [
        "dsvault.merkle_inclusion_proof('', 0)",
        "dsvault.merkle_inclusion_proof(sha256(''), 1)",
        "dsvault.merkle_inclusion_proof(sha256(''), -1)",
        "dsvault.merkle_inclusion_proof(sha256(''), NULL)",
        "dsvault.merkle_consistency_proof(sha256(''), 0)",
        "dsvault.merkle_consistency_proof(sha256(''), 2)",
    ],
)
def test_a_place_that_there_is_not_is_an_error(conn: psycopg.Connection, question: str) -> None:
    with pytest.raises(psycopg.Error) as refused:
        ask(conn, question)
    assert refused.value.sqlstate == "DV811"


def test_applications_may_build_trees_of_their_own(conn: psycopg.Connection) -> None:
    with as_role(conn, "dsvault_app"):
        assert ask(conn, "dsvault.merkle_root(ARRAY['a'::bytea])") == rfc9162.leaf(b"a")
