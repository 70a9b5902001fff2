"""The launcher: make a private Python environment once, then become the toolkit or pytest in it.

The environment lives in .dsvault/ in the checkout or, where the checkout cannot be written, in
the user's cache. It holds wheels with known hashes only: those of tools/requirements/run.txt, and,
in a layer on top that the first `./dsvault test` makes, those of test.txt. A stamp, written last,
holds the checkout's path and the lock itself, so that an installation that was cut short, a changed
lock and a moved checkout are all noticed. Whoever deletes .dsvault/ gets a new one at the next run.

Only the standard library is used, and nothing is imported that an installed checkout does not need:
every command starts here. That is why this package keeps to os.path, which is there already.
"""

from __future__ import annotations

import os
import sys

from launcher.environment import Environment, cache_folder, state_folders

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def main(root: str, arguments: list[str]) -> NoReturn:
    """Become pytest for `test …`, else the toolkit, with the caller's streams, folder and signals.

    PYTHONHOME and PYTHONPATH are not handed on: they would put other packages before our own.
    """
    testing = arguments[:1] == ["test"]
    python = ready_python(root, "test" if testing else "run")
    environ = {k: v for k, v in os.environ.items() if k not in {"PYTHONHOME", "PYTHONPATH"}}
    if testing:
        os.chdir(root)
        command = ["-m", "pytest", *scratch_options(root, environ), *joined(arguments[1:])]
    else:
        environ.update(place_of_bytecode(root, python, environ))
        # Quicker than -m dsvault: the same without a search for it.
        command = [os.path.join(root, "tools", "dsvault", "__main__.py"), *arguments]
    # -P: a file click.py in the caller's folder is not the package click.
    os.execve(python, [python, "-P", *command], environ)


def ready_python(root: str, layer: str) -> str:
    """Return the path of a Python that has `layer` ("run" or "test"); make it if need be."""
    try:
        for state in state_folders(root):
            environment = Environment(root, state, layer)
            if environment.is_ready():
                return environment.python
        from launcher.install import install

        return install(root, layer)
    except FileNotFoundError as error:
        fail(
            "the checkout is incomplete",
            found=f"{error.filename}: {error.strerror}",
            hint="bring it back: git restore tools/requirements",
        )


def place_of_bytecode(root: str, python: str, environ: dict[str, str]) -> dict[str, str]:
    """Return variables that put compiled modules into the environment, where they may not lie here.

    Where PYTHONDONTWRITEBYTECODE is set, or the checkout cannot be written, each command would
    compile the whole toolkit again, which takes longer than most of them do.
    """
    is_wanted_here = not environ.get("PYTHONDONTWRITEBYTECODE")
    folder = os.path.dirname(os.path.dirname(python))
    is_said = "PYTHONPYCACHEPREFIX" in environ
    if is_said or (is_wanted_here and os.access(os.path.join(root, "tools"), os.W_OK)):
        return {}
    if not os.access(folder, os.W_OK):
        return {}
    return {
        "PYTHONPYCACHEPREFIX": os.path.join(folder, "bytecode"),
        "PYTHONDONTWRITEBYTECODE": "",
    }


def joined(arguments: list[str]) -> list[str]:
    """Return pytest's arguments with `--pg FOLDER` as one word, `--pg=FOLDER`.

    Before it has read tests/conftest.py, pytest takes FOLDER for a folder of tests, finds neither
    our settings nor that conftest.py there, and then knows no option --pg.
    """
    result: list[str] = []
    for argument in arguments:
        if result and result[-1] == "--pg":
            result[-1] += f"={argument}"
        else:
            result.append(argument)
    return result


def scratch_options(root: str, environ: dict[str, str]) -> list[str]:
    """Return what keeps pytest's scratch files out of a checkout that cannot be written.

    The test libraries' variables are added to `environ`.
    """
    if os.access(root, os.W_OK):
        return []
    scratch = cache_folder(root)
    if scratch is None:
        return ["-p", "no:cacheprovider"]
    environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", os.path.join(scratch, "hypothesis"))
    return ["-o", f"cache_dir={scratch}/pytest"]


def fail(problem: str, *, found: str, hint: str) -> NoReturn:
    """Say what happened, what was found and what to do, and end with exit code 2."""
    lines = [f"dsvault: {problem}"]
    for label, text in (("found:", found), ("do:", hint)):
        for index, line in enumerate(text.splitlines()):
            lines.append(f"  {'' if index else label:6} {line}")
    sys.stderr.write("\n".join(lines) + "\n")
    sys.exit(2)
