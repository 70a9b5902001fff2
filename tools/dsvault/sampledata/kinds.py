"""The kinds of records that datasets hold, and how one is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    from dsvault.sampledata.pools import Pools

    Draw: TypeAlias = Callable[[Random, Pools, int], dict[str, Any]]

_CURRENCIES = ("EUR", "GBP", "USD", "CHF")
_STATES = ("new", "paid", "sent", "returned")
_UNITS = ("C", "Pa", "lx", "ppm")


def _pick(chance: Random, values: Any) -> Any:  # noqa: ANN401 - whatever the sequence holds
    # Random.choice costs three times as much.
    return values[int(chance.random() * len(values))]


def _customer(chance: Random, pools: Pools, number: int) -> dict[str, Any]:
    first, last = _pick(chance, pools.first_names), _pick(chance, pools.last_names)
    return {
        "number": number,
        "name": f"{first} {last}",
        "email": f"customer{number}@mail.example",
        "phone": f"+4420794{int(chance.random() * 100_000):05d}",
        "born": f"{1930 + int(chance.random() * 78)}-{1 + int(chance.random() * 12):02d}-15",
        "street": f"{_pick(chance, pools.streets)} {1 + int(chance.random() * 200)}",
        "city": _pick(chance, pools.cities),
        "postcode": _pick(chance, pools.postcodes),
    }


def _order(chance: Random, pools: Pools, number: int) -> dict[str, Any]:
    count = 1 + int(chance.random() * 5)
    return {
        "order": number,
        "customer": 1 + int(chance.random() * 10_000),
        "product": _pick(chance, pools.products),
        "count": count,
        "total_cents": count * (99 + int(chance.random() * 20_000)),
        "currency": _pick(chance, _CURRENCIES),
        "state": _pick(chance, _STATES),
    }


def _employee(chance: Random, pools: Pools, number: int) -> dict[str, Any]:
    first, last = _pick(chance, pools.first_names), _pick(chance, pools.last_names)
    return {
        "number": number,
        "name": f"{first} {last}",
        "job": _pick(chance, pools.jobs),
        "company": _pick(chance, pools.companies),
        "salary": 20_000 + 100 * int(chance.random() * 1_000),
        "card": f"4{int(chance.random() * 10**15):015d}",
    }


def _measurement(chance: Random, pools: Pools, number: int) -> dict[str, Any]:
    return {
        "number": number,
        "place": _pick(chance, pools.cities),
        "value": round(chance.gauss(20, 5), 3),
        "unit": _pick(chance, _UNITS),
        "is_valid": chance.random() > 0.01,
    }


def _ticket(chance: Random, pools: Pools, number: int) -> dict[str, Any]:
    return {
        "ticket": number,
        "email": f"customer{1 + int(chance.random() * 10_000)}@mail.example",
        "ip": ".".join(str(1 + int(chance.random() * 254)) for _ in range(4)),
        "text": _pick(chance, pools.sentences),
        "is_open": chance.random() > 0.7,
    }


KINDS: Mapping[str, Draw] = {
    "customers": _customer,
    "orders": _order,
    "employees": _employee,
    "measurements": _measurement,
    "tickets": _ticket,
}
# Which members of a kind's records are personal data that tokens can stand for, and of which type.
PERSONAL: Mapping[str, Mapping[str, str]] = {
    "customers": {"email": "email", "phone": "phone"},
    "employees": {"name": "name"},
    "tickets": {"email": "email", "ip": "ip_address"},
}
