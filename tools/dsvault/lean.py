"""Import parts of heavy packages alone, and the rest when something asks for it.

psycopg's package imports every adapter and all that is asynchronous, pglast's parser every kind of
node: together that takes longer than most commands do. Only the command line puts them aside, for
commands that use little of them; whoever uses dsvault as a library has packages as they are.
"""

from __future__ import annotations

import importlib
import sys
from importlib.machinery import PathFinder
from threading import RLock
from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_NONE: Mapping[str, str] = {}


class _Aside(ModuleType):
    """A module whose code has not run; it runs for the first name that is found nowhere else."""

    _first: str | None
    _homes: Mapping[str, str]
    _loading: RLock

    def __getattr__(self, name: str) -> object:
        own = self.__name__
        if self._first is not None:
            importlib.import_module(self._first)
        if name in self._homes:
            return getattr(importlib.import_module(f"{own}.{self._homes[name]}"), name)
        path = self.__dict__.get("__path__")
        if path is not None and PathFinder.find_spec(f"{own}.{name}", path) is not None:
            return importlib.import_module(f"{own}.{name}")
        with self._loading:
            if type(self) is _Aside and self.__spec__ and self.__spec__.loader:
                self.__class__ = ModuleType  # type: ignore[assignment] # from now on a plain one
                self.__spec__.loader.exec_module(self)
        return getattr(self, name)


def put_aside(
    name: str, *, first: str | None = None, homes: Mapping[str, str] = _NONE, **known: str
) -> None:
    """Put a module aside until a name of it is asked for; its own modules can be imported before.

    first is the one of these that the others want imported before them. homes tells which of them
    has a name of the module; known are values. A module that is imported already, or is not there,
    is left as it is.
    """
    parent = sys.modules.get(name.rpartition(".")[0])
    spec = PathFinder.find_spec(name, parent.__path__ if parent else None)
    if name in sys.modules or spec is None or spec.loader is None:
        return
    module = _Aside(name)
    module.__spec__ = spec
    module.__loader__ = spec.loader
    module.__file__ = spec.origin
    module.__package__ = spec.parent
    if spec.submodule_search_locations is not None:
        module.__path__ = spec.submodule_search_locations
    module.__dict__.update(known, _first=first, _homes=homes, _loading=RLock())
    sys.modules[name] = module


def put_heavy_aside() -> None:
    """Put aside the modules of which most commands need a small part or none."""
    put_aside("asyncio", homes={"CancelledError": "exceptions"})
    put_aside("psycopg", first="psycopg.pq")
    # It would be looked up in the metadata of all packages, and stands in one message only.
    put_aside("psycopg_binary", __version__="unknown")
    put_aside("pglast", homes={"Error": "error"})
    put_aside("pglast.ast")
    put_aside("pglast.enums")
