"""Looking for values and keys in files, however they are spelt: every file is read whole."""

from __future__ import annotations

import base64
import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

SHORTEST = 7  # bytes; what is shorter stands somewhere by chance


class Hunt:
    """What is looked for: texts and keys, as they are, in hexadecimal and in base64.

    grep looks for thousands of them more slowly than it reads. Where there are more, give what they
    have in common and nothing else has.
    """

    def __init__(self, texts: Iterable[str], keys: Iterable[bytes], patterns: Path) -> None:
        """Write what is looked for into a file, for grep."""
        needles = [*(text.encode() for text in texts), *keys]
        lines = {longest_line(needle) for needle in needles}
        lines |= {one for needle in needles for one in spellings(needle)}
        assert min(map(len, lines)) >= SHORTEST
        self.patterns = patterns
        patterns.write_bytes(b"\n".join(sorted(lines)))

    def found_in(self, folder: Path) -> set[str]:
        """Return the files below a folder that hold any of it."""
        command = ["grep", "--recursive", "--files-with-matches", "--text", "--fixed-strings"]
        command += [f"--file={self.patterns}", "."]
        done = subprocess.run(
            command, cwd=folder, env=os.environ | {"LC_ALL": "C"}, capture_output=True, check=False
        )
        assert done.returncode in {0, 1}, done.stderr
        return {name.removeprefix("./") for name in done.stdout.decode().split()}


def longest_line(needle: bytes) -> bytes:
    """Return the longest piece without a line feed: grep has one pattern a line."""
    return max(needle.split(b"\n"), key=len)


def spellings(needle: bytes) -> Iterator[bytes]:
    """Yield bytes as hexadecimal and as base64, wherever in a longer text they stand."""
    yield needle.hex().encode()
    yield needle.hex().upper().encode()
    for before in range(3):
        text = base64.b64encode(bytes(before) + needle)
        # A sign is six bits; those at both ends depend on the neighbours.
        yield text[(8 * before + 5) // 6 : 8 * (before + len(needle)) // 6]
