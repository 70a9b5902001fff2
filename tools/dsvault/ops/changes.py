"""Deploy or revert one change: its scripts and its registry rows, all or nothing."""

from __future__ import annotations

from itertools import chain, repeat
from typing import TYPE_CHECKING

from dsvault.db import Query
from dsvault.errors import DsvaultError
from dsvault.ops import steps
from dsvault.ops.convoy import Convoy
from dsvault.ops.events import Failed, Outcome, Warned
from dsvault.ops.failures import StepError
from dsvault.ops.intents import SCHEMA, Intents, intent_of
from dsvault.ops.outside import OutsideRun
from dsvault.ops.patience import Patience
from dsvault.ops.running import Runner, transaction
from dsvault.registry import Payload, Registry
from dsvault.values import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from dsvault.db import Session
    from dsvault.ops.events import Reporter
    from dsvault.ops.halves import Verdict
    from dsvault.ops.intents import Intent
    from dsvault.ops.preflight import Prepared
    from dsvault.ops.steps import Step
    from dsvault.plan import Change
    from dsvault.project import Project
    from dsvault.sqlscript import Script

    # Waits for a change that was sent already.
    Arrival: TypeAlias = Callable[[], None]

_EXISTS = "42P07"


class Revertible(Value):
    """A deployed change, named with its tags, and the script that reverts it, if it shall run."""

    id: str
    name: str
    label: str
    script: Script | None


class ChangeRunner:
    """Deploys and reverts single changes on one session."""

    def __init__(
        self,
        session: Session,
        project: Project,
        report: Reporter,
        *,
        statement_lock_ms: int,
        lock_retries: int = 0,
    ) -> None:
        self.registry = Registry(session)
        self.runner = Runner(session, report)
        self._session = session
        self._project = project
        self._person = project.person  # one that cannot be used is refused here
        self._report = report
        self._statement_lock_ms = statement_lock_ms
        self.intents = Intents(session)
        self.patience = Patience(lock_retries, report)
        # Whether the script at work runs outside of a transaction, so that parts of it may stay.
        self.is_outside = False
        # The change of which parts stay, if its script failed outside of a transaction.
        self.left_over: Intent | None = None

    def convoy(self, items: Sequence[Prepared]) -> Convoy[Prepared]:
        """Return changes for deploy that are sent before those ahead of them are answered."""
        return Convoy(self.runner, items, _can_join, self._whole)

    def convoy_back(self, items: Sequence[Revertible]) -> Convoy[Revertible]:
        """Return changes for revert that are sent before those ahead of them are answered."""
        return Convoy(self.runner, items, _can_join_back, self._whole_back)

    def deploy(self, item: Prepared, arrival: Arrival | None = None) -> Outcome:
        """Run a change's script, verify and record it, in one transaction if that can be.

        arrival waits for it if it was sent already.

        :raises StepError: a statement failed; nothing of the change stays, unless its script runs
            outside of a transaction and its revert script failed too.
        :raises dsvault.dberrors.LostConnectionError: the connection broke.
        """
        self._start_change()
        if item.deploy is not None and not item.is_transactional:
            self._deploy_outside(item, item.deploy)
            return Outcome.OK
        if item.deploy is None:
            self._verify_by_client(item)
        try:
            self._run_whole(lambda: self._whole(item), arrival)
        except StepError as error:
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
        record = self._record(item)
        if not item.is_transactional:
            self.runner.run(record)
            return Outcome.SKIPPED
        try:
            self.runner.run([steps.KEEP_CHANGE, *self._within(item)])
        except StepError as error:
            if not error.needs_own_transaction:
                raise
            self.runner.run([steps.UNDO_CHANGE, *steps.CLEAN, *record])
            return Outcome.SKIPPED
        return Outcome.OK

    def deploy_within(self, item: Prepared) -> Outcome:
        """Deploy a change within a transaction that is open and will hold others too.

        :raises StepError: a statement failed; the transaction is failed too.
        """
        self._start_change()
        try:
            self.runner.run(self._within(item))
        except StepError as error:
            if error.needs_own_transaction:
                error.hint = "It needs a transaction of its own: leave out --single-transaction."
            raise
        return Outcome.OK

    def _within(self, item: Prepared) -> list[Step]:
        parts = chain(steps.settings(self._statement_lock_ms), *self._parts(item))
        return [*parts, *steps.CHECK_CONSTRAINTS]

    def revert(self, item: Revertible, arrival: Arrival | None = None) -> None:
        """Run a change's revert script and remove its rows, in one transaction if it can be.

        arrival waits for it if it was sent already.

        :raises StepError: a statement failed; nothing happened, unless the script runs outside of a
            transaction.
        :raises dsvault.dberrors.LostConnectionError: the connection broke.
        """
        self._start_change()
        script = item.script
        if script is None or script.is_transactional:
            try:
                self._run_whole(lambda: self._whole_back(item), arrival)
            except StepError as error:
                if script is None or not error.needs_own_transaction:
                    raise
            else:
                return
        self.finish_revert(self._begin(item.id, item.name, "revert", script))

    def record_failure(self, change: Change) -> None:
        """Record that a change could not be deployed.

        :raises StepError: the registry refused it.
        """
        self.runner.run([steps.Step(self.registry.record_fail(self.payload(change)))])

    def payload(self, change: Change, item: Prepared | None = None) -> Payload:
        """Return a change as the registry's queries take it."""
        own = change, self._project.name, self._person
        return Payload(*own, item.script_hash, item.resolved) if item else Payload(*own)

    def _start_change(self) -> None:
        self.is_outside = False
        self.left_over = None

    def _run_whole(self, whole: Callable[[], Sequence[Step]], arrival: Arrival | None) -> None:
        """Run one transaction, or wait for it; again and again if others hold its locks.

        :raises StepError: a statement failed; nothing stays.
        """

        def alone() -> None:
            self.runner.run(whole())

        attempts = chain([arrival] if arrival else [], repeat(alone))

        def once() -> None:
            try:
                next(attempts)()
            except StepError:
                self.runner.clean()
                raise

        self.patience.attempt(once)

    def _whole(self, item: Prepared) -> list[Step]:
        begin = item.deploy.begin if item.deploy else "BEGIN"
        return transaction(self._opening(), *self._parts(item), begin=begin)

    def _whole_back(self, item: Revertible) -> list[Step]:
        query = self.registry.record_revert(item.id, self._person)
        record = [steps.Step(query, steps.Phase.RECORD)]
        body = steps.folded(item.script) if item.script else []
        begin = item.script.begin if item.script else "BEGIN"
        return transaction(self._opening(), body, record, begin=begin)

    def _parts(self, item: Prepared) -> list[list[Step]]:
        script = steps.folded(item.deploy) if item.deploy else []
        return [script, *self._ending(item)]

    def _ending(self, item: Prepared) -> list[list[Step]]:
        """Return what follows the script: its verification and its rows."""
        verify = item.verify
        by_client = verify is None or verify.client is not None
        verification = steps.verification(verify) if verify and not by_client else []
        return [verification, self._record(item)]

    def _verify_by_client(self, item: Prepared) -> None:
        """Run a verify script that only psql can run; what it looks at must be committed."""
        if item.verify is not None and item.verify.client is not None:
            self.runner.run([steps.by_client(item.verify, steps.Phase.VERIFY)])

    def _record(self, item: Prepared) -> list[Step]:
        queries = self.registry.record_deploy(self.payload(item.change, item))
        return [steps.Step(query, steps.Phase.RECORD) for query in queries]

    def _opening(self) -> list[Step]:
        """Return what a transaction begins with: settings, and the lock of the registry.

        None of it takes a snapshot, so that a script may still set its isolation level.
        """
        return [
            *steps.settings(self._statement_lock_ms),
            steps.Step(self.registry.table_lock()),
        ]

    def finish_deploy(self, item: Prepared, run: OutsideRun) -> None:
        """Run what is left of a script that no transaction can hold; verify and record in one.

        :raises StepError: a statement or the verification failed. left_over says what stays.
        """
        self._run_outside(run)
        removal = self.intents.removal(item.change.id)
        try:
            self._verify_by_client(item)
            self.runner.run(transaction(self._opening(), *self._ending(item), removal))
        except StepError:
            self.runner.clean()
            self.left_over = run.intent
            raise

    def finish_revert(self, run: OutsideRun) -> None:
        """Run what is left of such a revert script and remove the rows.

        :raises StepError: a statement failed. left_over says what stays.
        """
        self._run_outside(run)
        change_id = run.intent.change_id
        query = self.registry.record_revert(change_id, self._person)
        record = [steps.Step(query, steps.Phase.RECORD), *self.intents.removal(change_id)]
        try:
            self.runner.run(transaction(self._opening(), record))
        except StepError:
            self.runner.clean()
            self.left_over = run.intent
            raise

    def finish_undo(self, run: OutsideRun) -> None:
        """Run what is left of a revert script that undoes what is not recorded.

        :raises StepError: a statement failed. left_over says what stays.
        """
        self._run_outside(run)
        self.forget(run.intent)

    def undo(self, change_id: str, name: str, script: Script) -> None:
        """Run the revert script of a change that was made and not recorded.

        :raises StepError: a statement failed. left_over says what stays.
        """
        if script.is_transactional:
            body = steps.folded(script)
            removal = self.intents.removal(change_id)
            try:
                self.runner.run(transaction(self._opening(), body, removal, begin=script.begin))
            except StepError as error:
                self.runner.clean()
                if not error.needs_own_transaction:
                    raise
            else:
                self.left_over = None
                return
        self.finish_undo(self._begin(change_id, name, "undo", script))

    def outside(self, script: Script, intent: Intent) -> OutsideRun:
        """Return a script that was begun, ready to go on."""
        return OutsideRun(self.runner, self.intents, script, intent)

    def forget(self, intent: Intent) -> None:
        """Remove the intent of a change of which nothing is left to be done."""
        self.runner.run(self.intents.removal_alone(intent.change_id))
        self.left_over = None

    def judge(self, run: OutsideRun) -> Verdict:
        """Find out whether the step was done at which a script was cut; clean up half of one.

        :raises StepError: what is left of it cannot be removed.
        """
        # It knows all kinds of statements, whose import takes long.
        from dsvault.ops.halves import Done, Verdict, judge  # noqa: PLC0415

        step = run.pending
        if step is None or not run.intent.is_unsure:
            return Verdict(Done.NO)
        verdict = judge(self._session, step)
        for text in verdict.cleaning:
            self.runner.run([steps.Step(Query(text))])
        if verdict.remark:
            self._report(Warned(verdict.remark))
        return verdict

    def _deploy_outside(self, item: Prepared, script: Script) -> None:
        """Deploy a change whose script no transaction can hold.

        That it begins is recorded before, and removed with the rows that say that it is done.
        """
        run = self._begin(item.change.id, item.change.name, "deploy", script)
        try:
            self.finish_deploy(item, run)
        except StepError:
            if run.is_finished:
                self._undo_outside(item)
            raise

    def _undo_outside(self, item: Prepared) -> None:
        """Run the revert script of a change that was made and could not be recorded."""
        try:
            script = self._project.script(item.change, "revert")
            if script is not None:
                self.undo(item.change.id, item.change.name, script)
        except DsvaultError as error:
            self._report(Failed(error))

    def _begin(self, change_id: str, name: str, action: str, script: Script) -> OutsideRun:
        """Record the intent to run a script."""
        self.is_outside = True
        person = self._person
        intent = intent_of(self._project.name, (change_id, name), action, script, person)
        try:
            self.runner.run(self.intents.addition(intent, person.email))
        except StepError as error:
            self.runner.clean()
            error.message = f"The intent to {action} {name} cannot be recorded: {error.message}"
            error.hint = f"Let an administrator run CREATE SCHEMA {SCHEMA} and GRANT ALL ON it."
            raise
        self.left_over = intent
        return self.outside(script, intent)

    def _run_outside(self, run: OutsideRun) -> None:
        self.is_outside = True
        self.left_over = run.intent
        try:
            run.run(self._statement_lock_ms)
        except StepError as error:
            self._settle(run, error)
            raise

    def _settle(self, run: OutsideRun, error: StepError) -> None:
        """After a failed statement: clean up, and forget the intent if nothing is left."""
        self.left_over = run.intent
        try:
            if run.intent.is_unsure and error.sqlstate != _EXISTS:
                if self.judge(run).is_unknown:
                    return
                run.intent = run.intent.but(begun=run.intent.done)
            self.left_over = run.intent
            if run.intent.done == 0 and run.intent.action != "undo":
                self.forget(run.intent)
            else:
                self.runner.run(self.intents.note_alone(run.intent))
        except DsvaultError as second:
            self._report(Failed(second))


def _can_join(item: Prepared) -> bool:
    scripts = (item.deploy, item.verify)
    return item.is_transactional and not any(script and script.has_data for script in scripts)


def _can_join_back(item: Revertible) -> bool:
    script = item.script
    return script is None or (script.is_transactional and not script.has_data)
