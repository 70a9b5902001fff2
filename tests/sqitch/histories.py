"""Histories of a project, made at random: steps that both tools are asked to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

    from tests.sqitch.twins import Twins

_OWN_FORMAT = "format:%e %n%t %{, }R%{, }X|%s|%b"
_FORMATS = ("raw", "full", "long", "medium", "short", "oneline", _OWN_FORMAT)
_SPECS = ("{n}", "{n}", "@{t}", "{n}@{t}", "@HEAD", "HEAD^", "@ROOT", "ROOT~", "{n}~", "@{t}^")


@dataclass
class History:
    """What has happened so far, as far as the next step needs to know, and how to go on."""

    twins: Twins
    random: Random
    names: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    since_tag: set[str] = field(default_factory=set)
    number: int = 0

    def begin(self) -> None:
        self.twins.write("sqitch.plan", "%project=h\n%uri=https://example.org/h\n\n")
        self.add()

    def step(self) -> None:
        """Do one thing by both tools."""
        weighted = {
            self.add: 5,
            self.tag: 2,
            self.rework: 2,
            self.deploy: 7,
            self.revert: 4,
            self.rebase: 1,
            self.verify: 2,
            self.look: 4,
            self.edit: 1,
        }
        self.random.choices(list(weighted), list(weighted.values()))[0]()

    def both(self, *words: str, also_ours: tuple[str, ...] = ()) -> None:
        self.twins.both(*words, also_ours=also_ours, swap=self.random.random() < 0.5)

    def spec(self) -> str:
        """Return something that means a change, or might."""
        text = self.random.choice(("nothing", "@nothing") if self.chance(0.05) else _SPECS)
        tag = self.random.choice(self.tags) if self.tags else "HEAD"
        return text.format(n=self.random.choice(self.names), t=tag)

    def chance(self, of: float) -> bool:
        return self.random.random() < of

    def add(self) -> None:
        self.number += 1
        name = f"{self.random.choice(['', '', 't/'])}c{self.number}"
        words = ["add", name, "-n", self.random.choice(["Note.", "A\n\nlonger note.", "ünï \\ x"])]
        if self.names and self.chance(0.4):
            words += ["-r", self.random.choice(self.names)]
        if self.tags and self.chance(0.2):
            words += ["-r", f"@{self.random.choice(self.tags)}"]
        if self.chance(0.1):
            words += ["-x", "other:thing"]
        self.both(*words)
        self.names.append(name)
        self.since_tag.add(name)
        self.twins.align()
        self.write_scripts(name, f"c{self.number}")

    def write_scripts(self, name: str, table: str) -> None:
        """Write scripts that make a table, some of them with a fault."""
        fault = self.random.choice(["deploy", "verify", "revert"] + ["none"] * 17)
        boom = "SELECT 1/0;\n"
        # Without a transaction of its own, half of a failed script stays with Sqitch, not with us.
        wraps = fault in ("deploy", "revert") or self.chance(0.7)
        begin, commit = ("BEGIN;\n", "COMMIT;\n") if wraps else ("", "")
        made = f"-- {self.number}\nCREATE TABLE IF NOT EXISTS {table} (a int);\n"
        rows = f"SELECT 'row of {table}';\n" if self.chance(0.1) else ""
        self.twins.write(
            f"deploy/{name}.sql", begin + made + rows + boom * (fault == "deploy") + commit
        )
        self.twins.write(
            f"revert/{name}.sql",
            f"{begin}DROP TABLE IF EXISTS {table};\n{boom * (fault == 'revert')}{commit}",
        )
        verify = f"SELECT a FROM {table} WHERE false;\n{boom * (fault == 'verify')}"
        lacking = self.chance(0.1)
        self.twins.write(f"verify/{name}.sql", None if lacking else f"BEGIN;\n{verify}ROLLBACK;\n")

    def tag(self) -> None:
        name = f"v{self.number}.{len(self.tags)}"
        words = ["tag", name, "-n", "Tagged."]
        if self.chance(0.1):
            words.insert(2, self.random.choice(self.names))
        self.both(*words)
        self.tags.append(name)
        self.since_tag.clear()
        self.twins.align()

    def rework(self) -> None:
        name = self.random.choice(self.names)
        self.number += 1
        self.both("rework", name, "-n", "Reworked.")
        self.twins.align()
        plan = (self.twins.mine / "sqitch.plan").read_text()
        if f"\n{name} [{name}@" in plan.rsplit("\n@", 1)[-1] and name not in self.since_tag:
            self.since_tag.add(name)
            self.write_scripts(name, f"r{self.number}")

    def edit(self) -> None:
        name = self.random.choice(self.names)
        path = self.twins.mine / f"deploy/{name}.sql"
        if path.exists():
            self.twins.write(f"deploy/{name}.sql", path.read_text() + "-- edited\n")
        self.both("check")

    def deploy(self) -> None:
        words = ["deploy"]
        if self.chance(0.4):
            words += ["--to", self.spec()]
        if self.chance(0.5):
            words += ["--verify"]
        if self.chance(0.5):
            words += ["--mode", self.random.choice(["all", "change", "tag"])]
        if self.chance(0.1):
            words += ["--log-only"]
        self.both(*words)

    def revert(self) -> None:
        if self.chance(0.25):
            self.both("revert", "-y", also_ours=("--all",))
        elif self.chance(0.1):
            self.both("revert", "-y", "--modified")
        else:
            log_only = ["--log-only"] if self.chance(0.1) else []
            self.both("revert", "--to", self.spec(), "-y", *log_only)

    def rebase(self) -> None:
        self.both("rebase", "--onto", self.spec(), "-y")

    def verify(self) -> None:
        words = ["verify"]
        if self.chance(0.3):
            words += ["--from", self.spec()]
        if self.chance(0.3):
            words += ["--to", self.spec()]
        self.both(*words)

    def look(self) -> None:
        words = self.random.choice(
            [
                ["status"],
                ["status", "--show-changes", "--show-tags"],
                ["log", "-f", self.random.choice(_FORMATS)],
                ["log", "--event", "fail", "--event", "revert", "--reverse", "--abbrev", "8"],
                ["log", "--change", "c[12]", "-n", "5", "--skip", "1", "--oneline"],
                ["plan", "-f", self.random.choice(_FORMATS)],
                ["check"],
                ["tag"],
                ["show", "change", self.spec()],
            ]
        )
        self.both(*words)
