#!/usr/bin/env python3
"""Write the locks of tools/requirements with uv, or check them without uv and without a network.

    python3 .ci/lock.py             follow pyproject.toml, keep the versions that still fit
    python3 .ci/lock.py --upgrade   take the newest versions
    .dsvault/test/bin/python .ci/lock.py --check

`run.txt` holds what the toolkit needs, `test.txt` that and the extra "test", in the same versions;
`extras.txt` what the tests of key services and of Parquet need besides, too many for everybody's.
The first lines of a lock record what it was made from, so that a stale one is noticed anywhere.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER = "tools/requirements"
EXTRAS: dict[str, list[str]] = {
    "run": [],
    "test": ["test"],
    "extras": ["test", "aws", "azure", "gcp", "parquet", "vault", "test-kms"],
}
COMPILE = (
    "uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes"
    " --no-config --no-header --quiet"
)
HEADER = "# Made from pyproject.toml by: python3 .ci/lock.py\n# made-from: sha256:{digest}\n"
PINNED = re.compile(r"^([a-z0-9-]+)==(\S+?)(?: ; (.+?))? \\$", re.MULTILINE)


def made_from(pyproject: dict[str, Any], lock: str) -> str:
    """Return the SHA-256 of everything in pyproject.toml that decides what belongs into `lock`."""
    project = pyproject["project"]
    tables = [
        project["requires-python"],
        sorted(project["dependencies"]),
        *(sorted(project["optional-dependencies"][extra]) for extra in EXTRAS[lock]),
    ]
    return hashlib.sha256(json.dumps(tables).encode()).hexdigest()


def direct(pyproject: dict[str, Any], lock: str) -> list[str]:
    """Return the requirements of pyproject.toml that belong into `lock`."""
    project = pyproject["project"]
    extras = [project["optional-dependencies"][extra] for extra in EXTRAS[lock]]
    return [*project["dependencies"], *(line for extra in extras for line in extra)]


def pins(text: str) -> dict[str, set[str]]:
    """Return the versions of each package in a lock; more than one where Pythons differ."""
    found: dict[str, set[str]] = {}
    for name, version, _marker in PINNED.findall(text):
        found.setdefault(name, set()).add(version)
    return found


def problems(root: Path) -> list[str]:
    """Return what is wrong with the locks of the checkout `root`; nothing if they are good."""
    pyproject = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    texts = {lock: (root / FOLDER / f"{lock}.txt").read_text("utf-8") for lock in EXTRAS}
    found = []
    for lock, text in texts.items():
        found += [f"{lock}.txt: {problem}" for problem in lock_problems(pyproject, lock, text)]
    run, test = pins(texts["run"]), pins(texts["test"])
    found += [
        f"test.txt: {name} is {sorted(test.get(name, ()))}, in run.txt it is {sorted(versions)}"
        for name, versions in run.items()
        if test.get(name) != versions
    ]
    return found


def lock_problems(pyproject: dict[str, Any], lock: str, text: str) -> list[str]:
    """Return what is wrong with the text of one lock."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    found = []
    if not text.startswith(HEADER.format(digest=made_from(pyproject, lock))):
        found.append("pyproject.toml has changed since it was made")
    pinned = pins(text)
    for requirement in map(Requirement, direct(pyproject, lock)):
        versions = pinned.get(canonicalize_name(requirement.name), set())
        if not versions:
            found.append(f"{requirement.name} is missing")
        found += [
            f"{requirement.name} {version} does not satisfy {requirement.specifier}"
            for version in sorted(versions)
            if version not in requirement.specifier
        ]
    for line in text.splitlines():
        if not re.match(r"(#|    #|    --hash=sha256:[0-9a-f]{64}( \\)?$)", line) and not (
            PINNED.match(line)
        ):
            found.append(f"neither a pinned package nor its hash: {line}")
    for block in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]:
        if "--hash=sha256:" not in block:
            found.append(f"no hash: {block.splitlines()[0]}")
    return found


def write(lock: str, options: list[str]) -> None:
    """Let uv write one lock, and put the header before it."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    path = ROOT / FOLDER / f"{lock}.txt"
    command = [*COMPILE.split(), *options, "--output-file", f"{FOLDER}/{lock}.txt"]
    for extra in EXTRAS[lock]:
        command += ["--extra", extra, "--constraint", f"{FOLDER}/run.txt"]
    print("+", " ".join(command))
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    text = path.read_text("utf-8")
    path.write_text(HEADER.format(digest=made_from(pyproject, lock)) + text, "utf-8")


def main() -> int:
    """Write or check; return the exit code: 1 for a lock that is not good."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing, say what is wrong")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions")
    options = parser.parse_args()
    if not options.check:
        for lock in EXTRAS:
            write(lock, ["--upgrade"] if options.upgrade else [])
    found = problems(ROOT) if options.check else []
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
