"""Deploy or revert one change: its scripts and its registry rows, all or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from dsvault.errors import DsvaultError
from dsvault.ops import steps
from dsvault.ops.events import Failed, Outcome
from dsvault.ops.running import Runner, StepError, transaction
from dsvault.registry import Registry, payload_of

if TYPE_CHECKING:
    from dsvault.db import Session
    from dsvault.ops.events import Reporter
    from dsvault.ops.preflight import Prepared
    from dsvault.ops.steps import Step
    from dsvault.plan import Change
    from dsvault.project import Project
    from dsvault.registry import Payload
    from dsvault.sqlscript import Script


@dataclass(frozen=True, slots=True)
class Revertible:
    """A deployed change, named with its tags, and the script that reverts it, if it shall run."""

    id: str
    label: str
    script: Script | None


class ChangeRunner:
    """Deploys and reverts single changes on one session."""

    def __init__(
        self, session: Session, project: Project, report: Reporter, *, statement_lock_ms: int
    ) -> None:
        self.registry = Registry(session)
        self.runner = Runner(session, report)
        self._session = session
        self._project = project
        self._report = report
        self._statement_lock_ms = statement_lock_ms
        # Whether the script at work runs outside of a transaction, so that parts of it may stay.
        self.is_outside = False

    def deploy(self, item: Prepared) -> Outcome:
        """Run a change's script, verify and record it, in one transaction if that can be.

        :raises StepError: a statement failed; nothing of the change stays, unless its script runs
            outside of a transaction and its revert script failed too.
        :raises dsvault.dberrors.LostConnectionError: the connection broke.
        """
        self.is_outside = False
        if item.deploy is not None and not item.deploy.is_transactional:
            self._deploy_outside(item, item.deploy)
            return Outcome.OK
        begin = item.deploy.begin if item.deploy else "BEGIN"
        try:
            self.runner.run(transaction(self._opening(), *self._parts(item), begin=begin))
        except StepError as error:
            self.runner.clean()
            if item.deploy is None or not error.needs_own_transaction:
                raise
            self._deploy_outside(item, item.deploy)
        return Outcome.OK

    def attempt(self, item: Prepared) -> Outcome:
        """Do the same within a transaction that is open and will be rolled back.

        A script that no transaction can hold is skipped; the change counts as deployed all the
        same, so that the next ones can be tried.

        :raises StepError: a statement failed.
        """
        record = [self._record(item)]
        if item.deploy is not None and not item.deploy.is_transactional:
            self.runner.run(record)
            return Outcome.SKIPPED
        try:
            parts = chain(steps.settings(self._statement_lock_ms), *self._parts(item))
            self.runner.run([steps.KEEP_CHANGE, *parts, *steps.CHECK_CONSTRAINTS])
        except StepError as error:
            if not error.needs_own_transaction:
                raise
            self.runner.run([steps.UNDO_CHANGE, *steps.CLEAN, *record])
            return Outcome.SKIPPED
        return Outcome.OK

    def revert(self, item: Revertible) -> None:
        """Run a change's revert script and remove its rows, in one transaction if it can be.

        :raises StepError: a statement failed; nothing happened, unless the script runs outside of a
            transaction.
        :raises dsvault.dberrors.LostConnectionError: the connection broke.
        """
        self.is_outside = False
        script = item.script
        query = self.registry.record_revert(item.id, self._project.person)
        record = [steps.Step(query, steps.Phase.RECORD)]
        if script is not None and not script.is_transactional:
            self._revert_outside(script, record)
            return
        body = steps.folded(script) if script else []
        begin = script.begin if script else "BEGIN"
        try:
            self.runner.run(transaction(self._opening(), body, record, begin=begin))
        except StepError as error:
            self.runner.clean()
            if script is None or not error.needs_own_transaction:
                raise
            self._revert_outside(script, record)

    def record_failure(self, change: Change) -> None:
        """Record that a change could not be deployed.

        :raises StepError: the registry refused it.
        """
        self.runner.run([steps.Step(self.registry.record_fail(self.payload(change)))])

    def payload(self, change: Change, item: Prepared | None = None) -> Payload:
        """Return a change as the registry's queries take it."""
        return payload_of(
            change,
            self._project.name,
            committer=self._project.person,
            script_hash=item.script_hash if item else None,
            resolved=item.resolved if item else None,
        )

    def _parts(self, item: Prepared) -> list[list[Step]]:
        script = steps.folded(item.deploy) if item.deploy else []
        return [script, *self._ending(item)]

    def _ending(self, item: Prepared) -> list[list[Step]]:
        """Return what follows the script: its verification and its rows."""
        verification = steps.verification(item.verify) if item.verify else []
        return [verification, [self._record(item)]]

    def _record(self, item: Prepared) -> Step:
        query = self.registry.record_deploy(self.payload(item.change, item))
        return steps.Step(query, steps.Phase.RECORD)

    def _opening(self) -> list[Step]:
        """Return what a transaction begins with: settings, and the lock of the registry.

        None of it takes a snapshot, so that a script may still set its isolation level.
        """
        return [
            *steps.settings(self._statement_lock_ms),
            steps.Step(self.registry.table_lock()),
        ]

    def _deploy_outside(self, item: Prepared, script: Script) -> None:
        """Run a script that no transaction can hold, then verify and record it in one.

        Between the two the change is made and not recorded. This is the only place where that can
        be: an intent that a repair could find would be recorded here, before the script.
        """
        self.is_outside = True
        self.runner.run_outside(script, self._statement_lock_ms)
        try:
            self.runner.run(transaction(self._opening(), *self._ending(item)))
        except StepError:
            self.runner.clean()
            self._undo_outside(item)
            raise

    def _undo_outside(self, item: Prepared) -> None:
        """Run the revert script of a change that was made and could not be recorded."""
        try:
            script = self._project.script(item.change, "revert")
            if script is not None:
                self.runner.run_outside(script, self._statement_lock_ms)
        except DsvaultError as error:
            self._report(Failed(error))

    def _revert_outside(self, script: Script, record: list[Step]) -> None:
        """Run a revert script that no transaction can hold, then remove the rows.

        Between the two the change is undone and still recorded; see _deploy_outside.
        """
        self.is_outside = True
        self.runner.run_outside(script, self._statement_lock_ms)
        try:
            self.runner.run(transaction(self._opening(), record))
        except StepError:
            self.runner.clean()
            raise
