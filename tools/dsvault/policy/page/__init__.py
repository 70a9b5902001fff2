"""The matrix as one HTML page that needs nothing else: no file, no network, no library. Pure.

draw(matrix, proof) -> str
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from dsvault.policy.model import Command
from dsvault.policy.page.markup import Html, join, tag
from dsvault.policy.page.rules import anchor, condition_text, rule_card
from dsvault.policy.page.tiles import KINDS, tile

if TYPE_CHECKING:
    from dsvault.policy.model import Matrix, Role, Table
    from dsvault.policy.proof import Outcome, Proof

_HERE = Path(__file__).resolve().parent
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
_COMMANDS = {
    Command.SELECT: "see",
    Command.INSERT: "add",
    Command.UPDATE: "change",
    Command.DELETE: "remove",
}


def draw(matrix: Matrix, proof: Proof | None = None) -> str:
    """Return the page; with a proof it shows what came of each table and role."""
    page = _Page(matrix, proof)
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", "Who may do what in a vault"),
        tag("style", Html(_asset("page.css"))),
    )
    body = tag(
        "body",
        tag("a", "Skip to the matrix", class_="skip", href="#matrix"),
        page.header(),
        tag(
            "main",
            page.failures(),
            page.filters(),
            page.overview(),
            page.tables(),
            page.permissions(),
            page.glossary(),
        ),
        tag("script", Html(_asset("page.js"))),
    )
    return f"<!DOCTYPE html>\n{tag('html', head, body, lang='en')}\n"


def _asset(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


@dataclass(frozen=True)
class _Page:
    """The parts of the page."""

    matrix: Matrix
    proof: Proof | None
    tried: Counter[tuple[str, str]] = field(init=False)
    failed: Counter[tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        outcomes = self.proof.outcomes if self.proof else []
        tried = Counter((outcome.table, outcome.role) for outcome in outcomes)
        failed = Counter((o.table, o.role) for o in outcomes if not o.passed)
        object.__setattr__(self, "tried", tried)
        object.__setattr__(self, "failed", failed)

    def header(self) -> Html:
        """Return the title, what the page is about in numbers, and what was proven."""
        rules = sum(1 for _ in self.matrix.rules())
        numbers = (
            f"{len(self.matrix.tables)} tables, {len(self.matrix.roles)} roles of the database, "
            f"{rules} rules"
        )
        return tag(
            "header",
            tag("h1", "Who may do what in a vault"),
            tag(
                "p",
                f"{numbers}. What no rule allows is refused, and no rule reaches another "
                "tenant's rows unless it says so.",
                class_="lead",
            ),
            self._proof_line(),
        )

    def _proof_line(self) -> Html:
        if self.proof is None:
            return join()
        count, failed = len(self.proof.outcomes), len(self.proof.failed)
        when = tag("time", f"{self.proof.at[:16].replace('T', ' ')} UTC", datetime=self.proof.at)
        where = f" on {self.proof.server}, {self.proof.target}, "
        if failed:
            text = f"{failed} of {count:,} cells are not as declared"
            return tag("p", tag("strong", text), where, when, class_="proof bad")
        text = f"{count:,} cells proven"
        return tag("p", tag("strong", text), where, when, class_="proof good")

    def failures(self) -> Html:
        """Return the cells that are not as declared, if any."""
        failed = self.proof.failed if self.proof else []
        if not failed:
            return join()
        return tag(
            "section",
            tag("h2", "Not as declared"),
            [_failure(outcome) for outcome in failed],
            id="failures",
        )

    def filters(self) -> Html:
        """Return the form that narrows the page down; a script shows it."""
        roles = [
            _choice("role", role.key, role.key) for role in self.matrix.roles if not role.is_public
        ]
        commands = [_choice("command", c.value, c.value) for c in Command]
        names = sorted(self.matrix.permissions | {"tenant:member"})
        return tag(
            "form",
            tag(
                "label",
                tag("span", "Find"),
                tag("input", type="search", id="find", placeholder="table, rule, column …"),
            ),
            tag(
                "label",
                tag("span", "Permission"),
                tag(
                    "select",
                    tag("option", "any", value=""),
                    [tag("option", name, value=name) for name in names],
                    id="permission",
                ),
            ),
            tag("fieldset", tag("legend", "Role"), roles),
            tag("fieldset", tag("legend", "Command"), commands),
            tag("output", id="count", aria_live="polite"),
            tag("button", "Print", type="button", id="print"),
            id="filters",
            hidden=True,
        )

    def overview(self) -> Html:
        """Return the picture: tables down, roles across, a tile for each command."""
        heads = [
            tag("th", tag("span", role.key, title=role.about), scope="col", data_role=role.key)
            for role in self.matrix.roles
        ]
        rows = [
            tag(
                "tr",
                tag("th", tag("a", table.name, href=f"#{anchor(table.name)}"), scope="row"),
                [self._cell(table, role) for role in self.matrix.roles],
                data_table=table.name,
            )
            for table in self.matrix.tables
        ]
        return tag(
            "section",
            tag("h2", "The matrix"),
            _legend(),
            tag(
                "div",
                tag(
                    "table",
                    tag("caption", "Tables down, roles of the database across"),
                    tag("thead", tag("tr", tag("td"), heads)),
                    tag("tbody", rows),
                ),
                class_="scroll",
                role="region",
                tabindex="0",
                aria_label="The matrix",
            ),
            id="matrix",
        )

    def _cell(self, table: Table, role: Role) -> Html:
        tiles = [tile(table, role, command) for command in Command]
        return tag("td", tag("div", tiles, class_="tiles"), self._mark(table, role))

    def _mark(self, table: Table, role: Role) -> Html:
        tried, failed = self.tried[table.name, role.key], self.failed[table.name, role.key]
        if failed:
            return tag("small", f"{failed} of {tried} wrong", class_="bad")
        return tag("small", f"{tried} proven") if tried else join()

    def tables(self) -> Html:
        """Return a section for each table with its rules."""
        return join(self._table(table) for table in self.matrix.tables)

    def _table(self, table: Table) -> Html:
        rules = [rule_card(table, rule) for rule in table.rules]
        return tag(
            "section",
            tag("h2", tag("code", table.name)),
            tag("p", table.about, class_="about"),
            self._floors(table),
            rules,
            tag("p", _closed(self.matrix, table), class_="closed"),
            id=anchor(table.name),
            class_="table",
            data_table=table.name,
        )

    def _floors(self, table: Table) -> Html:
        floor, above = self.matrix.floor, table.read_floor
        told = [(table.floor_roles(floor), floor.says, table.floor)]
        if above is not None:
            told.insert(0, (above.rule.roles, floor.restated, above.policy))
        return join(
            tag(
                "p",
                tag("strong", ", ".join(roles)),
                f": {says} ",
                tag("code", policy, class_="policy"),
                class_="floor",
            )
            for roles, says, policy in told
        )

    def permissions(self) -> Html:
        """Return what each permission gives."""
        items = []
        for name in sorted(self.matrix.permissions):
            said = [
                tag("li", tag("a", rule.says, href=f"#{anchor(table.name, rule.policy)}"))
                for table, rule in self.matrix.rules()
                if name in rule.condition.permissions | rule.check.permissions
            ]
            items += [tag("dt", tag("code", name)), tag("dd", tag("ul", said))]
        return tag("section", tag("h2", "What a permission gives"), tag("dl", items), id="gives")

    def glossary(self) -> Html:
        """Return the roles of the database and the words of conditions."""
        roles = [
            join(
                tag("dt", role.key, " ", tag("code", role.name)),
                tag("dd", role.about),
            )
            for role in self.matrix.roles
        ]
        words = [
            join(
                tag("dt", tag("code", word.name), f" in {table.name}"),
                tag("dd", f"{word.about} ", tag("code", word.column, class_="policy")),
            )
            for table in self.matrix.tables
            for word in table.words
        ]
        return tag(
            "section",
            tag("h2", "Roles and words"),
            tag("div", tag("dl", roles), tag("dl", words), class_="halves"),
            id="words",
        )


def _choice(kind: str, value: str, text: str) -> Html:
    return tag("label", tag("input", type="checkbox", name=kind, value=value, checked=True), text)


def _legend() -> Html:
    commands = [
        tag(
            "li",
            tag("span", command.value[0], class_=f"tile {command.value.lower()} user"),
            f" {command.value}: {verb}",
        )
        for command, verb in _COMMANDS.items()
    ]
    kinds = [
        tag("li", tag("span", "S", class_=f"tile select {kind}"), f" {text}")
        for kind, text in KINDS.items()
    ]
    closed = tag("li", tag("span", "·", class_="tile none"), " closed")
    return tag("div", tag("ul", commands), tag("ul", kinds, closed), class_="legend")


def _failure(outcome: Outcome) -> Html:
    return tag(
        "div",
        tag("h3", outcome.name),
        tag(
            "dl",
            [
                join(tag("dt", name), tag("dd", text))
                for name, text in (("expected", outcome.expected), ("seen", outcome.seen))
            ],
            join(tag("dt", "statement"), tag("dd", tag("code", outcome.statement))),
            join(tag("dt", "as"), tag("dd", outcome.actor)),
        ),
        class_="failure",
    )


def _closed(matrix: Matrix, table: Table) -> str:
    """Return a sentence on who may do nothing at all, and what nobody may do."""
    users = {role for rule in table.rules for role in rule.roles}
    shut_out = [role.key for role in matrix.roles if role.key not in users]
    used = {
        command for rule in table.rules for command in rule.commands if "owner" not in rule.roles
    }
    nobody = [command.value for command in Command if command not in used]
    sentences = [f"Closed to {', '.join(shut_out)}."] if shut_out else []
    if nobody:
        sentences.append(f"Nobody has {', '.join(nobody)}.")
    return " ".join(sentences)


__all__ = ["condition_text", "draw"]
