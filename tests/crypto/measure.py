"""Measure how many records of one kilobyte one core encrypts in a second.

PYTHONPATH=tools .dsvault/test/bin/python -m tests.crypto.measure

Each way is measured several times in turn, by processor time; the best is printed, beside that of
the bare cipher with the same number of bytes.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from tests.crypto.makers import writer

from dsvault.crypto import canonical

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS, ROUNDS = 20_000, 5
RECORD = {f"column {number}": "x" * 85 for number in range(10)}


def bare() -> None:
    """Only what the cipher does."""
    cipher, content = writer().key.cipher(), canonical(RECORD)
    for _ in range(ROWS):
        cipher.encrypt(os.urandom(12), content, b"")


def of_bytes() -> None:
    """Records that are bytes already: encryption, keyed hash, ids, batches."""
    content = canonical(RECORD)
    for _ in writer().encrypt(content for _ in range(ROWS)):
        pass


def of_mappings() -> None:
    """The same, and each record is written as canonical JSON first."""
    for _ in writer().encrypt(RECORD for _ in range(ROWS)):
        pass


def main() -> None:
    """Print the best rate of each way."""
    ways: list[Callable[[], None]] = [bare, of_bytes, of_mappings]
    best = dict.fromkeys(ways, 0.0)
    for _ in range(ROUNDS):
        for way in ways:
            begin = time.process_time()
            way()
            best[way] = max(best[way], ROWS / (time.process_time() - begin))
    sys.stdout.write(f"records of {len(canonical(RECORD))} bytes, a second of one core\n")
    for way in ways:
        share = best[way] / best[bare]
        sys.stdout.write(f"{way.__name__:12} {best[way]:9.0f}  {share:.2f} of the bare cipher\n")


if __name__ == "__main__":
    main()
