"""Run steps on a session, report what the server says meanwhile, and explain what failed where."""

from __future__ import annotations

from collections import deque
from contextlib import closing
from typing import TYPE_CHECKING

from dsvault.db import Query, Row
from dsvault.dberrors import LOCK_NOT_AVAILABLE, QueryError, ServerMessage
from dsvault.ops.client import run_by_client
from dsvault.ops.events import Noticed, Printed, Rows
from dsvault.ops.failures import StepError
from dsvault.ops.steps import CLEAN, COMMIT, Phase, Step
from dsvault.sqlscript.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence

    from dsvault.db import Session
    from dsvault.ops.events import Reporter


class Runner:
    """Runs steps on one session."""

    def __init__(self, session: Session, report: Reporter) -> None:
        self.session = session
        self.report = report

    def run(self, steps: Sequence[Step]) -> None:
        """Send the steps at once and wait for all of them.

        :raises StepError: one failed; the session's transaction is left open, failed.
        :raises dsvault.dberrors.LostConnectionError: the connection broke.
        """
        if len(steps) == 1 and steps[0].script is not None and steps[0].script.client is not None:
            run_by_client(self.session, steps[0], self.report)
            return

        def notice(index: int, message: ServerMessage) -> None:
            self._report_notice(steps, index, message)

        try:
            results = self.session.run([step.query for step in steps], notice)
        except QueryError as error:
            self._report_rows(steps[: error.index], error.rows)
            raise _explained(steps, error.index, error.error) from None
        self._report_rows(steps, results)

    def run_many(self, batches: Iterable[Sequence[Step]]) -> Generator[None]:
        """Send batches one behind the other; yield when one is done and what it said is reported.

        Each should be a transaction without data for COPY: behind one that fails none is begun.
        Whoever does not wait for the last one closes the generator.

        :raises StepError: a step of the next one failed; its transaction is left open, failed.
        :raises dsvault.dberrors.LostConnectionError: the connection broke.
        """
        sent: deque[Sequence[Step]] = deque()

        def queries() -> Iterator[list[Query]]:
            for steps in batches:
                sent.append(steps)
                yield [step.query for step in steps]

        def notice(index: int, message: ServerMessage) -> None:
            self._report_notice(sent[0], index, message)

        try:
            with closing(self.session.flow(queries(), notice)) as answers:
                for results in answers:
                    self._report_rows(sent.popleft(), results)
                    yield
        except QueryError as error:
            self._report_rows(sent[0][: error.index], error.rows)
            raise _explained(sent[0], error.index, error.error) from None

    def _report_notice(self, steps: Sequence[Step], index: int, message: ServerMessage) -> None:
        place = _place(steps, index, message)
        if place is not None:
            self.report(Noticed(place, message))

    def _report_rows(self, steps: Sequence[Step], results: Sequence[Sequence[Row]]) -> None:
        """Report what scripts returned, and the texts that they print."""
        for step, rows in zip(steps, results, strict=False):
            statement = step.statement
            if statement is not None and statement.kind in (Kind.ECHO, Kind.WARN):
                text, is_warning = statement.data or "", statement.kind is Kind.WARN
                self.report(Printed(text, is_warning, is_verify=step.phase is Phase.VERIFY))
            elif rows and step.phase in (Phase.SCRIPT, Phase.VERIFY):
                self.report(Rows(rows, is_verify=step.phase is Phase.VERIFY))

    def clean(self) -> None:
        """End a failed transaction and make the session as new."""
        if self.session.is_open:
            self.session.roll_back()
            self.run(CLEAN)


def transaction(*parts: Sequence[Step], begin: str = "BEGIN") -> list[Step]:
    """Return the parts as one transaction."""
    inner = [step for part in parts for step in part]
    return [Step(Query(begin)), *inner, COMMIT]


def _explained(batch: Sequence[Step], index: int, server: ServerMessage) -> StepError:
    """Return the error of a step with its place, the line it stands on, and what to do."""
    step = batch[index]
    detail = server.lines()
    is_locked = server.sqlstate == LOCK_NOT_AVAILABLE
    hint = "Another session holds a lock; run again when it is done." if is_locked else None
    if step.script is not None and step.statement is not None:
        place = step.script.place_of(step.statement, server.position, server.context)
        message = f"{place}: {server.message}"
        detail = [*place.excerpt(), *detail]
    elif step.phase is Phase.COMMIT:
        message = f"{_script_name(batch) or 'The registry'}: COMMIT failed: {server.message}"
    else:
        message = f"The registry cannot be written: {server.message}"
    return StepError(message, step, server, [*detail, f"SQLSTATE: {server.sqlstate}"], hint)


def _place(batch: Sequence[Step], index: int, message: ServerMessage) -> str | None:
    """Return the script and line that a notice comes from, or None for the runner's own steps."""
    step = batch[index]
    if step.script is not None and step.statement is not None:
        return str(step.script.place_of(step.statement, None, message.context))
    return _script_name(batch) if step.phase is Phase.COMMIT else None


def _script_name(batch: Sequence[Step]) -> str | None:
    """Return the deploy or revert script of a batch, whose deferred triggers fire at its end."""
    scripts = (step.script for step in batch if step.phase is Phase.SCRIPT)
    script = next(scripts, None)
    return script.name if script else None
