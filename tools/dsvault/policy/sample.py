"""Two tenants with rows in every table, and what is tried on them. Pure.

Values are texts as SQL literals hold them, None for NULL. Every row is small; ids are random, so
that the sample can stand beside real tenants in a transaction that is rolled back.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4

from dsvault.policy.conditions import SYSTEM_TENANT
from dsvault.policy.errors import MatrixError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Values = dict[str, str | None]

_HASH = "0" * 64
_SEAL = {
    "from_transaction": "0",
    "to_transaction": "1",
    "entry_count": "0",
    "root_hash": f"\\x{_HASH}",
    "previous_hash": f"\\x{_HASH}",
    "seal_hash": f"\\x{_HASH}",
    "sealed_at": "2000-01-01",
    "entry_ids": "{}",
    "leaf_hashes": "\\x",
}
_ARCHIVE = {
    "partition_name": "sample",
    "from_time": "2000-01-01",
    "to_time": "2000-02-01",
    "entry_count": "0",
    "places": "{}",
    "root_hash": f"\\x{_HASH}",
    "file_name": "sample",
    "file_hash": f"\\x{_HASH}",
    "archived_at": "2000-01-01",
}
# What the constraints take for a wrapped key, and for a ciphertext under a key.
_WRAPPED = "\\x445357010101" + "00" * 72
_MESSAGE = "sample"


@dataclass(frozen=True, slots=True)
class SampleRow:
    """A row of the sample."""

    table: str
    values: Values


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried on one table: a row to add, a change, and values that turn a word around.

    add leaves out the tenant, which a default fills in; implied are defaults that words look at.
    others maps a word's column to values that add does not have. Before rows are removed those of
    `dependents` go; `spared` is a column and value: a row that is not to be removed, since the
    trial rests on it.
    """

    add: Values
    change: Values
    implied: Values = field(default_factory=dict)
    others: Mapping[str, Sequence[str]] = field(default_factory=dict)
    dependents: tuple[str, ...] = ()
    spared: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """The sample: the ids that cases name, the rows in order of insertion, and the trials.

    me and theirs hold one role each; subjects are these roles, whose permissions a case sets.
    """

    own: str
    foreign: str
    new: str
    me: str
    theirs: str
    subjects: Sequence[str]
    rows: Sequence[SampleRow]
    trials: Mapping[str, Trial]
    names: Mapping[str, str]

    def trial(self, table: str) -> Trial:
        """Return what is tried on a table.

        :raises MatrixError: nobody has said it yet.
        """
        if table not in self.trials:
            raise MatrixError(
                f"There is no sample of the table {table}",
                hint="Add rows and a trial of it to tools/dsvault/policy/sample.py.",
            )
        return self.trials[table]

    @property
    def tenants(self) -> list[str]:
        """The tenants that a trial can touch."""
        return [self.own, self.foreign, self.new, SYSTEM_TENANT]

    def label(self, key: Iterable[str | None], tenant: str | None) -> str:
        """Return the name of a row for people, from its key and tenant."""
        parts = [self.names.get(value or "") for value in key if value != tenant]
        name = "+".join(part for part in parts if part)
        whose = self.names.get(tenant or "", f"tenant {tenant}")
        return f"{whose}/{name}" if name else whose


def new_sample(permissions: Iterable[str]) -> Sample:
    """Return a sample with new ids; permissions are all that a role can hold."""
    names = {key: str(uuid4()) for key in _NAMES}
    return Sample(
        own=names["own"],
        foreign=names["foreign"],
        new=names["new"],
        me=names["me"],
        theirs=names["theirs"],
        subjects=[names["subject"], names["their-subject"]],
        rows=_rows(names, json.dumps(sorted(permissions))),
        trials=_trials(names, json.dumps(sorted(permissions))),
        names={value: key for key, value in names.items()} | {SYSTEM_TENANT: "system"},
    )


_NAMES = (
    *("own", "foreign", "new"),  # tenants; new is not made
    *("me", "another", "theirs", "gone"),  # users
    *("subject", "spare", "wide", "template", "their-subject", "their-template"),  # roles
    *("mine", "another's", "their"),  # whatever belongs to these users
    *("my-deleted",),  # a dataset
    *("my-draft", "my-published", "another's-draft", "their-draft"),  # versions
    *("added",),  # the row that is tried to be added
)


def _rows(ids: Mapping[str, str], wide: str) -> list[SampleRow]:
    """Return all rows, referenced ones first."""
    own = ids["own"]
    rows = [
        SampleRow("tenants", {"id": ids[name], "name": name, "slug": f"policy-test-{ids[name]}"})
        for name in ("own", "foreign")
    ]
    rows += [
        _row("tenant_usage", ids[name], measure="published_versions") for name in ("own", "foreign")
    ]
    rows += [
        _row("tenant_erasures", ids[name], id=ids[name], slug=name) for name in ("own", "foreign")
    ]
    rows += [
        _row("users", tenant, id=ids[name], name=name, email=f"{name}@example.com")
        for name, tenant in (("me", own), ("another", own), ("theirs", ids["foreign"]))
    ]
    deleted = "2000-01-01"  # before this transaction
    rows.append(
        _row("users", own, id=ids["gone"], name="gone", email="gone@example.com",
            is_deleted="true", deleted_at=deleted)
    )  # fmt: skip
    rows += [
        _row("roles", tenant, id=ids[name], name=name, permissions=held, is_system_role=is_system)
        for name, tenant, held, is_system in (
            ("subject", own, "[]", "false"),
            ("spare", own, "[]", "false"),
            ("wide", own, wide, "false"),
            ("template", own, "[]", "true"),
            ("their-subject", ids["foreign"], "[]", "false"),
            ("their-template", ids["foreign"], "[]", "true"),
        )
    ]
    rows += [
        _row("user_roles", tenant, user_id=ids[user], role_id=ids[role])
        for user, role, tenant in (
            ("me", "subject", own),
            ("another", "spare", own),
            ("theirs", "their-subject", ids["foreign"]),
        )
    ]
    for name, user, tenant in (
        ("mine", "me", own),
        ("another's", "another", own),
        ("their", "theirs", ids["foreign"]),
    ):
        rows += _belongings(ids, name, ids[user], tenant)
    rows.append(
        _row("datasets", own, id=ids["my-deleted"], name="deleted", owner_id=ids["me"],
            deleted_at=deleted)
    )  # fmt: skip
    for name, dataset, user in (
        ("my-draft", "mine", "me"),
        ("my-published", "mine", "me"),
        ("another's-draft", "another's", "another"),
        ("their-draft", "their", "theirs"),
    ):
        tenant = ids["foreign"] if user == "theirs" else own
        rows += _version(ids[name], tenant, dataset=ids[dataset], author=ids[user], name=name)
    return rows


def _belongings(ids: Mapping[str, str], name: str, user: str, tenant: str) -> list[SampleRow]:
    """Return a row of each table whose rows belong to a user, or to nobody but the tenant."""
    key = ids[name]
    hashed = key.replace("-", "") * 2
    return [
        _row("schemas", tenant, id=key, name=name, definition="{}", created_by=user),
        _row(
            "encryption_keys",
            tenant,
            id=key,
            key_type="dataset" if name == "mine" else "field",
            kms_provider="local",
            kms_key_id="k",
            wrapped_key=_WRAPPED,
        ),
        _row("datasets", tenant, id=key, name=name, owner_id=user),
        _row(
            "tokens",
            tenant,
            id=key,
            token_hash=hashed,
            encrypted_value=_sealed(key),
            pii_type="email",
        ),
        _row("token_accesses", tenant, id=key, token_ids=f"{{{key}}}"),
        _row("key_removals", tenant, id=key, key_id=key, messages="1"),
        _row(
            "audit_logs",
            tenant,
            id=key,
            user_id=user,
            action="dataset.create",
            resource_type="dataset",
            resource_id=key,
        ),
        _row("audit_seals", tenant, seal_number="2" if name == "mine" else "1", **_SEAL),
        _row("audit_archives", tenant, entry_id=key, **_ARCHIVE),
        _row(
            "lineage_edges",
            tenant,
            id=key,
            source_type="dataset",
            source_id=key,
            target_type="transformation",
            target_id=key,
            relationship="derived_from",
        ),
    ]


def _version(key: str, tenant: str, *, dataset: str, author: str, name: str) -> list[SampleRow]:
    """Return a version, whose name tells its status, and a record of it if it is a draft.

    Records of a published version are frozen, whoever may write records.
    """
    is_published = name.endswith("published")
    version = _row(
        "dataset_versions", tenant, id=key, dataset_id=dataset,
        version_number="2" if is_published else "1", commit_id=_HASH, tree_hash=_HASH,
        message=_MESSAGE, author_id=author, status="published" if is_published else "draft",
        storage_path="/", manifest_hash=_HASH,
    )  # fmt: skip
    if is_published:
        return [version]
    record = _row(
        "records", tenant, id=key, dataset_id=dataset, version_id=key, content_hash=_HASH,
        encrypted_data=_sealed(dataset),
    )  # fmt: skip
    return [version, record]


def _sealed(key: str) -> str:
    """Return an envelope; a user's key has the id of his other belongings."""
    return f"\\x4453560101{key.replace('-', '')}" + "00" * 28


def _row(table: str, tenant: str, **values: str) -> SampleRow:
    return SampleRow(table, {"tenant_id": tenant, **values})


def _trials(ids: Mapping[str, str], wide: str) -> dict[str, Trial]:
    """Return what is tried on each table."""
    return {
        **_trials_of_people(ids, wide),
        **_trials_of_datasets(ids),
        **_trials_of_contents(ids),
    }


def _trials_of_people(ids: Mapping[str, str], wide: str) -> dict[str, Trial]:
    added, me, another = ids["added"], ids["me"], ids["another"]
    return {
        "tenants": Trial(
            add={"name": "added", "slug": f"policy-test-{added}"},
            change={"name": "changed"},
            dependents=("dataset_versions", "datasets", "schemas"),
        ),
        "tenant_erasures": Trial(add={"id": added, "slug": "added"}, change={"removed": "{}"}),
        "tenant_usage": Trial(add={"measure": "published_bytes"}, change={"amount": "7"}),
        "users": Trial(
            add={"id": added, "email": "added@example.com", "name": "added"},
            change={"name": "changed"},
            others={"id": [another]},
            dependents=("dataset_versions", "datasets", "schemas"),
            # He loses his grants with himself, and _200_bound would find him without permissions.
            spared=("id", me),
        ),
        "roles": Trial(
            add={"id": added, "name": "added", "permissions": "[]"},
            change={"description": "changed"},
            implied={"is_system_role": "f"},
            others={"is_system_role": ["t", "f"], "permissions": [wide]},
        ),
        "user_roles": Trial(
            add={"user_id": another, "role_id": ids["template"], "granted_by": me},
            change={"expires_at": "2999-01-01"},
            others={"user_id": [me], "granted_by": [another]},
        ),
    }


def _trials_of_datasets(ids: Mapping[str, str]) -> dict[str, Trial]:
    added, me, another = ids["added"], ids["me"], ids["another"]
    return {
        "schemas": Trial(
            add={"id": added, "name": "added", "definition": "{}", "created_by": me},
            change={"description": "changed"},
            others={"created_by": [another]},
        ),
        "encryption_keys": Trial(
            add={
                "id": added,
                "key_type": "backup",
                "kms_provider": "local",
                "kms_key_id": "k",
                "wrapped_key": _WRAPPED,
            },
            change={"expires_at": "2999-01-01"},
        ),
        "datasets": Trial(
            add={"id": added, "name": "added", "owner_id": me},
            change={"description": "changed"},
            others={"owner_id": [another]},
        ),
        "dataset_versions": Trial(
            add={
                "id": added,
                "dataset_id": ids["mine"],
                "version_number": "7",
                "commit_id": _HASH,
                "tree_hash": _HASH,
                "message": "added",
                "author_id": me,
                "storage_path": "/",
                "manifest_hash": _HASH,
            },
            # The message that it has already: what is published does not change.
            change={"message": _MESSAGE},
            implied={"status": "draft"},
            others={"author_id": [another], "status": ["published"]},
        ),
    }


def _trials_of_contents(ids: Mapping[str, str]) -> dict[str, Trial]:
    added = ids["added"]
    return {
        "records": Trial(
            add={
                "id": added,
                "dataset_id": ids["mine"],
                "version_id": ids["my-draft"],
                "content_hash": _HASH,
                "encrypted_data": _sealed(ids["mine"]),
            },
            change={"pii_annotations": "{}"},
        ),
        "tokens": Trial(
            add={
                "id": added,
                "token_hash": "f" * 64,
                "encrypted_value": _sealed(ids["mine"]),
                "pii_type": "email",
            },
            change={"accessed_count": "1"},
        ),
        "token_accesses": Trial(
            add={"token_ids": f"{{{ids['mine']}}}"}, change={"accessed_at": "2999-01-01"}
        ),
        "key_removals": Trial(
            add={"key_id": ids["mine"], "messages": "1"}, change={"messages": "2"}
        ),
        "audit_logs": Trial(
            add={"id": added, "action": "dataset.create", "resource_type": "dataset"},
            change={"user_agent": "changed"},
        ),
        "audit_seals": Trial(
            add={"seal_number": "7", **_SEAL},
            change={"sealed_at": "1999-01-01"},
        ),
        "audit_archives": Trial(
            add={"entry_id": added, **_ARCHIVE},
            change={"file_name": "changed"},
        ),
        "lineage_edges": Trial(
            add={
                "id": added,
                "source_type": "transformation",
                "source_id": added,
                "target_type": "dataset",
                "target_id": ids["mine"],
                "relationship": "derived_from",
            },
            change={"metadata": "{}"},
        ),
    }
