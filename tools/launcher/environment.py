"""Where an environment is, what it should hold, and whether it does."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def state_folders(root: str) -> Iterator[str]:
    """Yield the folders that may hold a checkout's environments, best first; none need exist."""
    yield os.path.join(root, ".dsvault")
    cache = cache_folder(root)
    if cache is not None:
        yield cache


def cache_folder(root: str) -> str | None:
    """Return the folder of this checkout in the user's cache; None for a user without a home."""
    import zlib

    cache = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(cache):
        cache = os.path.join(os.path.expanduser("~"), ".cache")
    key = f"{os.path.basename(root)}-{zlib.crc32(os.fsencode(root)):08x}"
    return os.path.join(cache, "dsvault", "environments", key) if os.path.isabs(cache) else None


class Environment:
    """One virtual environment; the layer "test" adds to the layer "run" what only tests need.

    Each Python that starts the launcher has environments of its own, so that
    `python3.13 dsvault test` tests on 3.13 and leaves those of 3.11 as they are.
    """

    def __init__(self, root: str, state: str, layer: str) -> None:
        python = f"python{sys.version_info[0]}.{sys.version_info[1]}{sys.abiflags}"
        self.root = root
        self.state = state
        self.base = Environment(root, state, "run") if layer == "test" else None
        self.lock = os.path.join(root, "tools", "requirements", f"{layer}.txt")
        self.folder = os.path.join(state, f"{python}-{os.uname().machine}-{layer}")
        self.python = os.path.join(self.folder, "bin", "python")
        self.stamp = os.path.join(self.folder, "dsvault-stamp")
        self.packages = os.path.join(self.folder, "lib", python, "site-packages")

    def wanted_stamp(self) -> bytes:
        """Return what the stamp of a good environment holds: the checkout's path, then the lock."""
        with open(self.lock, "rb") as lock:
            return os.fsencode(self.root) + b"\n" + lock.read()

    def found_stamp(self) -> bytes:
        """Return what the stamp holds; nothing where there is none that we may read."""
        try:
            with open(self.stamp, "rb") as stamp:
                return stamp.read()
        except OSError:
            return b""

    def is_ready(self) -> bool:
        """Tell whether all is installed as wanted, here and below, and the Python still exists."""
        return (
            self.found_stamp() == self.wanted_stamp()
            and os.path.exists(self.python)
            and (self.base is None or self.base.is_ready())
        )

    def why_not(self) -> str:
        """Say in words why an environment that is there, but not ready, cannot be used."""
        found, wanted = self.found_stamp(), self.wanted_stamp()
        if not found:
            return "its installation was cut short"
        root = os.fsdecode(found.partition(b"\n")[0])
        if root != self.root:
            return f"the checkout was {root} then"
        return "the lock has changed" if found != wanted else "the Python it was made with is gone"
