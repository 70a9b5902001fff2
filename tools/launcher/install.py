"""Make an environment, whole or not at all, and say what is being done."""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from typing import IO, NoReturn

from launcher import fail
from launcher.environment import Environment, state_folders

# What pip may take from the caller: where packages come from and how to get there. The other PIP_
# variables (PIP_TARGET, PIP_USER, PIP_CONSTRAINT, …) could put packages elsewhere or refuse ours.
PIP_KEEPS = frozenset(
    {
        "PIP_CACHE_DIR",
        "PIP_CERT",
        "PIP_CLIENT_CERT",
        "PIP_CONFIG_FILE",
        "PIP_DEFAULT_TIMEOUT",
        "PIP_EXTRA_INDEX_URL",
        "PIP_FIND_LINKS",
        "PIP_INDEX_URL",
        "PIP_KEYRING_PROVIDER",
        "PIP_NO_CACHE_DIR",
        "PIP_NO_INDEX",
        "PIP_PROXY",
        "PIP_RETRIES",
        "PIP_TIMEOUT",
        "PIP_TRUSTED_HOST",
    }
)
QUIET = ("--no-input", "--disable-pip-version-check", "--no-color", "--progress-bar", "off")


class Interrupted(BaseException):
    """A signal asks the launcher to end; the argument is its number."""


class StepError(Exception):
    """A program of ours ended with an error; the argument names the program and its exit code."""


def install(root: str, layer: str) -> str:
    """Install `layer` in the first folder that can be written; return the path of its Python."""
    require_venv()
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, interrupt)
    try:
        return install_somewhere(root, layer)
    except (Interrupted, KeyboardInterrupt) as reason:
        say("\ndsvault: stopped; nothing half-made is left")
        sys.exit(128 + (reason.args[0] if reason.args else signal.SIGINT))


def interrupt(number: int, _frame: object) -> NoReturn:
    """Turn a signal into an exception, so that a half-made environment is removed."""
    raise Interrupted(number)


def require_venv() -> None:
    """End with a message where this Python cannot make virtual environments."""
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        fail(
            "this Python cannot make a virtual environment",
            found=f"{sys.executable} has no module {' and no module '.join(missing)}",
            hint="on Debian and Ubuntu: apt install python3-venv",
        )


def install_somewhere(root: str, layer: str) -> str:
    """Try one folder after the other; the first that can be written is it."""
    refusals = []
    for state in state_folders(root):
        try:
            lock = open_lock(state)
        except OSError as error:
            refusals.append(f"{state}: {error.strerror}")
            continue
        with lock:
            return install_locked(Environment(root, state, layer), lock.fileno())
    return fail(
        "there is no place for the private Python environment",
        found="\n".join(refusals),
        hint="make one of these folders writable, or set XDG_CACHE_HOME to one that is",
    )


def open_lock(state: str) -> IO[str]:
    """Wait until no other launcher installs in `state`; return the open lock file.

    :raises OSError: the folder cannot be made or written.
    """
    os.makedirs(state, exist_ok=True)
    lock = open(os.path.join(state, "lock"), "a", encoding="utf-8")  # noqa: SIM115 - handed on
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("dsvault: another run is installing; waiting for it to end")
        fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def install_locked(environment: Environment, lock: int) -> str:
    """Make what is missing, the base first; another launcher may have made it while we waited."""
    if environment.base:
        install_locked(environment.base, lock)
    if not environment.is_ready():
        Installation(environment, lock).make()
    return environment.python


class Installation:
    """The making of one environment."""

    def __init__(self, environment: Environment, lock: int) -> None:
        self.environment = environment
        self.lock = lock
        self.log: list[str] = []

    def make(self) -> None:
        """Take all steps and stamp the result; remove it if anything goes wrong."""
        begin = time.monotonic()
        try:
            self.announce()
            self.create()
            self.fill()
            self.stamp()
        except (StepError, OSError) as error:
            self.remove()
            self.explain(error)
        except BaseException:
            self.remove()
            raise
        say(f"dsvault: ready after {time.monotonic() - begin:.1f} s; from now on it starts at once")

    def announce(self) -> None:
        """Say what is made, where and, if something was there before, why."""
        environment = self.environment
        purpose = "what the tests need" if environment.base else "what it needs"
        say(f"dsvault: installing {purpose}, once, in {environment.folder}")
        if os.path.lexists(environment.folder):
            say(f"  replacing the one that is there: {environment.why_not()}")
            self.remove()

    def create(self) -> None:
        """Make the empty virtual environment; a layer finds pip and the rest in its base."""
        environment = self.environment
        step = Step(f"virtual environment, Python {sys.version.split()[0]}")
        options = ["--without-pip"] if environment.base else []
        self.run([sys.executable, "-I", "-m", "venv", *options, environment.folder], step).done()
        paths = [os.path.join(environment.root, "tools")]
        if environment.base:
            paths.append(environment.base.packages)
        with open(os.path.join(environment.packages, "dsvault-checkout.pth"), "wb") as pth:
            pth.writelines(self.for_pth(path) + b"\n" for path in paths)

    def for_pth(self, path: str) -> bytes:
        """Return `path` for a .pth file: in the checkout relative, hence ASCII.

        The link that link_layer makes is as deep as what it points at, so that both find `path`.
        Python reads that file in the encoding of the locale at hand, whatever the path's is.
        """
        inside = self.environment.state.startswith(self.environment.root + os.sep)
        return os.fsencode(os.path.relpath(path, self.environment.packages) if inside else path)

    def fill(self) -> None:
        """Let pip fetch all packages of the lock, then install them."""
        environment = self.environment
        pip = [environment.python, "-I", "-m", "pip", "install", "-r", environment.lock]
        strict = ["--require-hashes", "--only-binary", ":all:"]
        # pip's configuration files may say otherwise, as for everybody who once set `user = true`.
        here = ["--no-user", "--target=", "--prefix", environment.folder, "--root=/"]
        step = Step(f"fetching {os.path.relpath(environment.lock, environment.root)}")
        self.run([*pip, *strict, *here, *QUIET], step).done()

    def stamp(self) -> None:
        """Write the stamp, last of all and in one motion."""
        environment = self.environment
        if environment.base:
            link_layer(environment)
        new = f"{environment.stamp}.new"
        with open(new, "wb") as stamp:
            stamp.write(environment.wanted_stamp())
            stamp.flush()
            os.fsync(stamp.fileno())
        os.replace(new, environment.stamp)

    def run(self, command: list[str], step: Step) -> Step:
        """Run one program to its end, keeping its output; return the step under way at its end.

        The program gets a process group of its own, so that all of it ends with an interrupted
        launcher, and it holds the launcher's lock too: if the launcher is killed outright, the next
        one waits for the program to end.

        :raises StepError: its exit code is not 0.
        """
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=installers_environ(),
            pass_fds=(self.lock,),
            start_new_session=True,
            encoding="utf-8",
            errors="replace",
        )
        try:
            for line in process.stdout or ():
                self.log.append(line.rstrip())
                step = step.seen(line)
            code = process.wait()
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        if code:
            say(" failed")
            raise StepError(f"{' '.join(command[:5])} ...: exit code {code}")
        return step

    def remove(self) -> None:
        """Remove the environment, the stamp first; a second Ctrl-C does not stop that."""
        previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
        with contextlib.suppress(OSError):
            os.unlink(self.environment.stamp)
        shutil.rmtree(self.environment.folder, ignore_errors=True)
        signal.signal(signal.SIGINT, previous)

    def explain(self, error: Exception) -> NoReturn:
        """Report the step that failed with the program's own error, and end the process."""
        first = next((n for n, line in enumerate(self.log) if line.startswith("ERROR")), 0)
        found = [*filter(None, self.log[first:][-20:]), str(error)]
        log = os.path.join(self.environment.state, "install.log")
        with contextlib.suppress(OSError):
            with open(log, "w", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in [*self.log, str(error)])
            found.append(f"all of the output: {log}")
        fail(
            "the installation failed; nothing half-made is left",
            found="\n".join(found),
            hint=advice("\n".join([*self.log, str(error)])),
        )


class Step:
    """One line on the screen: what is being done, a dot for each package, how long it took."""

    def __init__(self, text: str) -> None:
        self.begin = time.monotonic()
        say(f"  {text} ", end="")

    def seen(self, line: str) -> Step:
        """Take note of a line of the program's output; return the step under way after it."""
        if line.startswith(("Collecting ", "Processing ")):
            say(".", end="")
        if line.startswith("Installing collected packages: "):
            self.done()
            return Step(f"installing {line.count(',') + 1} packages")
        return self

    def done(self) -> None:
        """End the line."""
        say(f" {time.monotonic() - self.begin:.1f} s")


def say(text: str, end: str = "\n") -> None:
    """Write to stderr at once: stdout is the toolkit's."""
    sys.stderr.write(text + end)
    sys.stderr.flush()


def installers_environ() -> dict[str, str]:
    """Return the caller's environment without what would make venv or pip work elsewhere."""
    foreign = ("PIP_", "PYTHON", "VIRTUAL_ENV", "__PYVENV")
    return {k: v for k, v in os.environ.items() if k in PIP_KEEPS or not k.startswith(foreign)}


def link_layer(environment: Environment) -> None:
    """Point .dsvault/test at the newest test layer: editors and commit hooks look there."""
    link = os.path.join(environment.state, "test")
    new = f"{link}.new"
    with contextlib.suppress(FileNotFoundError):
        os.unlink(new)
    os.symlink(os.path.basename(environment.folder), new)
    os.replace(new, link)


def advice(output: str) -> str:
    """Return what to do about the failed program's output."""
    if "DO NOT MATCH THE HASHES" in output:
        return "do not use these packages: the index serves other files than the lock names"
    if "No space left on device" in output:
        return "free some space: an environment takes about 300 MB"
    unreachable = ("NewConnectionError", "Retrying (", "Could not fetch URL", "ProxyError")
    if any(sign in output for sign in unreachable):
        return (
            "the package index was not reached: check the network, the proxy (HTTPS_PROXY) and\n"
            "pip's settings (PIP_INDEX_URL, PIP_CERT), then run it again"
        )
    return "see the output above, then run it again"
