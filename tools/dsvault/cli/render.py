"""All words of the runner: events as the lines that Sqitch prints, results as text and JSON."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NoReturn, Protocol

import click

from dsvault.ops import events
from dsvault.ops.events import Action, Idle, Outcome
from dsvault.text import printable, printable_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from dsvault.dberrors import ServerMessage
    from dsvault.errors import DsvaultError
    from dsvault.ops.events import Event

_STARTED = {
    Action.DEPLOY: ("Deploying changes to {to}", "Deploying changes through {change} to {to}"),
    Action.REVERT: ("Reverting all changes from {to}", "Reverting changes to {change} from {to}"),
    Action.VERIFY: ("Verifying {to}", ""),
    Action.CHECK: ("Checking {to}", ""),
}
_IDLE = {
    Idle.UP_TO_DATE: "Nothing to {action} (up-to-date)",
    Idle.ALREADY_THERE: 'Nothing to {action} (already at "{change}")',
    Idle.NOTHING_DEPLOYED: "Nothing to {action} (nothing deployed)",
    Idle.NOTHING_SINCE: 'No changes deployed since: "{change}"',
    Idle.NOTHING_THERE: "No changes deployed",
    Idle.NOTHING_AT_ALL: "Nothing to {action} (no planned or deployed changes)",
}
_ANSWERS = (events.Remark, events.Undeployed, events.Summary, events.Diverged)
_COLOURS = {Outcome.OK: "green", Outcome.NOT_OK: "red", Outcome.SKIPPED: "yellow"}


class Reportable(Protocol):
    """A result that has a JSON form."""

    def as_json(self) -> dict[str, object]:
        """Return the result as one JSON object."""


def write(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Write UTF-8 whatever the locale says; control characters are the caller's affair."""
    click.echo(text.encode(errors="backslashreplace"), err=err, nl=nl)


COLOURS = ("always", "never", "auto")


def has_colour(*, err: bool = False) -> bool:
    """Say whether the stream is a terminal and NO_COLOR does not forbid colours."""
    return not os.environ.get("NO_COLOR") and (sys.stderr if err else sys.stdout).isatty()


def write_json(result: Reportable | None, error: DsvaultError | None = None) -> None:
    """Print one object: the result's keys, if there is one, and `ok` and `error` always."""
    import json  # noqa: PLC0415 - most commands print text

    content = {"ok": error is None} | (result.as_json() if result else {})
    content["error"] = None if error is None else error_as_json(error)
    write(printable_json(json.dumps(content, indent=2, ensure_ascii=False)))


def error_as_json(error: DsvaultError) -> Mapping[str, object]:
    """Return an error as one JSON object."""
    return {
        "message": error.message,
        "detail": error.detail,
        "hint": error.hint,
        "sqlstate": getattr(error, "sqlstate", None),
        "findings": [error_as_json(finding) for finding in getattr(error, "findings", ())],
    }


def write_error(error: DsvaultError) -> None:
    """Print an error on stderr."""
    for line in error.lines():
        write(printable(line), err=True)


def end_with(error: DsvaultError, *, as_json: bool) -> NoReturn:
    """Report an error and leave with its exit code."""
    if as_json:
        write_json(getattr(error, "result", None), getattr(error, "cause", error))
    if error.exit_code != 1:
        write_error(error)
    elif not as_json:
        write(printable(error.message))
    sys.exit(error.exit_code)


def _said_before_command(name: str) -> int:
    """Return how often --quiet or --verbose stands before the command's name."""
    context = click.get_current_context(silent=True)
    return int((context.find_root().obj or {}).get(name, 0)) if context else 0


class TextReporter:
    """Prints events in Sqitch's words: what is done on stdout, what goes wrong on stderr.

    With quiet only answers go to stdout: what status, log, verify and check are for, and what
    scripts print; if it is silent, nothing. The rows that scripts return go there; those of verify
    scripts only if verbose was said twice, routine notices if once.
    """

    def __init__(self, *, quiet: bool = False, silent: bool = False) -> None:
        self.verbose = _said_before_command("verbose")
        self.is_silent = silent
        self.is_quiet = quiet = quiet or silent or bool(_said_before_command("quiet"))
        self._is_answer = False  # what is said of the change that was begun last
        self._line = ""  # the beginning of a line whose outcome is still to come
        self._is_torn = False  # it had to be ended early
        self._is_screen = sys.stdout.isatty() and sys.stderr.isatty() and not quiet

    def __call__(self, event: Event, /) -> None:
        """Print an event."""
        match event:
            case events.ChangeBegun():
                self._begin(event)
            case events.ChangeDone():
                self._end(event)
            case events.Failed(error):
                self._print_aside(error.lines())
            case events.Rows(rows, is_verify):
                if self.verbose > 1 or not is_verify:
                    texts = ("|".join(value or "" for value in row) for row in rows)
                    self.print(texts, is_answer=True)
            case events.Printed(text, is_warning=True):
                self._tear()
                write(printable(text), err=True, nl=False)
            case events.Printed(text, is_verify=is_verify):
                if self._says(is_answer=True) and (self.verbose > 1 or not is_verify):
                    write(printable(text), nl=False)
            case events.Noticed(message=message) if _is_routine(message) and not self.verbose:
                pass
            case _:
                self.print(_lines(event), is_answer=isinstance(event, _ANSWERS))
                self._print_aside(_asides(event))

    def print(
        self, lines: Iterable[str], *, is_safe: bool = False, is_answer: bool = False
    ) -> None:
        """Print lines on stdout; unless they are safe, control characters in them are shown."""
        for line in lines:
            if self._says(is_answer=is_answer):
                write(line if is_safe else printable(line))

    def _says(self, *, is_answer: bool) -> bool:
        return not (self.is_silent or (self.is_quiet and not is_answer))

    def _print_aside(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._tear()
            write(printable(line), err=True)

    def _begin(self, event: events.ChangeBegun) -> None:
        dots = "." * (event.width - len(event.name))
        self._line = printable(f"  {event.action.value} {event.name} ..{dots} ")
        self._is_torn = False
        self._is_answer = event.action in (Action.VERIFY, Action.CHECK)
        if self._says(is_answer=self._is_answer):
            write(self._line, nl=False)

    def _end(self, event: events.ChangeDone) -> None:
        begin = self._line if self._is_torn else ""
        self._line = ""
        word = event.outcome.value
        if has_colour():
            word = click.style(word, fg=_COLOURS[event.outcome])
        remark = f" # {event.remark}" if event.remark else ""
        if self._says(is_answer=self._is_answer):
            write(begin + word + remark)

    def _tear(self) -> None:
        """End an open line before something else goes to the same screen."""
        if self._line and self._is_screen and not self._is_torn:
            self._is_torn = True
            write("")


def _lines(event: Event) -> Iterator[str]:
    """Yield the lines of an event that is no error."""
    match event:
        case events.Started():
            yield _started(event)
        case events.NothingToDo(action, reason, change):
            yield _IDLE[reason].format(action=action.name.lower(), change=change)
        case events.RegistryAdded(destination):
            yield f"Adding registry tables to {destination}"
        case events.Blocked(destination, seconds):
            yield (
                f"Blocked by another instance of Sqitch working on {destination}; "
                f"waiting {seconds} seconds..."
            )
        case events.Remark(text) | events.Told(text):
            yield f"# {text}" if isinstance(event, events.Remark) else text
        case events.Undeployed(names):
            yield from undeployed(names)
        case events.Summary(changes, errors):
            yield from _summary(changes, errors)
        case events.Diverged():
            yield from _divergence(event)
        case events.DryRunEnded(skipped):
            yield f"Dry run: everything was rolled back{_not_tried(skipped)}"


def _asides(event: Event) -> Iterator[str]:
    """Yield the lines of an event for stderr."""
    match event:
        case events.Noticed(place, message):
            yield f"{place}: {message.severity}:  {message.message}"
            yield from message.lines()
        case events.Warned(text):
            yield text
        case events.Retrying(reason, number, most, seconds):
            yield f"{reason}; trying again in {seconds:g} s ({number} of {most})"
        case events.RollbackBegun(to):
            yield f"Reverting to {to}" if to else "Reverting all changes"
        case events.RepairNeeded():
            yield "The schema will need to be manually repaired"


def _is_routine(message: ServerMessage) -> bool:
    """Say whether a notice only tells that IF EXISTS or IF NOT EXISTS did what it is for."""
    return message.severity == "NOTICE" and message.message.endswith(", skipping")


def undeployed(names: Sequence[str]) -> list[str]:
    """Return the list of changes that are planned and not deployed."""
    title = "Undeployed change:" if len(names) == 1 else "Undeployed changes:"
    return [title, *(f"  * {name}" for name in names)]


def _started(event: events.Started) -> str:
    all_of_it, up_to = _STARTED[event.action]
    text = up_to if event.change else all_of_it
    line = text.format(to=event.destination, change=event.change)
    return f"{line} (dry run)" if event.is_dry_run else line


def _summary(changes: int, errors: int) -> list[str]:
    if not errors:
        return ["Verify successful"]
    title = "Verify Summary Report"
    return ["", title, "-" * len(title), f"Changes: {changes}", f"Errors:  {errors}"]


def _divergence(event: events.Diverged) -> list[str]:
    lines = [f"Script signatures diverge at change {event.change}"] if event.change else []
    lines += [f"  * {path} was edited after it was deployed" for path in event.modified]
    lines += event.faults
    return lines or ["Check successful"]


def _not_tried(skipped: int) -> str:
    if not skipped:
        return ""
    plural = "s run" if skipped > 1 else " runs"
    return f"; {skipped} change{plural} outside of a transaction and could not be tried"
