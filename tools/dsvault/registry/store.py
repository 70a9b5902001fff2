"""Read and write the registry's tables, and take its locks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dsvault.db import Query
from dsvault.dberrors import LOCK_NOT_AVAILABLE, QueryError
from dsvault.errors import DsvaultError
from dsvault.model import State
from dsvault.queries import load
from dsvault.registry.reading import change_of, tag_of
from dsvault.values import Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dsvault.config import Person
    from dsvault.db import Row, Session
    from dsvault.model import EventFilter, LoggedEvent
    from dsvault.plan import Plan
    from dsvault.registry.payload import Payload

VERSION = "1.1"
_UPGRADES = (("1.0", "upgrade_1_0"), ("1.1", "upgrade_1_1"))
_INVALID_PATTERN = "2201B"
# The number that Sqitch locks too, so that the two wait for each other.
_ADVISORY_LOCK = "75474063"


class RegistryError(DsvaultError):
    """The registry cannot be used."""


class OldRegistryError(RegistryError):
    """The registry is of an earlier version, by which it can be brought up."""

    def __init__(self, version: str) -> None:
        self.version = version
        super().__init__(
            f"Registry is at version {version} but latest is {VERSION}. "
            'Please run the "upgrade" command',
            hint="Run: dsvault upgrade (or sqitch upgrade)",
        )


class _Found(Value):
    has_schema: bool
    owns_schema: bool
    is_initialized: bool
    has_releases: bool


class Requirement(NamedTuple):
    """A deployed change and one that it requires, by ID."""

    change_id: str
    dependency_id: str


class Registry:
    """The registry in one schema of one database."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._schema = session.target.registry

    def load(self, *others: str, is_any_version: bool = False) -> State | None:
        """Return all that is deployed, or None where there is no registry.

        others are versions that will do besides the current one; with is_any_version each does.

        :raises OldRegistryError: the registry has an earlier version.
        :raises RegistryError: it cannot be read, or has a later version.
        """
        found = self._found()
        if not found.is_initialized:
            return None
        if not (found.has_releases or is_any_version):
            raise OldRegistryError("0")
        state = self._state(has_hashes=found.has_releases)
        if not (is_any_version or state.version in others):
            self._check_version(state.version)
        return state

    def _state(self, *, has_hashes: bool) -> State:
        """Return what is deployed; before version 1.0 IDs stand in for the hashes of scripts."""
        names = ["projects" if has_hashes else "projects_without_version", "changes", "tags"]
        column = "script_hash" if has_hashes else "change_id"
        texts = [load(f"registry/{name}", registry=self._schema, hash=column) for name in names]
        try:
            projects, changes, tags = self._session.run([Query(text) for text in texts])
        except QueryError as error:
            raise _unreadable(error) from None
        return State(
            version=projects[0][0] or "0",
            projects={name: uri for _, name, uri in projects if name is not None},
            changes=[change_of(row) for row in changes],
            tags=[tag_of(row) for row in tags],
        )

    def version(self) -> str | None:
        """Return the registry's version, "0" before 1.0, or None where there is no registry.

        :raises RegistryError: the registry cannot be read.
        """
        found = self._found()
        if not found.is_initialized:
            return None
        version = self._read("projects")[0][0] if found.has_releases else None
        return version or "0"

    def upgrades(self, version: str, person: Person) -> list[tuple[str, list[Query]]]:
        """Return what brings a registry to the current version: each later one, and its statements.

        :raises RegistryError: the registry is newer than anything that is known here.
        """
        if float(version) > float(VERSION):
            self._check_version(version)
        found = []
        for later, name in _UPGRADES:
            if float(later) > float(version):
                release = Query(self._text("add_release"), (later, person.name, person.email))
                found.append((later, [*map(Query, _statements(self._text(name))), release]))
        return found

    def requirements(self) -> list[Requirement]:
        """Return which deployed change requires which, of all projects."""
        return [Requirement(*map(str, row)) for row in self._read("dependencies")]

    def dependency_texts(self) -> dict[str, list[tuple[str, str]]]:
        """Return kind and text of each deployed change's dependencies, by the change's ID."""
        found: dict[str, list[tuple[str, str]]] = {}
        for row in self._read("dependency_texts"):
            change_id, kind, text = map(str, row)
            found.setdefault(change_id, []).append((kind, text))
        return found

    def events(self, wanted: EventFilter) -> list[LoggedEvent]:
        """Return events of all projects.

        :raises RegistryError: a pattern is not valid.
        """
        values = (
            list(wanted.kinds) or None,
            wanted.change,
            wanted.project,
            wanted.committer,
            wanted.max_count,
            wanted.skip,
            wanted.oldest_first,
        )
        from dsvault.model import LoggedEvent  # noqa: PLC0415 - only `log` needs it

        query = load("registry/events", registry=self._schema)
        try:
            return self._session.fetch(LoggedEvent, query, *values)
        except QueryError as error:
            raise _unreadable(error) from None

    def creation(self, person: Person) -> list[Query]:
        """Return the statements that make the registry; a schema that exists is used."""
        found = self._found()
        statements = [] if found.has_schema else [self._text("create_schema")]
        # Commenting on a schema is its owner's right alone.
        if found.owns_schema or not found.has_schema:
            statements.append(self._text("comment_schema"))
        statements += _statements(self._text("create"))
        release = (VERSION, person.name, person.email)
        return [*map(Query, statements), Query(self._text("add_release"), release)]

    def project_row(self, plan: Plan, person: Person) -> Query:
        """Return the statement that registers a plan's project."""
        values = (plan.project, plan.uri, person.name, person.email)
        return Query(self._text("add_project"), values)

    def try_lock(self) -> bool:
        """Take the lock that keeps other runs away until the session ends, if it is free."""
        query = Query("SELECT pg_try_advisory_lock($1::bigint)", (_ADVISORY_LOCK,))
        return self._session.run([query])[0] == [("t",)]

    def wait_for_lock(self, seconds: int) -> bool:
        """Wait for that lock; say whether it came in time."""
        if seconds <= 0:
            return False
        try:
            self._session.run(
                [
                    Query("SELECT set_config('lock_timeout', $1, false)", (f"{seconds}s",)),
                    Query("SELECT pg_advisory_lock($1::bigint)", (_ADVISORY_LOCK,)),
                    Query("RESET lock_timeout"),
                ]
            )
        except QueryError as error:
            if error.sqlstate == LOCK_NOT_AVAILABLE:
                return False
            raise
        return True

    def table_lock(self) -> Query:
        """Return the statement that lets one change be recorded at a time."""
        return Query(self._text("lock"))

    def record_deploy(self, given: Payload) -> list[Query]:
        """Return the statements that record a deployed change.

        They are plain: the server plans them in a fraction of the time of one for all tables.
        """
        queries = [Query(self._text("record_change"), given.change_row)]
        if given.change.dependencies:
            values = given.change.id, given.dependencies
            queries.append(Query(self._text("record_dependencies"), values))
        if given.change.tags:
            queries.append(self.record_tags(given))
        return [*queries, self._record_event(given, "deploy")]

    def record_fail(self, given: Payload) -> Query:
        """Return the statement that records a failed deployment."""
        return self._record_event(given, "fail")

    def record_tags(self, given: Payload) -> Query:
        """Return the statement that records new tags of a deployed change."""
        values = given.change.id, *given.committer, given.tags
        return Query(self._text("record_tags"), values)

    def _record_event(self, given: Payload, event: str) -> Query:
        return Query(self._text("record_event"), (*given.row, *given.lists, event))

    def real_hashes(self, project: str, hashes: Mapping[str, str | None]) -> Query:
        """Return the statement that gives a project's changes, by ID, the hashes of their scripts.

        It is for those that were deployed before registries had any, which have their IDs instead.
        """
        import json  # noqa: PLC0415 - such registries are rare

        return Query(self._text("real_hashes"), (project, json.dumps(hashes)))

    def record_revert(self, change_id: str, person: Person) -> Query:
        """Return the statement that removes a change and records that."""
        return Query(self._text("record_revert"), (change_id, person.name, person.email))

    def _found(self) -> _Found:
        query = Query(load("registry/found"), (self._schema,))
        [row] = self._session.run([query])[0]
        return _Found(*(text == "t" for text in row))

    def _read(self, name: str) -> Sequence[Row]:
        try:
            return self._session.run([Query(self._text(name))])[0]
        except QueryError as error:
            raise _unreadable(error) from None

    def _text(self, name: str) -> str:
        return load(f"registry/{name}", registry=self._schema)

    def _check_version(self, found: str) -> None:
        if found == VERSION:
            return
        if float(found) < float(VERSION):
            raise OldRegistryError(found)
        raise RegistryError(
            f"Registry version is {found} but {VERSION} is the latest known",
            hint="Use a newer release of this toolkit.",
        )


def project_conflict(state: State, plan: Plan) -> RegistryError | None:
    """Return why a plan's project cannot be registered, or None: its name or its URI is taken."""
    project, uri = plan.project, plan.uri
    if project in state.projects:
        registered = state.projects[project]
        if registered == uri:
            return None
        other = "NULL URI" if registered is None else f"URI {registered}"
        return RegistryError(
            f'Cannot register "{project}" {_with(uri)}: already exists with {other}',
            hint="This database holds another project of the same name; check the target.",
        )
    user = next((name for name, used in state.projects.items() if uri and used == uri), None)
    if user is None:
        return None
    return RegistryError(
        f'Cannot register "{project}" with URI {uri}: project "{user}" already using that URI',
        hint="Give each project a %uri of its own.",
    )


def _unreadable(error: QueryError) -> RegistryError:
    is_pattern = error.sqlstate == _INVALID_PATTERN
    what = "A pattern is not valid" if is_pattern else "The registry cannot be read"
    return RegistryError(f"{what}: {error.error.message}", detail=error.detail, hint=error.hint)


def _statements(script: str) -> list[str]:
    from dsvault.sqlscript.statements import split  # noqa: PLC0415 - costly, and only needed once

    return [statement.text for statement in split(script)]


def _with(uri: str | None) -> str:
    return f"with URI {uri}" if uri is not None else "without URI"
