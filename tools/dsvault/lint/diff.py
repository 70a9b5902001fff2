"""Only what a change brings: the findings that the base commit did not have."""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dsvault.errors import DsvaultError
from dsvault.lint.run import LintResult, lint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsvault.lint.config import LintConfig
    from dsvault.lint.findings import Finding


def only_new(
    result: LintResult, paths: Sequence[Path], config: LintConfig, base: str
) -> LintResult:
    """Return the result without what the same paths had in a commit of their git repository.

    A finding is known by file, code, message and the text of its line, wherever that has moved.

    :raises DsvaultError: git does not know the commit, or this is no repository.
    """
    root = Path(_git("rev-parse", "--show-toplevel").decode().strip())
    archive = _git("-C", str(root), "archive", "--format=tar", base)
    with tempfile.TemporaryDirectory(prefix="dsvault-lint-") as folder:
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            tar.extractall(folder, filter="data")
        before = Counter(
            _key(finding) for finding in _lint_there(Path(folder), root, paths, config).findings
        )
    kept = []
    for finding in result.findings:
        if before[_key(finding)]:
            before[_key(finding)] -= 1
        else:
            kept.append(finding)
    return replace(result, findings=tuple(kept))


def _lint_there(copy: Path, root: Path, paths: Sequence[Path], config: LintConfig) -> LintResult:
    """Lint the paths in a copy of the repository, as from the same folder below it."""
    here = Path.cwd()
    inside = here.resolve().relative_to(root.resolve())
    wanted = []
    for path in paths:
        absolute = path if path.is_absolute() else here / path
        try:
            relative = absolute.resolve().relative_to(root.resolve())
        except ValueError:
            continue
        if (copy / relative).exists():
            wanted.append(Path(os.path.relpath(copy / relative, copy / inside)))
    (copy / inside).mkdir(parents=True, exist_ok=True)
    os.chdir(copy / inside)
    try:
        return lint(wanted, config)
    finally:
        os.chdir(here)


def _key(finding: Finding) -> tuple[str, str, str, str]:
    return finding.path, finding.code, finding.message, finding.source_line.strip()


def _git(*arguments: str) -> bytes:
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        raise DsvaultError("--diff needs git", hint="Install git.") from None
    if done.returncode:
        raise DsvaultError(
            "git cannot give the commit to compare with",
            detail=done.stderr.decode(errors="replace").strip(),
            hint="Name a commit of this repository.",
        )
    return done.stdout
