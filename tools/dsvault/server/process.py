"""Running the server's programs as its account, with a clean environment."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import subprocess
import threading
import time
from typing import TYPE_CHECKING

from dsvault.server.errors import NO_SPACE_HINT, ServerError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from typing import IO

    from dsvault.server.account import Account

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
_LAST_LINES = 8
_PROGRESS = re.compile(r"^(selecting|fixing permissions)|\.\.\. ok$|stand-alone backend")
_NO_SPACE = ("No space left", "Check free disk space")
_LC_ALL_BITS = 0x1FBF  # all categories of glibc


def locale_name() -> str:
    """Return the locale for servers and their programs: C.UTF-8 where the system has it, else C."""
    _LIBC.newlocale.restype = ctypes.c_void_p
    _LIBC.freelocale.argtypes = [ctypes.c_void_p]
    found = _LIBC.newlocale(_LC_ALL_BITS, b"C.UTF-8", None)
    if found:
        _LIBC.freelocale(found)
    return "C.UTF-8" if found else "C"


def clean_environment() -> dict[str, str]:
    """Return the whole environment of a server program; the caller's LANG, PG* and TZ stay out."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": locale_name(), "TZ": "UTC"}


def run_program(
    account: Account,
    words: Sequence[str | Path],
    *,
    doing: str,
    text: str = "",
    bad_word: str | None = None,
) -> None:
    """Run a server program to its end with text on its stdin; it ends with this process.

    :param bad_word: what its output holds if it failed in spite of exit code 0.
    :raises ServerError: the account cannot be taken, or the program fails.
    """
    try:
        done: subprocess.CompletedProcess[str] = subprocess.run(
            words,
            input=text,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=clean_environment(),
            cwd="/",
            umask=0o077,
            check=False,
            preexec_fn=_tie_to_parent(os.getpid(), signal.SIGKILL),
            **account.popen_identity(),
        )
    except OSError as error:
        raise not_started(account, words[0], error) from error
    if done.returncode != 0 or (bad_word and bad_word in done.stdout):
        raise program_failed(doing, done.stdout, done.returncode or None)


def not_started(account: Account, program: str | Path, error: OSError) -> ServerError:
    """Return the error for a program that the system does not let us run as account."""
    return ServerError(
        f"Cannot run {program} as {account.name}.",
        detail=error.strerror,
        hint="Run dsvault as an ordinary user, or give another server with --target.",
    )


def program_failed(
    doing: str, output: str, code: int | None = None, *, hint: str | None = None
) -> ServerError:
    """Return the error that reports how a program ended, with the last lines that it wrote."""
    lines = [line.replace("backend> ", "").strip() for line in output.splitlines()]
    lines = [line for line in lines if line and not _PROGRESS.search(line)]
    if any(words in output for words in _NO_SPACE):
        detail = "\n".join(line for line in lines if any(words in line for words in _NO_SPACE))
        return ServerError(f"No space left while {doing}.", detail=detail, hint=NO_SPACE_HINT)
    detail = "\n".join(lines[-_LAST_LINES:]) or "it said nothing"
    ended = "" if code is None else f" (exit code {code})"
    return ServerError(f"Failed while {doing}{ended}.", detail=detail, hint=hint)


class Keeper:
    """A server process, started and reaped by a thread that lives as long as the server does.

    The kernel's parent-death signal follows the thread that forked, not the process: this thread
    does nothing else, so a server tied to us ends with us and not before.
    """

    def __init__(
        self, account: Account, words: Sequence[str | Path], log: IO[bytes], *, tied: bool
    ) -> None:
        self._arguments = (account, words, log, tied)
        self._started = threading.Event()
        self._error: Exception | None = None
        self.process: subprocess.Popen[bytes] | None = None
        threading.Thread(target=self._keep, name="dsvault-server", daemon=True).start()
        self._started.wait()
        if self._error:
            raise self._error

    def _keep(self) -> None:
        account, words, log, tied = self._arguments
        try:
            self.process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=clean_environment(),
                cwd="/",
                umask=0o077,
                start_new_session=True,
                preexec_fn=_tie_to_parent(os.getpid(), signal.SIGQUIT) if tied else None,  # noqa: PLW1509
                **account.popen_identity(),
            )
        except OSError as error:
            self._error = not_started(account, words[0], error)
        except subprocess.SubprocessError as error:
            self._error = ServerError("The server process could not be set up.", detail=str(error))
        finally:
            self._started.set()
        if self.process:
            self.process.wait()

    @property
    def pid(self) -> int:
        """Return the server's process number."""
        assert self.process is not None  # noqa: S101 - __init__ raises otherwise
        return self.process.pid

    def exit_code(self) -> int | None:
        """Return how the server ended, or None while it runs."""
        assert self.process is not None  # noqa: S101 - __init__ raises otherwise
        return self.process.poll()


def _tie_to_parent(parent: int, number: signal.Signals) -> Callable[[], None]:
    """Return what makes a child get a signal when its parent ends.

    It runs in the child, after the setuid that would clear the signal and before exec.
    """
    prctl = _LIBC.prctl
    getppid, leave = os.getppid, os._exit

    def tie() -> None:
        prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if getppid() != parent:  # the parent died before the signal was set
            leave(1)

    return tie


def wait_until(condition: Callable[[], bool], *, timeout_seconds: float) -> bool:
    """Wait for condition, looking every 5 ms; tell whether it came true in time."""
    deadline = time.monotonic() + timeout_seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True
