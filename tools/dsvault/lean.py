"""Import parts of heavy packages alone, and the rest when something asks for it.

psycopg's package imports every adapter and all that is asynchronous, pglast's parser every kind of
node: together that takes longer than most commands do. Only the command line puts them aside, for
commands that use little of them; whoever uses dsvault as a library has packages as they are.
"""

from __future__ import annotations

import importlib
import sys
from functools import partial
from importlib.machinery import PathFinder
from threading import RLock
from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from importlib.machinery import ModuleSpec

_NONE: Mapping[str, str] = {}


class _Aside(ModuleType):
    """A module whose code has not run; it runs for the first name that is found nowhere else."""

    _first: str | None
    _homes: Mapping[str, str]
    _loading: RLock

    def __getattr__(self, name: str) -> object:
        own = self.__name__
        if name == "__path__":  # each import asks for it, and packages have theirs
            raise AttributeError(name)
        if self._first is not None:
            importlib.import_module(self._first)
        if name in self._homes:
            return getattr(importlib.import_module(f"{own}.{self._homes[name]}"), name)
        path = self.__dict__.get("__path__")
        if path is not None and PathFinder.find_spec(f"{own}.{name}", path) is not None:
            return importlib.import_module(f"{own}.{name}")
        _load(self)
        return getattr(self, name)


def _load(module: ModuleType) -> None:
    """Run the code of a module that was put aside, once."""
    if isinstance(module, _Aside):
        with module._loading:  # noqa: SLF001 - both are of this file
            if isinstance(module, _Aside) and module.__spec__ and module.__spec__.loader:
                module.__class__ = ModuleType  # type: ignore[assignment] # now a plain one
                module.__spec__.loader.exec_module(module)


def _call(module: ModuleType, name: str, *arguments: object) -> object:
    """Call a function of a module that may be aside still."""
    _load(module)
    return getattr(module, name)(*arguments)


class _Logger:
    """A logger that is made when something of it is used; psycopg has one for seldom warnings."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> object:
        return getattr(_call(sys.modules["logging"], "getLogger", self._name), name)


def put_aside(
    name: str,
    *,
    first: str | None = None,
    homes: Mapping[str, str] = _NONE,
    functions: Sequence[str] = (),
    **known: object,
) -> None:
    """Put a module aside until a name of it is asked for; its own modules can be imported before.

    first is the one of these that the others want imported before them. homes tells which of them
    has a name of the module. functions can be imported from it, and bring its code when they are
    called; known are values. A module that is imported already, or is not there, is left as it is.
    """
    spec = _spec_of(name)
    if name in sys.modules or spec is None or spec.loader is None:
        return
    module = _Aside(name)
    module.__spec__ = spec
    module.__loader__ = spec.loader
    module.__file__ = spec.origin
    module.__package__ = spec.parent
    if spec.submodule_search_locations is not None:
        module.__path__ = spec.submodule_search_locations
    module.__dict__.update({name: partial(_call, module, name) for name in functions})
    module.__dict__.update(known, _first=first, _homes=homes, _loading=RLock())
    sys.modules[name] = module
    package, _, own = name.rpartition(".")
    if package in sys.modules:  # it has its modules as attributes
        sys.modules[package].__dict__[own] = module


def _spec_of(name: str) -> ModuleSpec | None:
    """Return where a module is, without importing the packages that it is in."""
    package = name.rpartition(".")[0]
    if not package:
        return PathFinder.find_spec(name)
    outer = sys.modules[package].__spec__ if package in sys.modules else _spec_of(package)
    return PathFinder.find_spec(name, outer.submodule_search_locations) if outer else None


def put_aside_for_click() -> None:
    """Put aside what click, which has to come after it, asks for one function or for none."""
    put_aside("inspect", cleandoc=_cleandoc)
    # It has no translations for us: our texts are English, and so are its own.
    put_aside("gettext", gettext=str, ngettext=_ngettext)
    # It asks which machine this is. click takes its type as a parameter of a class, for nothing.
    put_aside("uuid", UUID=object)


def let_go_of_click() -> None:
    """Let whoever asks for it from now on have what only served as a name when click came."""
    module = sys.modules["uuid"]
    if isinstance(module, _Aside):
        del module.__dict__["UUID"]


def _ngettext(one: str, many: str, count: int) -> str:
    """Do what gettext.ngettext does where there is no translation."""
    return one if count == 1 else many


def _cleandoc(text: str) -> str:
    """Do what inspect.cleandoc does, which takes other texts than plain lines too."""
    if "\n" not in text and "\t" not in text:
        return text.lstrip()
    return str(_call(sys.modules["inspect"], "cleandoc", text))


def put_heavy_aside() -> None:
    """Put aside the modules of which most commands need a small part or none."""
    put_aside("asyncio", homes={"CancelledError": "exceptions"})
    put_aside("logging", getLogger=_Logger)
    put_aside("ipaddress", functions=["ip_address"])
    put_aside("random", functions=["shuffle"])
    put_aside("socket")
    put_aside("traceback")
    # psycopg looks for a libpq by ctypes where it brings none. Its own wants the locks that ssl
    # once set up for all of OpenSSL; since OpenSSL 1.1 there are none to be set up.
    put_aside("ctypes")
    put_aside("ctypes.util")
    put_aside("ssl")
    put_aside("psycopg", first="psycopg.pq")
    # What of these two is wanted at once only serves type checkers.
    put_aside("psycopg.abc", ConnDict=dict, ConnMapping=dict, ConnParam=object)
    put_aside("psycopg.pq.abc")
    put_aside("psycopg._encodings", functions=["pg2pyenc"])
    put_aside("psycopg.errors")
    # It would be looked up in the metadata of all packages, and stands in one message only.
    put_aside("psycopg_binary", __version__="unknown")
    put_aside("pglast", homes={"Error": "error"})
    put_aside("pglast.ast")
    put_aside("pglast.enums")
