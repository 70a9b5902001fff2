"""Values whose classes Python makes quickly, for what every short command imports. Pure.

A dataclass or a named tuple has code of its own written and compiled when it is defined, which
takes longer than most programs ever use it. A Value has the same to offer: fields in the order in
which they are annotated, defaults, comparison, patterns; and its fields are not set again.
"""

from __future__ import annotations

from typing import Any, Self, dataclass_transform


@dataclass_transform(frozen_default=True)
class Value:
    """The base of such classes. A field whose default is a list or dict would be shared."""

    __match_args__: tuple[str, ...] = ()

    def __init_subclass__(cls) -> None:
        """Take the annotations as fields, behind those of the class that is extended."""
        cls.__match_args__ += tuple(cls.__annotations__)  # type: ignore[misc] # not yet final

    def __init__(self, *values: object, **named: object) -> None:
        """Take the fields, first those without a name in their order."""
        names = self.__match_args__
        if len(values) == len(names) and not named:
            self.__dict__.update(zip(names, values, strict=True))
            return
        given = dict(zip(names, values, strict=False)) | named
        absent = [name for name in names if name not in given]
        # A field that is not given has the default, which is the attribute of the class.
        if not all(hasattr(self, name) for name in absent):
            raise TypeError(f"{type(self).__name__} lacks one of the fields {', '.join(absent)}")
        if len(given) != len(values) + len(named) or len(given) + len(absent) != len(names):
            raise TypeError(f"{type(self).__name__} has the fields {', '.join(names)}")
        self.__dict__.update(given)

    def but(self, **changes: Any) -> Self:  # noqa: ANN401 - of all fields' types
        """Return the same with other values in some fields."""
        return type(self)(**dict(zip(self.__match_args__, self._fields(), strict=True)) | changes)

    def _fields(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__match_args__)

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse to change a value."""
        raise AttributeError(f"{type(self).__name__}.{name} cannot be set")

    def __eq__(self, other: object) -> bool:
        """Compare the fields of two values of one class."""
        if type(other) is not type(self):
            return NotImplemented
        return self._fields() == other._fields()

    def __hash__(self) -> int:
        """Return the hash of the fields."""
        return hash(self._fields())

    def __repr__(self) -> str:
        """Return it as it would be made."""
        pairs = zip(self.__match_args__, self._fields(), strict=True)
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in pairs)})"
