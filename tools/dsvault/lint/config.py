"""What a run was asked for: options, and `[tool.dsvault.lint]` of the nearest pyproject.toml."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsvault.errors import DsvaultError
from dsvault.lint.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dsvault.lint.rule import Rule

_KEYS = {"select", "ignore", "severity", "target-version", "exclude", "names"}
_KINDS = {
    "table", "column", "index", "constraint", "policy", "trigger", "function", "view",
}  # fmt: skip


class LintConfigError(DsvaultError):
    """The lint settings cannot be used."""


@dataclass(frozen=True, slots=True)
class LintConfig:
    """Settings. `select` and `ignore` hold codes, beginnings of codes, families and classes.

    An empty `select` is every rule but those of severity info; "all" is every rule.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    target_version: int = 15
    exclude: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def choose(self, rules: Iterable[Rule]) -> list[Rule]:
        """Return the rules that are on, with the severity that is set for them.

        :raises LintConfigError: a word means no rule.
        """
        known = list(rules)
        for word in (*self.select, *self.ignore, *self.severity):
            if word != "all" and not any(_means(word, rule) for rule in known):
                raise LintConfigError(
                    f"{word} is no rule, family or class", hint="`dsvault lint --list` has them."
                )
        return [self._with_severity(rule) for rule in known if self._is_on(rule)]

    def _is_on(self, rule: Rule) -> bool:
        if any(_means(word, rule) for word in self.ignore):
            return False
        if self.select:
            return "all" in self.select or any(_means(word, rule) for word in self.select)
        return rule.severity > Severity.INFO or rule.code in self.severity

    def _with_severity(self, rule: Rule) -> Rule:
        wanted = self.severity.get(rule.code)
        if wanted is not None and wanted is not rule.severity:
            rule = type(rule)()
            rule.severity = wanted  # type: ignore[misc]  # of this instance alone
        return rule

    def excludes(self, path: str) -> bool:
        """Say whether the settings leave a path out."""
        return any(fnmatch(path, pattern) for pattern in self.exclude)


def _means(word: str, rule: Rule) -> bool:
    upper = word.upper()
    return (
        rule.code.startswith(upper) or word.lower() == rule.family() or word.lower() in rule.classes
    )


def read_config(start: Path | None = None) -> LintConfig:
    """Return the settings of the nearest pyproject.toml above the working folder that has any.

    :raises LintConfigError: they cannot be used.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        file = folder / "pyproject.toml"
        if not file.is_file():
            continue
        import tomllib  # noqa: PLC0415 - most runs find no file

        try:
            content = tomllib.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise LintConfigError(f"{file} cannot be read", detail=str(error)) from None
        table = content.get("tool", {}).get("dsvault", {}).get("lint")
        if table is not None:
            return _of_table(table, file)
    return LintConfig()


def _of_table(table: Mapping[str, Any], file: Path) -> LintConfig:
    unknown = sorted(set(table) - _KEYS)
    if unknown:
        raise LintConfigError(
            f"{file}: {unknown[0]} is no setting of [tool.dsvault.lint]",
            hint=f"There are {', '.join(sorted(_KEYS))}.",
        )
    try:
        severity = {
            code: Severity[word.upper()] for code, word in table.get("severity", {}).items()
        }
    except (KeyError, AttributeError):
        raise LintConfigError(f"{file}: a severity is none of error, warning and info") from None
    select, ignore, exclude = (tuple(table.get(key, ())) for key in ("select", "ignore", "exclude"))
    version = table.get("target-version", 15)
    if not isinstance(version, int) or not 10 <= version <= 18:
        raise LintConfigError(f"{file}: target-version is {version}, expected 10 to 18")
    return LintConfig(select, ignore, severity, version, exclude, _patterns(table, file))


def _patterns(table: Mapping[str, Any], file: Path) -> dict[str, str]:
    """Return the patterns of names, by kind."""
    names = table.get("names", {})
    for kind, pattern in names.items() if isinstance(names, dict) else [("names", names)]:
        try:
            re.compile(pattern)
        except (TypeError, re.error):
            raise LintConfigError(f"{file}: the pattern of {kind} is none: {pattern}") from None
        if kind not in _KINDS:
            hint = f"There are {', '.join(sorted(_KINDS))}."
            raise LintConfigError(f"{file}: names cannot be said for {kind}", hint=hint)
    return dict(names)
