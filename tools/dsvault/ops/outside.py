"""Run a script that no transaction can hold, and note after each step how far it came.

Whatever can be is a transaction together with its note: a block of the script's own, and a single
statement that does not commit by itself. Only the others can be cut so that nobody knows whether
they were done; before such a step runs, that it begins is noted too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.ops.failures import StepError
from dsvault.ops.steps import BEGIN, COMMIT, Phase, Step, of_script, settings
from dsvault.sqlscript.units import units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsvault.ops.intents import Intent, Intents
    from dsvault.ops.running import Runner
    from dsvault.sqlscript import Script, Statement
    from dsvault.sqlscript.units import Unit


class OutsideRun:
    """One such script on its way. intent says how far it came; without one nothing is noted."""

    def __init__(self, runner: Runner, intents: Intents, script: Script, intent: Intent) -> None:
        self.intent = intent
        self.script = script
        self._steps = units(script)
        self._runner = runner
        self._intents = intents

    @property
    def is_finished(self) -> bool:
        """Whether all steps are done."""
        return self.intent.done == len(self._steps)

    @property
    def pending(self) -> Unit | None:
        """The step that is next, or was at work when the run ended."""
        return None if self.is_finished else self._steps[self.intent.done]

    def run(self, lock_timeout_ms: int) -> None:
        """Run the steps that are not done yet.

        Statements like CREATE INDEX CONCURRENTLY wait for other transactions by design and hold
        up nobody, so a script with such a statement has no lock_timeout unless it sets one.

        :raises StepError: a statement failed; the steps before it stay.
        :raises dsvault.dberrors.LostConnectionError: the connection broke.
        """
        timeout_ms = 0 if self.script.has_outside_statement else lock_timeout_ms
        self._runner.run(settings(timeout_ms, local=False))
        try:
            self._set_again()
            while (step := self.pending) is not None:
                self._run(step)
        finally:
            self._runner.clean()

    def _set_again(self) -> None:
        """Repeat what done steps set for the session: it was another session then."""
        for step in self._steps[: self.intent.done]:
            if step.is_setting:
                self._runner.run(self._of(step.statements))

    def _run(self, step: Unit) -> None:
        then = self._after(step)
        if step.can_be_atomic:
            opening = [] if step.is_block else [BEGIN]
            body = step.statements[:-1] if step.is_block else step.statements
            ending = self._of(step.statements[-1:]) if step.is_block else [COMMIT]
            note = self._intents.note(then)
            try:
                self._runner.run([*opening, *self._of(body), *note, *ending])
            except StepError as error:
                if step.is_block or not error.needs_own_transaction:
                    raise
                self._runner.session.roll_back()
                self._run_alone(step, then, is_new=True)
        else:
            self._run_alone(step, then, is_new=not self.intent.is_unsure)
        self.intent = then

    def _run_alone(self, step: Unit, then: Intent, *, is_new: bool) -> None:
        """Run a step that commits by itself, and note it after."""
        if is_new:
            self.intent = self.intent.but(begun=self.intent.done + 1)
            self._runner.run(self._intents.note_alone(self.intent))
        for one in self._of(step.statements):
            self._runner.run([one])
        if not self._runner.session.in_transaction:
            self._runner.run(self._intents.note_alone(then))

    def _after(self, step: Unit) -> Intent:
        following = self._steps[self.intent.done + 1 : self.intent.done + 2]
        return self.intent.after(step, following[0] if following else None)

    def skip(self) -> None:
        """Count the next step as done."""
        step = self.pending
        if step is not None:
            self.intent = self._after(step)
            self._runner.run(self._intents.note_alone(self.intent))

    def _of(self, statements: Sequence[Statement]) -> list[Step]:
        return of_script(self.script, statements, Phase.SCRIPT)
