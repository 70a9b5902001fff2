"""The little of git that is needed to change branches."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from dsvault.errors import DsvaultError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_NOTHING: Mapping[str, str] = {}


class GitError(DsvaultError):
    """git failed."""


class Git:
    """git in the working folder."""

    def __init__(self, program: str) -> None:
        self._program = program

    def current_branch(self) -> str:
        """Return the branch that is checked out.

        :raises GitError: git fails, or is not there.
        """
        return self._run("rev-parse", "--abbrev-ref", "HEAD")[0].decode(errors="replace").strip()

    def show(self, branch: str, path: Path) -> bytes:
        """Return a file as another branch has it. path is relative to the working folder.

        :raises GitError: git fails, or the branch or the file is not there.
        """
        if branch.startswith("-"):
            raise GitError(f'"{branch}" is no name of a branch')
        return self._run("show", f"{branch}:./{path}")[0]

    def refuse_checkout(self, branch: str) -> None:
        """Do nothing if a branch could be checked out.

        :raises GitError: it could not, since changes that are not committed would be lost, say.
        """
        # So that a file that was only touched does not count as changed.
        self._run("update-index", "-q", "--refresh", is_answer=True)
        self._run("read-tree", "--dry-run", "-m", "-u", "HEAD", branch)

    def export(self, branch: str, folder: Path) -> Path:
        """Write the files of a branch below a folder; return what the working folder is there.

        They are as a checkout would make them, which `git archive` does not promise.

        :raises GitError: git fails, or the branch is not there.
        """
        top = self._run("rev-parse", "--show-toplevel")[0].decode(errors="surrogateescape")[:-1]
        here = self._run("rev-parse", "--show-prefix")[0].decode(errors="surrogateescape")[:-1]
        files = folder / "files"
        index = {"GIT_INDEX_FILE": str(folder / "index")}
        self._run("read-tree", branch, environ=index)
        self._run("-C", top, "checkout-index", "-a", "-q", f"--prefix={files}/", environ=index)
        (files / here).mkdir(parents=True, exist_ok=True)
        return files / here

    def checkout(self, branch: str) -> tuple[list[str], list[str]]:
        """Check a branch out; return the lines that git prints on stdout and on stderr.

        :raises GitError: git fails.
        """
        out, err = self._run("checkout", branch, "--")
        return out.decode(errors="replace").splitlines(), err.decode(errors="replace").splitlines()

    def _run(
        self, *words: str, environ: Mapping[str, str] = _NOTHING, is_answer: bool = False
    ) -> tuple[bytes, bytes]:
        """Run git; with is_answer its exit code says something and is no failure."""
        try:
            done = subprocess.run(
                [self._program, *words],
                capture_output=True,
                check=False,
                env={**os.environ, **environ},
            )
        except OSError as error:
            raise GitError(
                f"{self._program} cannot be run: {error.strerror}", hint="Set core.vcs.client."
            ) from None
        if done.returncode != 0 and not is_answer:
            raise GitError(
                f"{self._program} {words[0]} failed",
                detail=done.stderr.decode(errors="replace").strip(),
            )
        return done.stdout, done.stderr
