"""Patterns that are compiled when they are used first, where most short commands never do. Pure."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    later = re.compile
else:

    class _Later:
        """What re.compile would return, as soon as something of it is asked for."""

        def __init__(self, text: str, flags: int = 0) -> None:
            self._given = text, flags

        def __getattr__(self, name: str) -> object:
            found = self.__dict__[name] = getattr(re.compile(*self._given), name)
            return found

    later = _Later
