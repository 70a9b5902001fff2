"""Packages that only some installations need."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from dsvault.wrapping.errors import MissingExtraError

if TYPE_CHECKING:
    from types import ModuleType


def package(name: str, extra: str) -> ModuleType:
    """Import a package of an extra.

    :raises MissingExtraError: it is not installed; the message names the extra.
    """
    try:
        return import_module(name)
    except ModuleNotFoundError:
        raise MissingExtraError(
            f"The Python package {name.partition('.')[0]} is not installed",
            hint=f"Install it with its extra: pip install 'dsvault[{extra}]'",
        ) from None
