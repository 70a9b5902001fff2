"""What is about to be run outside of a transaction, noted in the database before it runs.

The notes live in a schema of their own beside the registry, which Sqitch never looks at. The table
is made for the first note and goes with the last one, in the transaction that records the change:
so a row is left only by a run that was cut off, and it says how far the script had come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.db import Query
from dsvault.dberrors import QueryError
from dsvault.errors import DsvaultError
from dsvault.ops.steps import BEGIN, COMMIT, Step
from dsvault.queries import load
from dsvault.sqlscript.units import digest, extended, units
from dsvault.values import Value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dsvault.config import Person
    from dsvault.db import Session
    from dsvault.sqlscript import Script
    from dsvault.sqlscript.units import Unit

SCHEMA = "dsvault_runner"


class Intent(Value):
    """A script that was begun. done counts the steps that are committed for sure.

    begun is done + 1 while a step is at work of which a cut may leave anything, else done: then
    nothing of the next step is there.
    """

    project: str
    change_id: str
    change: str
    action: str
    script: str
    steps: int
    done: int
    begun: int
    done_digest: str
    started_at: datetime | None
    committer_name: str

    @property
    def is_unsure(self) -> bool:
        """Whether a step was at work that may have been committed, in part or as a whole."""
        return self.begun > self.done

    def after(self, step: Unit, following: Unit | None) -> Intent:
        """Return the intent after one more step."""
        done = self.done + 1
        alone = following is not None and not following.can_be_atomic
        done_digest = extended(self.done_digest, step)
        return self.but(done=done, begun=done + alone, done_digest=done_digest)

    def story(self) -> str:
        """Return what is known, as one sentence."""
        verb = "deployed" if self.action == "deploy" else "reverted"
        unsure = f", step {self.begun} was at work" if self.is_unsure else ""
        when = f" at {self.started_at:%Y-%m-%d %H:%M:%S %z}" if self.started_at else ""
        return (
            f'"{self.change}" was being {verb} outside of a transaction by '
            f"{self.committer_name}{when}: {self.done} of {self.steps} steps of "
            f"{self.script} were done{unsure}"
        )


class LeftOverIntentError(DsvaultError):
    """An earlier run was cut off in a script that no transaction can hold."""

    def __init__(self, intents: Sequence[Intent]) -> None:
        self.intents = tuple(intents)
        super().__init__(
            "An earlier run was cut off in the middle of a change, so nothing was done",
            detail="\n".join(intent.story() for intent in intents),
            hint="Run: dsvault repair (it finishes the change), or dsvault repair --undo",
        )


class Intents:
    """The notes of one registry's changes."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._registry = session.target.registry

    def load(self) -> list[Intent]:
        """Return what was begun and never ended, the oldest first."""
        if not self._found().has_table:
            return []
        try:
            return self._session.fetch(Intent, load("intents/list"), self._registry)
        except QueryError as error:
            raise DsvaultError(
                f"The notes of unfinished changes cannot be read: {error.error.message}",
                hint=f"Grant this login what it needs on {SCHEMA}.intents.",
            ) from None

    def refuse_left_over(self) -> None:
        """Do nothing if no change is unfinished.

        :raises LeftOverIntentError: one is.
        """
        found = self.load()
        if found:
            raise LeftOverIntentError(found)

    def addition(self, intent: Intent, email: str) -> list[Step]:
        """Return the steps that record an intent; they make the table if there is none.

        An earlier intent for the same change is replaced.
        """
        found = self._found()
        texts = [] if found.has_schema else ["create_schema"]
        texts += [] if found.has_table else ["create", "comment"]
        values = (
            self._registry,
            intent.project,
            intent.change_id,
            intent.change,
            intent.action,
            intent.script,
            str(intent.steps),
            str(intent.begun),
            intent.done_digest,
            intent.committer_name,
            email,
        )
        return [
            Step(Query("BEGIN READ WRITE")),
            *(Step(Query(load(f"intents/{text}"))) for text in texts),
            Step(Query(load("intents/remove"), (self._registry, intent.change_id))),
            Step(Query(load("intents/add"), values)),
            COMMIT,
        ]

    def note(self, intent: Intent) -> list[Step]:
        """Return the steps that record how far the script came, within a transaction."""
        values = {
            "done": str(intent.done),
            "begun": str(intent.begun),
            "digest": intent.done_digest,
            "registry": self._registry,
            "change_id": intent.change_id,
        }
        names = [f"{SCHEMA}.{name}" for name in values]
        text = "SELECT set_config(n, v, true) FROM unnest($1::text[], $2::text[]) AS s (n, v)"
        arrays = (_array(names), _array(list(values.values())))
        return [
            Step(Query("SET LOCAL ROLE NONE")),
            Step(Query(text, arrays)),
            Step(Query(load("intents/note"))),
        ]

    def note_alone(self, intent: Intent) -> list[Step]:
        """Return the same as a transaction of its own."""
        return [Step(Query("BEGIN READ WRITE")), *self.note(intent), COMMIT]

    def removal(self, change_id: str) -> list[Step]:
        """Return the steps that remove an intent, and the table with the last one."""
        remove = Query(load("intents/remove"), (self._registry, change_id))
        return [Step(remove), Step(Query(load("intents/clear")))]

    def removal_alone(self, change_id: str) -> list[Step]:
        """Return the same as a transaction of its own."""
        return [BEGIN, *self.removal(change_id), COMMIT]

    def _found(self) -> _Found:
        [row] = self._session.run([Query(load("intents/found"))])[0]
        return _Found(*(text == "t" for text in row))


class _Found(Value):
    has_schema: bool
    has_table: bool


def intent_of(
    project: str, change: tuple[str, str], action: str, script: Script, person: Person
) -> Intent:
    """Return the intent to run a script; change is the change's ID and its name."""
    steps = units(script)
    alone = bool(steps) and not steps[0].can_be_atomic
    return Intent(
        project,
        *change,
        action,
        script.name,
        len(steps),
        0,
        int(alone),
        digest(()),
        None,
        person.name,
    )


def _array(texts: Sequence[str]) -> str:
    """Return texts as the literal of a PostgreSQL array."""
    quoted = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return "{" + ",".join(f'"{text}"' for text in quoted) + "}"
