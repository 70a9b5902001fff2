"""Where a server listens besides its socket."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_PORT = 5432
_LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Network:
    """TCP settings. The port also numbers the socket; an empty `listen` means no TCP at all."""

    port: int = DEFAULT_PORT
    listen: str = ""

    @classmethod
    def wished(cls, port: int | None, listen: str | None) -> Network | None:
        """Return the settings for what was asked, or None if nothing was."""
        if port is None and listen is None:
            return None
        return cls(port or DEFAULT_PORT, _LOOPBACK if listen is None else listen)

    def __str__(self) -> str:
        return f"{self.listen} port {self.port}" if self.listen else "its socket only"
