"""Looking for values and keys in files, however they are spelt: every file is read whole."""

from __future__ import annotations

import base64
import mmap
import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

SHORTEST = 10  # what is shorter stands somewhere by chance
MOST = 20_000  # texts; grep looks for more of them far more slowly


class Hunt:
    """What is looked for: texts as they are, keys and some of the texts in other spellings too.

    Where there are too many texts, those that lie at equal distances stand for the others, which
    markers should be part of: what many texts have in common, and nothing else has.
    """

    def __init__(
        self,
        texts: Iterable[str],
        keys: Iterable[bytes],
        patterns: Path,
        markers: Iterable[str] = (),
    ) -> None:
        """Write what is looked for into a file, for grep."""
        self._keys = list(keys)
        self.patterns = patterns
        texts = [text for text in dict.fromkeys(texts) if len(text) >= SHORTEST]
        texts = texts[:: -(-len(texts) // MOST)] if texts else []
        spelt = [*self._keys, *(text.encode() for text in texts[:: max(1, len(texts) // 100)])]
        lines = [text.encode() for text in (*texts, *markers)]
        lines += [one for each in spelt for one in spellings(each)]
        patterns.write_bytes(b"\n".join(lines))
        self.count = len(texts)

    def found_in(self, folder: Path) -> set[str]:
        """Return the files below a folder that hold any of it."""
        paths = [path for path in folder.rglob("*") if path.is_file() and path != self.patterns]
        held = {str(path.relative_to(folder)) for path in paths if self._holds_a_key(path)}
        command = ["grep", "--recursive", "--files-with-matches", "--text", "--fixed-strings"]
        command += [f"--file={self.patterns}", "."]
        done = subprocess.run(
            command, cwd=folder, env=os.environ | {"LC_ALL": "C"}, capture_output=True, check=False
        )
        assert done.returncode in {0, 1}, done.stderr
        return held | {name.removeprefix("./") for name in done.stdout.decode().split()}

    def _holds_a_key(self, path: Path) -> bool:
        with path.open("rb") as file:
            if not path.stat().st_size:
                return False
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                return any(content.find(key) >= 0 for key in self._keys)


def spellings(needle: bytes) -> Iterator[bytes]:
    """Yield bytes as hexadecimal and as base64, wherever in a longer text they stand."""
    yield needle.hex().encode()
    yield needle.hex().upper().encode()
    for before in range(3):
        text = base64.b64encode(bytes(before) + needle)
        # The signs at both ends depend on the neighbours.
        yield text[4 if before else 0 :].rstrip(b"=")[: len(needle) * 4 // 3 - 2]
