"""The cases in which a command is tried: who a transaction says it is, and what he holds. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from itertools import chain, combinations
from typing import TYPE_CHECKING

from dsvault.policy.conditions import MEMBER, Actor, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.policy.conditions import Condition
    from dsvault.policy.sample import Sample

_MALFORMED = "no uuid"


class State(Enum):
    """What became of the user, his tenant or his grant."""

    LIVE = "live"
    SUSPENDED = "suspended"
    LOCKED = "locked"
    PENDING = "pending_verification"
    DELETED = "deleted"
    TENANT_DELETED = "of a deleted tenant"
    EXPIRED = "whose grant has expired"


@dataclass(frozen=True, slots=True)
class Case:
    """Who the transaction says it is (the texts of the two settings), and what he holds.

    is_entered: said by dsvault.enter() rather than by the settings.
    """

    text: str
    tenant: str = ""
    user: str = ""
    holds: frozenset[str] = frozenset()
    state: State = State.LIVE
    is_entered: bool = False

    def actor(self, sample: Sample) -> Actor:
        """Return what the database has to make of it."""
        tenant = None if self.tenant in {"", _MALFORMED} else self.tenant
        user = None if self.user in {"", _MALFORMED} else self.user
        holds: frozenset[str] = frozenset()
        if tenant == sample.own and user == sample.me:
            if self.state is State.LIVE:
                holds = self.holds | {MEMBER}
            elif self.state is State.EXPIRED:
                holds = frozenset({MEMBER})
        return Actor(tenant, user, holds)


def cases_for(
    condition: Condition, sample: Sample, catalogue: frozenset[str], extra: frozenset[str]
) -> list[Case]:
    """Return the cases that tell a condition from any other.

    A condition about a user's tenant is tried with every subset of the permissions that it and
    extra name, with all but those, with all; and with everybody who must get nothing.
    """
    if condition.scope is not Scope.USER:
        return list(_tenant_cases(sample))
    return [
        *_live_cases(condition.permissions | extra, sample, catalogue),
        *barred_cases(sample, catalogue),
    ]


def plain_case() -> Case:
    """Return the case of a transaction that says nothing."""
    return Case("nobody named")


def strongest_case(sample: Sample, catalogue: frozenset[str]) -> Case:
    """Return the case of a user who holds everything."""
    return Case("user holds everything", sample.own, sample.me, catalogue)


def _live_cases(
    mentioned: frozenset[str], sample: Sample, catalogue: frozenset[str]
) -> Iterator[Case]:
    me = Case("", sample.own, sample.me)
    for held in _subsets(sorted(mentioned)):
        yield from _both(replace(me, text=_holding(held), holds=frozenset(held)))
    rest = catalogue - mentioned
    if mentioned:
        text = f"user holds everything but {' and '.join(sorted(mentioned))}"
        yield from _both(replace(me, text=text, holds=rest))
    yield from _both(replace(me, text="user holds everything", holds=catalogue))


def barred_cases(sample: Sample, catalogue: frozenset[str]) -> list[Case]:
    """Return the cases of those who get nothing, though they were given everything."""
    me = Case("", sample.own, sample.me, catalogue)
    return [
        plain_case(),
        Case("malformed settings", _MALFORMED, _MALFORMED),
        replace(me, text="tenant named without user", user=""),
        replace(me, text="user named without tenant", tenant=""),
        replace(me, text="user of another tenant", user=sample.theirs),
        *(
            replace(me, text=f"user {state.value}", state=state)
            for state in State
            if state is not State.LIVE
        ),
    ]


def _tenant_cases(sample: Sample) -> Iterator[Case]:
    yield plain_case()
    yield Case("malformed settings", _MALFORMED, _MALFORMED)
    yield Case("tenant named", sample.own)
    yield Case("the other tenant named", sample.foreign)


def _both(case: Case) -> Iterator[Case]:
    yield case
    yield replace(case, text=f"{case.text}, by enter()", is_entered=True)


def _holding(permissions: tuple[str, ...]) -> str:
    return f"user holds {' and '.join(permissions) or 'nothing'}"


def _subsets(items: list[str]) -> Iterator[tuple[str, ...]]:
    return chain.from_iterable(combinations(items, size) for size in range(len(items) + 1))
