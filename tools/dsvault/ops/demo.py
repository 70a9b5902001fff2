"""Fill a deployed vault with the demonstration, and look at it through the eyes of its people."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from dsvault.client import Written
from dsvault.db import Query, connect
from dsvault.demo.people import COMPANIES
from dsvault.demo.provision import act_as, provision
from dsvault.errors import DsvaultError
from dsvault.ops.acting import acting, borrow
from dsvault.queries import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsvault.db import Session
    from dsvault.demo.people import Company
    from dsvault.target import Target

_APPLICATION = "dsvault demo"
_ROLES = ("dsvault_operator", "dsvault_app")


@dataclass(frozen=True, slots=True)
class _Tenant:
    slug: str
    tenant_id: str


@dataclass(frozen=True, slots=True)
class Sight:
    """How many rows of each table a session sees."""

    users: int
    roles: int
    keys: int
    datasets: int
    versions: int
    records: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person of the demonstration and what he sees; foreign counts rows of other tenants."""

    company: str
    name: str
    role: str
    sight: Sight
    foreign: int


@dataclass(frozen=True, slots=True)
class DemoResult:
    """Which tenants were made now, which were there before, and what everybody sees."""

    made: Sequence[str]
    found: Sequence[str]
    viewers: Sequence[Viewer]

    def as_json(self) -> dict[str, object]:
        """Return the result with stable keys."""
        return {
            "made": list(self.made),
            "found": list(self.found),
            "viewers": [asdict(viewer) for viewer in self.viewers],
        }


def demonstrate(target: Target) -> DemoResult:
    """Provision the companies that are missing, each in one transaction, and look at all of them.

    :raises CannotActError: the login may neither act as the group roles nor grant itself that.
    :raises dsvault.dberrors.ConnectError: the server cannot be reached.
    """
    with connect(target, application_name=_APPLICATION) as session:
        try:
            return _demonstrate(session)
        finally:
            session.roll_back()


def _demonstrate(session: Session) -> DemoResult:
    slugs = [company.slug for company in COMPANIES]
    with acting(session, *_ROLES):
        session.run([Query("SET LOCAL ROLE dsvault_operator")])
        found = session.fetch(_Tenant, load("demo/tenants"), slugs)
    there = {row.slug: row.tenant_id for row in found}
    _refuse_strangers(there)
    missing = [company for company in COMPANIES if company.slug not in there]
    for company in missing:
        with acting(session, *_ROLES):
            provision(session, company)
    return DemoResult(
        made=[company.slug for company in missing],
        found=sorted(there),
        viewers=_viewers(session),
    )


def _refuse_strangers(there: dict[str, str]) -> None:
    """Stop before touching a tenant that has a name of ours and is not ours."""
    for company in COMPANIES:
        if there.get(company.slug, company.id) != company.id:
            raise DsvaultError(
                f"There is a tenant {company.slug} that this demonstration did not make",
                detail=f"its id is {there[company.slug]}",
                hint="Run the demonstration on another database.",
            )


def _begin(session: Session) -> None:
    """Open a transaction that may act as the group roles, to be rolled back."""
    session.run([Query("BEGIN")])
    borrow(session, _ROLES)


def _viewers(session: Session) -> list[Viewer]:
    """Look as every person at everything, in transactions that are rolled back."""
    viewers = []
    for company in COMPANIES:
        [other] = [another for another in COMPANIES if another is not company]
        for person in company.people:
            _begin(session)
            act_as(session, company, person)
            viewers.append(_look(session, company, person.name, person.role or "no role", other))
            session.roll_back()
    _begin(session)
    session.run([Query("SET LOCAL ROLE dsvault_app")])
    viewers.append(_look(session, None, "nobody", "no context", COMPANIES[0]))
    session.roll_back()
    return viewers


def _look(
    session: Session, company: Company | None, name: str, role: str, other: Company
) -> Viewer:
    [sight] = session.fetch(Sight, load("demo/sight"))
    [foreign] = session.fetch(Written, load("demo/foreign"), other.id)
    return Viewer(company.slug if company else "", name, role, sight, foreign.rows)
