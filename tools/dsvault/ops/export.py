"""Write a plan for other tools, and tell a database that they need not run it.

write_migrations(project: Project, folder: Path) -> Exported
record_baseline(target: Target, project: Project, report: Reporter, written: Exported) -> Baseline
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsvault.db import Query, connect
from dsvault.dberrors import QueryError
from dsvault.errors import DsvaultError
from dsvault.export.schema import schema_text
from dsvault.export.sqlx import Migration, migrations
from dsvault.ops.locking import LOCK_SECONDS, lock_for_writing
from dsvault.ops.registered import load_state
from dsvault.queries import load
from dsvault.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dsvault.model import State
    from dsvault.ops.events import Reporter
    from dsvault.project import Project
    from dsvault.target import Target


@dataclass(frozen=True, slots=True)
class Exported:
    """The files that were written; changed are those that had another content before.

    foreign are migrations of the folder that the plan knows nothing of.
    """

    path: str
    files: int
    changed: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    is_one_file: bool = False

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {
            "path": self.path,
            "files": self.files,
            "changed": list(self.changed),
            "foreign": list(self.foreign),
        }

    def lines(self) -> list[str]:
        """Return it for people."""
        written = self.path if self.is_one_file else f"{self.files} files below {self.path}"
        lines = [f"Written: {written}"]
        lines += [
            f"  {name} had another content: who has run it will refuse it" for name in self.changed
        ]
        return [*lines, *(f"  {name} is not of this plan and was left" for name in self.foreign)]


@dataclass(frozen=True, slots=True)
class Baseline:
    """How many migrations a database was told that it has, and how many it had been told before.

    ahead are those that sqlx takes for run, and that are not deployed.
    """

    written: Exported
    target: str
    added: int
    known: int
    ahead: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {
            **self.written.as_json(),
            "target": self.target,
            "added": self.added,
            "known": self.known,
            "ahead": list(self.ahead),
        }

    def lines(self) -> list[str]:
        """Return it for people."""
        words = f"{self.target}: {self.added} migrations recorded, {self.known} known before"
        ahead = [
            f"  {stem} is recorded, but not deployed: if it was reverted, delete its row; if sqlx "
            "ran it, run dsvault deploy --log-only --verify"
            for stem in self.ahead
        ]
        return [*self.written.lines(), words, *ahead]


@dataclass(frozen=True, slots=True)
class _Recorded:
    version: int
    checksum: bytes


def write_migrations(project: Project, folder: Path) -> Exported:
    """Write a plan as sqlx migrations into a folder.

    :raises ExportError: a script cannot be exported; nothing was written.
    :raises DsvaultError: a file cannot be written.
    """
    files: dict[str, str] = {}
    for migration in migrations(project):
        files[f"{migration.stem}.up.sql"] = migration.up
        files[f"{migration.stem}.down.sql"] = migration.down
    try:
        folder.mkdir(parents=True, exist_ok=True)
        present = {path.name for path in folder.glob("*.sql")}
        changed = tuple(
            sorted(
                name
                for name in present & set(files)
                if (folder / name).read_bytes() != files[name].encode()
            )
        )
        for name, text in files.items():
            (folder / name).write_bytes(text.encode())
    except OSError as error:
        raise DsvaultError(f"Cannot write below {folder}: {error.strerror}") from None
    return Exported(str(folder), len(files), changed, tuple(sorted(present - set(files))))


def write_schema(project: Project, file: Path) -> Exported:
    """Write a plan as one file.

    :raises ExportError: a script cannot be exported.
    :raises DsvaultError: the file cannot be written.
    """
    text = schema_text(project)
    try:
        file.write_bytes(text.encode())
    except OSError as error:
        raise DsvaultError(f"Cannot write {file}: {error.strerror}") from None
    return Exported(str(file), 1, is_one_file=True)


def record_baseline(
    target: Target, project: Project, report: Reporter, written: Exported
) -> Baseline:
    """Record the deployed changes of a plan as migrations that sqlx has run.

    :raises DsvaultError: a migration is recorded with another checksum, or what is deployed is not
        what the plan has.
    """
    wanted = migrations(project)
    with connect(target, application_name="dsvault export") as session:
        registry = Registry(session)
        lock_for_writing(session, registry, LOCK_SECONDS, report)
        state = load_state(registry, target.display)
        deployed = _deployed(state, project, wanted)
        try:
            session.run([Query("BEGIN"), Query(_text("create"))])
            known = {
                item.version: item.checksum
                for item in session.fetch(_Recorded, load("sqlx/recorded"))
            }
            _refuse_others(deployed, known)
            missing = [item for item in deployed if item.version not in known]
            session.run([*(_row(state, item) for item in missing), Query("COMMIT")])
        except QueryError as error:
            session.roll_back()
            raise DsvaultError(
                f"_sqlx_migrations cannot be written: {error.error.message}", detail=error.detail
            ) from None
    ahead = tuple(item.stem for item in wanted if item not in deployed and item.version in known)
    return Baseline(written, target.display, len(missing), len(known), ahead)


def _deployed(state: State, project: Project, wanted: Sequence[Migration]) -> list[Migration]:
    ids = {change.id for change in state.changes_of(project.name)}
    unknown = ids - {item.change_id for item in wanted}
    if unknown:
        raise DsvaultError(
            f"{len(unknown)} deployed changes are not in {project.plan.path}",
            hint="Run: dsvault plan --compare with the database",
        )
    return [item for item in wanted if item.change_id in ids]


def _refuse_others(deployed: Sequence[Migration], known: dict[int, bytes]) -> None:
    others = [
        item.stem for item in deployed if known.get(item.version) not in (None, item.checksum)
    ]
    if others:
        raise DsvaultError(
            "Migrations are recorded in _sqlx_migrations with another checksum",
            detail="\n".join(others),
            hint="The scripts were edited after they were exported: export the plan of that time.",
        )


def _row(state: State, item: Migration) -> Query:
    change = state.by_id(item.change_id)
    moment = change.committed_at.isoformat() if change else None
    values = (str(item.version), item.description, moment, item.checksum.hex())
    return Query(_text("add"), values)


def _text(name: str) -> str:
    return load(f"sqlx/{name}")
