"""The page: everything declared is on it, it needs nothing else, and it can be read by anybody."""

from __future__ import annotations

import json
import re
from collections import Counter
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from dsvault.cli import cli
from dsvault.policy import Matrix, parse_matrix
from dsvault.policy.page import draw
from dsvault.policy.page.markup import Html, join, tag
from dsvault.policy.proof import Outcome, Proof

if TYPE_CHECKING:
    from pathlib import Path

VOID = {"meta", "input"}


class Page(HTMLParser):
    """The elements of a page, and whether each one is closed where it has to be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), f"an attribute twice: {names}"
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in {"style", "script"}:
            self.text.append(data)

    @property
    def words(self) -> str:
        return "".join(self.text)

    def attributes(self, name: str) -> list[str]:
        return [attrs[name] or "" for _, attrs in self.elements if name in attrs]


def proof_of(*outcomes: tuple[str, str, bool]) -> Proof:
    return Proof(
        target="db:pg:vault",
        server="PostgreSQL 18.4",
        at="2026-11-24T01:39:34+00:00",
        seconds=5.0,
        outcomes=[
            Outcome(table, role, "SELECT", "a case", passed, "no row", "<1 row>", "SELECT 1", role)
            for table, role, passed in outcomes
        ],
    )


@pytest.fixture(scope="module")
def page(matrix: Matrix) -> Page:
    return Page(draw(matrix))


def test_every_table_rule_sentence_column_and_policy_is_on_the_page(
    page: Page, matrix: Matrix
) -> None:
    for table, rule in matrix.rules():
        for text in (table.name, table.about, *table.floors, rule.policy, rule.says):
            assert text in page.words
        assert rule.condition.text in page.words
        for column in rule.columns or ():
            assert column in page.words
    for role in matrix.roles:
        assert role.about in page.words


def test_there_is_a_tile_for_every_table_role_and_command(page: Page, matrix: Matrix) -> None:
    labels = [
        label for _, attrs in page.elements
        if "tile" in (attrs.get("class") or "") and (label := attrs.get("aria-label"))
    ]  # fmt: skip
    assert len(labels) == len(set(labels)) == len(matrix.tables) * len(matrix.roles) * 4
    assert "reader DELETE datasets: closed" in labels
    assert "app DELETE datasets: dataset:delete removes them; so does their owner." in labels


def test_every_tile_of_a_rule_leads_to_it(page: Page, matrix: Matrix) -> None:
    led = Counter(rule for rule in page.attributes("data-rule"))
    for table, rule in matrix.rules():
        assert led[f"{table.name}-{rule.policy}"] == len(rule.roles) * len(rule.commands)


def test_a_rule_is_found_by_the_permissions_that_it_asks_for_and_no_others(
    page: Page, matrix: Matrix
) -> None:
    """Those of the vault's own functions ask for none; they work for whatever tenant is named."""
    asked = {
        attrs["id"]: set((attrs["data-permissions"] or "").split())
        for tag, attrs in page.elements
        if tag == "article"
    }
    for table, rule in matrix.rules():
        found = asked[f"{table.name}-{rule.policy}"]
        assert {name for name in found if name != "tenant:member"} == (
            rule.condition.permissions | rule.check.permissions
        )
        is_for_people = bool({"app", "reader", "auditor"} & set(rule.roles))
        assert bool(found) == is_for_people, rule.policy
    assert asked["tenants-tenants_app_select"] == {"tenant:member"}


def test_ids_are_unique_and_every_link_has_its_place(page: Page) -> None:
    ids = page.attributes("id")
    assert len(set(ids)) == len(ids)
    links = [
        attrs["href"] or "" for name, attrs in page.elements if name == "a" and "href" in attrs
    ]
    assert links
    assert {link.removeprefix("#") for link in links} <= set(ids)


def test_the_page_needs_nothing_from_elsewhere(matrix: Matrix) -> None:
    text = draw(matrix, proof_of(("tokens", "app", True)))
    page = Page(text)
    assert not {name for name, _ in page.elements} & {"link", "img", "iframe", "object", "base"}
    assert page.attributes("src") == []
    assert re.findall(r"https?:|url\(|@import|//[a-z]|fetch\(|XMLHttp", text) == []
    [policy] = [
        attrs["content"] or "" for _, attrs in page.elements
        if attrs.get("http-equiv") == "Content-Security-Policy"
    ]  # fmt: skip
    assert policy.startswith("default-src 'none';")


def test_the_page_can_be_read_by_ear_and_keyboard(page: Page) -> None:
    names = [name for name, _ in page.elements]
    assert page.attributes("lang") == ["en"]
    assert names.count("h1") == 1
    assert names.count("title") == 1
    assert names.count("caption") == 1
    assert {attrs.get("scope") for name, attrs in page.elements if name == "th"} == {"col", "row"}
    [region] = [attrs for _, attrs in page.elements if attrs.get("class") == "scroll"]
    assert (region["tabindex"], region["role"]) == ("0", "region")
    assert "polite" in page.attributes("aria-live")


def test_without_a_script_the_page_shows_everything(page: Page) -> None:
    hidden = [name for name, attrs in page.elements if "hidden" in attrs]
    assert hidden == ["form"]


def test_dark_light_and_print_have_their_styles(matrix: Matrix) -> None:
    text = draw(matrix)
    assert "@media (prefers-color-scheme: dark)" in text
    assert "@media print" in text
    assert "print-color-adjust: exact" in text


def test_without_a_proof_nothing_is_called_proven(page: Page) -> None:
    assert "proven" not in page.words


def test_a_proof_is_shown_by_table_and_role(matrix: Matrix) -> None:
    page = Page(draw(matrix, proof_of(("tokens", "app", True), ("tokens", "app", True))))
    assert "2 cells proven on PostgreSQL 18.4, db:pg:vault, 2026-11-24 01:39 UTC" in page.words
    assert page.words.count("2 proven") == 1
    assert "failures" not in page.attributes("id")


def test_a_failed_cell_is_shown_with_its_statement(matrix: Matrix) -> None:
    page = Page(draw(matrix, proof_of(("tokens", "app", True), ("tokens", "app", False))))
    assert "1 of 2 cells are not as declared" in page.words
    assert "1 of 2 wrong" in page.words
    assert "failures" in page.attributes("id")
    for text in ("tokens app SELECT, a case", "no row", "<1 row>", "SELECT 1"):
        assert text in page.words


def test_what_a_matrix_says_is_text_and_never_markup() -> None:
    evil = "<script>alert(1)</script>\\\" onload='x'"
    text = f"""
        [matrix.roles]
        app = {{ name = "dsvault_app", about = "{evil}" }}
        [matrix.floor]
        ALL = ["app"]
        if = "own-tenant"
        says = "{evil}"
        restated = "{evil}"
        [things]
        about = "{evil}"
        floor = "f"
        words.mine = {{ column = "{evil}", is = "me", about = "{evil}" }}
        [things.p]
        INSERT = ["app"]
        columns = ["{evil}"]
        if = "mine"
        says = "{evil}"
    """
    page = Page(draw(parse_matrix(text), proof_of(("<b>", "app", False))))
    assert [name for name, _ in page.elements].count("script") == 1
    assert "onload" not in {key for _, attrs in page.elements for key in attrs}
    assert "<script>alert(1)</script>\" onload='x'" in page.words


def test_tags_escape_text_and_join_lists() -> None:
    assert tag("p", "a & b", [tag("b", "<"), ">"], class_="x", hidden=True, title=None) == (
        '<p class="x" hidden>a &amp; b<b>&lt;</b>&gt;</p>'
    )
    assert tag("input", aria_label='"') == '<input aria-label="&quot;">'
    assert join(Html("<i>"), "<i>") == "<i>&lt;i&gt;"


class TestCommand:
    def test_a_page_is_written(self, tmp_path: Path, matrix: Matrix) -> None:
        path = tmp_path / "page.html"
        result = CliRunner().invoke(cli, ["policy", "report", "--output", str(path)])
        assert (result.exit_code, result.stdout) == (0, f"Written: {path}\n")
        assert path.read_text(encoding="utf-8") == draw(matrix)

    def test_results_of_a_test_are_shown(self, tmp_path: Path) -> None:
        results, path = tmp_path / "r.json", tmp_path / "page.html"
        proof = proof_of(("tokens", "app", False))
        results.write_text(json.dumps({"ok": True, **proof.as_json(), "error": None}))
        arguments = ["policy", "report", "-o", str(path), "--results", str(results)]
        assert CliRunner().invoke(cli, arguments).exit_code == 0
        assert "1 of 1 cells are not as declared" in path.read_text(encoding="utf-8")

    def test_other_results_are_refused(self, tmp_path: Path) -> None:
        results, path = tmp_path / "r.json", tmp_path / "page.html"
        results.write_text("{}")
        arguments = ["policy", "report", "-o", str(path), "--results", str(results)]
        result = CliRunner().invoke(cli, arguments)
        assert result.exit_code == 2
        assert result.stderr.startswith("These are no results of a policy test")
        assert not path.exists()

    def test_a_page_that_cannot_be_written_exits_2(self, tmp_path: Path) -> None:
        path = tmp_path / "no" / "page.html"
        result = CliRunner().invoke(cli, ["policy", "report", "-o", str(path)])
        assert result.exit_code == 2
        assert result.stderr.startswith(f"Cannot write {path}")
