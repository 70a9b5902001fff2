"""Values of settings as a type: true or false, whole numbers, numbers with k, m or g."""

from __future__ import annotations

import re

from dsvault.config.syntax import ConfigError
from dsvault.patterns import later

_TRUE = later(r"(?:true|yes|on|-?0*1)\Z", re.IGNORECASE)
_FALSE = later(r"(?:false|no|off|0*)\Z", re.IGNORECASE)
_NUMBER = later(r"(-?[0-9]*\.?[0-9]*)([kmg]?)\Z")
_FACTORS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}


def cast(value: str | None, kind: str | None) -> str:
    """Return a value as text of a kind: bool, int, num, bool-or-int, or None for as it is.

    :raises ConfigError: it is none of that kind.
    """
    if kind == "bool-or-int":
        kind = "int" if value is not None and _NUMBER.match(value) else "bool"
    if kind is None:
        return value or ""
    return _boolean(value) if kind == "bool" else _number(value or "", kind)


def holds(pattern: str, value: str | None) -> bool:
    """Say whether a regular expression finds something in a value; without one, yes.

    :raises ConfigError: it is no regular expression.
    """
    try:
        return re.search(pattern, value or "") is not None
    except re.error as error:
        raise ConfigError(
            f"The pattern {pattern} is not valid: {error}",
            hint=r"Put a \ before signs like [ or *.",
        ) from None


def _boolean(value: str | None) -> str:
    if value is None or _TRUE.match(value):
        return "true"
    if _FALSE.match(value):
        return "false"
    raise ConfigError(f"Invalid bool '{value}'", hint="Write true or false.")


def _number(value: str, kind: str) -> str:
    match = _NUMBER.match(value)
    try:
        number = float(match[1] or 0) * _FACTORS[match[2]] if match else None
    except ValueError:
        number = None
    if number is None:
        raise ConfigError(f"Invalid unit while casting to {kind}", hint="Write 10, 4k or 2m.")
    return str(int(number)) if kind == "int" or number.is_integer() else str(number)
