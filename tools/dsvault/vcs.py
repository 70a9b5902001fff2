"""The little of git that is needed to change branches."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from dsvault.errors import DsvaultError

if TYPE_CHECKING:
    from pathlib import Path


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

    def checkout(self, branch: str) -> tuple[list[str], list[str]]:
        """Check a branch out; return the lines that git prints on stdout and on stderr.

        :raises GitError: git fails.
        """
        out, err = self._run("checkout", branch, "--")
        return out.decode(errors="replace").splitlines(), err.decode(errors="replace").splitlines()

    def _run(self, *words: str) -> tuple[bytes, bytes]:
        try:
            done = subprocess.run([self._program, *words], capture_output=True, check=False)
        except OSError as error:
            raise GitError(
                f"{self._program} cannot be run: {error.strerror}", hint="Set core.vcs.client."
            ) from None
        if done.returncode != 0:
            raise GitError(
                f"{self._program} {words[0]} failed",
                detail=done.stderr.decode(errors="replace").strip(),
            )
        return done.stdout, done.stderr
