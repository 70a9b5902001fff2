"""What paths mean: scripts in the order in which they run, and what each is for."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from dsvault.errors import DsvaultError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Task: TypeAlias = Literal["deploy", "revert", "verify", "plain"]
Kind: TypeAlias = Literal["sqitch", "sqlx", "folder", "file"]

_SUFFIXES = (".sql", ".psql", ".pgsql", ".ddl")
_PAGES = (".md", ".markdown")
_NUMBERED = re.compile(r"(?:[VURB](?=\d))?(?P<number>\d+(?:[._]\d+)*)(?=[-_.])", re.IGNORECASE)
_DOWN = re.compile(
    r"(?:\.down\.sql|\.rollback\.sql|_down\.sql|\.undo\.sql|/down\.sql)$", re.IGNORECASE
)
_UP = re.compile(r"(?:\.up\.sql|_up\.sql|/up\.sql)$", re.IGNORECASE)
_TITLE = re.compile(r"\s*--\s*(Deploy|Revert|Verify)\s+\S+", re.IGNORECASE)
_MADE = re.compile(
    r"\bcreate\s+(?:or\s+replace\s+)?(?:unlogged\s+)?(?:materialized\s+)?"
    r"(?:unique\s+)?(table|view|type|schema|sequence|domain|function|index)\s+"
    r"(?:concurrently\s+)?(?:if\s+not\s+exists\s+)?([\w\".]+)"
)
_WORD = re.compile(r"[^\W\d]\w*")
_SKIPPED = {".git", ".hg", ".svn", "node_modules", ".venv", "venv", "__pycache__", ".dsvault"}
_MIGRATIONS = {"migrations", "migration", "migrate", "changes"}


@dataclass(eq=False, slots=True)
class Script:
    """One script. `shown` is its path as messages name it; `is_wanted` if findings are reported."""

    path: Path | None
    shown: str
    task: Task = "plain"
    is_wanted: bool = True
    in_transaction: bool | None = None  # what runs it opens one; None: nobody knows
    text: bytes | None = None
    leaves_project: bool = False  # by a link; it is not read


@dataclass(eq=False, slots=True)
class Change:
    """A step of a sequence with the scripts that there are."""

    name: str
    deploy: Script | None = None
    revert: Script | None = None
    verify: Script | None = None
    line: int = 0  # of the plan
    requires: tuple[str, ...] = ()
    requires_elsewhere: bool = False
    is_reworked: bool = False


@dataclass(eq=False, slots=True)
class History:
    """Changes that run one after the other on one database."""

    kind: Kind
    changes: list[Change]
    plan: Script | None = None
    plan_error: tuple[int, str] | None = None
    strays: list[Script] = field(default_factory=list)
    tags: dict[str, list[str]] = field(default_factory=dict)  # the changes up to each tag
    revert_expected: bool = False
    verify_expected: bool = False


def read_paths(paths: Sequence[Path]) -> list[History]:
    """Return what the paths hold. A folder is searched; a file of a project is read with its plan.

    :raises DsvaultError: a path does not exist.
    """
    collector = _Collector()
    for path in paths:
        if not path.exists() and not path.is_symlink():
            raise DsvaultError(f"There is no {path}", hint="Name a file or a folder.")
        if path.is_dir():
            collector.folder(path)
        else:
            collector.file(path)
    return collector.result()


class _Collector:
    def __init__(self) -> None:
        self._found: list[History] = []
        self._projects: dict[Path, History] = {}
        self._wanted: dict[Path, set[Path] | None] = {}

    def result(self) -> list[History]:
        for root, sequence in self._projects.items():
            wanted = self._wanted[root]
            if wanted is not None:
                for script in scripts_of(sequence):
                    script.is_wanted = script.path is not None and _real(script.path) in wanted
        return self._found

    def file(self, path: Path) -> None:
        root = _project_of(path)
        if root is None:
            self._found.append(_single(path))
            return
        if self._project(root):
            self._wanted[root] = set()
        wanted = self._wanted[root]
        if path.name == "sqitch.plan":
            self._wanted[root] = None  # the plan stands for all of its scripts
        elif wanted is not None:
            wanted.add(_real(path))

    def folder(self, path: Path) -> None:
        root = _root_above(path)
        if root is not None and root != _real(path) and _is_script_folder(root, path):
            for file in _walk(path, set()):
                if file.suffix in _SUFFIXES:
                    self.file(file)
            return
        self._folder(path, set())

    def _folder(self, path: Path, seen: set[tuple[int, int]]) -> None:
        files, folders = _listing(path, seen)
        names = {folder.name for folder in folders}
        if (path / "sqitch.plan").is_file() or ("deploy" in names and names & {"revert", "verify"}):
            self._project(path)
            self._wanted[path] = None
            folders = [f for f in folders if f.name not in {"deploy", "revert", "verify"}]
        scripts = [file for file in files if file.name.endswith(_SUFFIXES)]
        pages = [file for file in files if file.name.endswith(_PAGES)]
        self._found += _of_files(path, scripts)
        self._found += [_single(page) for page in pages if _has_sql(page)]
        for folder in folders:
            self._folder(folder, seen)

    def _project(self, root: Path) -> bool:
        """Read a project once; say whether that happened now."""
        if root in self._projects:
            return False
        self._projects[root] = read_project(root)
        self._wanted.setdefault(root, None)
        self._found.append(self._projects[root])
        return True


def scripts_of(sequence: History) -> Iterator[Script]:
    """Yield all scripts of a sequence, the plan included."""
    if sequence.plan is not None:
        yield sequence.plan
    for change in sequence.changes:
        yield from filter(None, (change.deploy, change.revert, change.verify))
    yield from sequence.strays


def _listing(path: Path, seen: set[tuple[int, int]]) -> tuple[list[Path], list[Path]]:
    """Return files and folders of a folder in order; none if it was seen, as loops of links are."""
    try:
        about = path.stat()
        if (about.st_dev, about.st_ino) in seen:
            return [], []
        seen.add((about.st_dev, about.st_ino))
        entries = sorted(os.scandir(path), key=lambda entry: _natural(entry.name))
    except OSError:
        return [], []
    files = [path / entry.name for entry in entries if not _is_folder(entry)]
    folders = [
        path / entry.name for entry in entries if _is_folder(entry) and entry.name not in _SKIPPED
    ]
    return files, folders


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _walk(path: Path, seen: set[tuple[int, int]]) -> Iterator[Path]:
    files, folders = _listing(path, seen)
    yield from files
    for folder in folders:
        yield from _walk(folder, seen)


def _natural(name: str) -> list[tuple[int, int, str]]:
    """Return a key by which 2_x stands before 10_x."""
    parts = re.split(r"(\d+)", name)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part]


def _of_files(folder: Path, files: list[Path]) -> list[History]:
    """Return the scripts of one folder as a sequence if they are migrations, else one by one."""
    shown = {file: str(file) for file in files}
    ups = [file for file in files if not _DOWN.search(shown[file])]
    downs = [file for file in files if _DOWN.search(shown[file])]
    numbered = bool(ups) and all(_NUMBERED.match(file.name) for file in ups)
    in_migrations = folder.name.lower() in _MIGRATIONS
    has_pairs = bool(downs) and any(_UP.search(shown[file]) for file in ups)
    is_sequence = in_migrations or has_pairs or (numbered and _build_upon(ups))
    if len(ups) + len(downs) < 2 or not numbered or not is_sequence:
        return [_single(file) for file in files]
    is_sqlx = (in_migrations or has_pairs) and all(re.match(r"\d+_", file.name) for file in ups)
    changes = [
        Change(
            _stem(file),
            Script(file, shown[file], "deploy", in_transaction=True if is_sqlx else None),
        )
        for file in ups
    ]
    by_name = {change.name: change for change in changes}
    strays = []
    for file in downs:
        script = Script(file, shown[file], "revert")
        change = by_name.get(_stem(file))
        if change is None:
            strays.append(script)
        else:
            change.revert = script
    kind: Kind = "sqlx" if is_sqlx else "folder"
    return [History(kind, changes, strays=strays, revert_expected=has_pairs)]


def _build_upon(files: list[Path]) -> bool:
    """Say whether numbered files of any folder are steps: later ones name what earlier ones make.

    Files that make the same table or type know nothing of each other.
    """
    made: set[str] = set()
    known: set[str] = set()
    is_linked = False
    for file in files:
        try:
            text = file.read_text(encoding="utf-8", errors="replace").lower()
        except OSError:
            return False
        is_linked = is_linked or bool(known & set(_WORD.findall(text)))
        for kind, name in _MADE.findall(text):
            plain = name.replace('"', "")
            if kind in {"table", "type"} and plain in made and "if exists" not in text:
                return False
            if kind in {"table", "type"}:
                made.add(plain)
            known.add(plain.rpartition(".")[2])
    return is_linked


def _stem(file: Path) -> str:
    name = _DOWN.sub("", _UP.sub("", file.name))
    return name.removesuffix(".sql")


def _single(path: Path) -> History:
    task = _task_of(path)
    # One migration alone is run as several are.
    is_sqlx = path.parent.name.lower() in _MIGRATIONS and bool(re.match(r"\d+_", path.name))
    script = Script(path, str(path), task, in_transaction=True if is_sqlx else None)
    if task == "revert":
        change = Change(path.stem, revert=script)
    elif task == "verify":
        change = Change(path.stem, verify=script)
    else:
        change = Change(path.stem, deploy=script)
    return History("file", [change])


def _task_of(path: Path) -> Task:
    """Tell from name and first line what a file of no project is for."""
    if _DOWN.search(str(path)):
        return "revert"
    try:
        with path.open("rb") as file:
            head = file.read(200).decode("utf-8", "replace")
    except OSError:
        return "plain"
    match = _TITLE.match(head)
    if match:
        word = match[1].lower()
        return "revert" if word == "revert" else "verify" if word == "verify" else "deploy"
    return "plain"


def _has_sql(page: Path) -> bool:
    try:
        return "```sql" in page.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False


def _real(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path.absolute()


def _root_above(path: Path) -> Path | None:
    """Return the folder of the sqitch.plan that stands nearest above a path."""
    real = _real(path)
    found = (folder for folder in (real, *real.parents) if (folder / "sqitch.plan").is_file())
    return next(found, None)


def _project_of(path: Path) -> Path | None:
    """Return the root of the project that a file is a script of, as the user would write it."""
    root = _root_above(path.parent)
    if root is None or not (_is_script_folder(root, path) or path.name == "sqitch.plan"):
        return None
    here = Path.cwd()
    return root.relative_to(here) if root.is_relative_to(here) else root


def _is_script_folder(root: Path, path: Path) -> bool:
    real = _real(path)
    return any(real.is_relative_to(root / name) for name in ("deploy", "revert", "verify"))


def _leaves(file: Path, *folders: Path) -> bool:
    """Say whether links lead from a file out of the folders."""
    real = _real(file)
    return not any(real.is_relative_to(_real(folder)) for folder in folders)


def read_project(root: Path) -> History:
    """Read a folder with deploy, revert and verify scripts; by its plan if there is one."""
    changes, tags, plan, error = _planned(root)
    known = {
        _real(script.path)
        for change in changes
        for script in (change.deploy, change.revert, change.verify)
        if script is not None and script.path is not None
    }
    strays = [
        Script(file, str(file), task, leaves_project=_leaves(file, root, root / task))
        for task in ("deploy", "revert", "verify")
        for file in _walk(root / task, set())
        if file.name.endswith(_SUFFIXES) and _real(file) not in known
    ]
    if plan is None or error is not None:
        changes, strays = _unplanned(root, strays)
    return History(
        "sqitch",
        changes,
        plan=plan,
        plan_error=error,
        strays=strays,
        tags=tags,
        revert_expected=plan is not None or (root / "revert").is_dir(),
        verify_expected=plan is not None or (root / "verify").is_dir(),
    )


def _planned(
    root: Path,
) -> tuple[list[Change], dict[str, list[str]], Script | None, tuple[int, str] | None]:
    from dsvault.config import Config, Layout  # noqa: PLC0415
    from dsvault.plan import PlanError, read_plan  # noqa: PLC0415 - a single file needs none
    from dsvault.scripts import ScriptError, script_path  # noqa: PLC0415

    file = root / "sqitch.plan"
    if not file.is_file():
        return [], {}, None, None
    script = Script(file, str(file))
    try:
        plan = read_plan(file)
        layout = Layout.of(Config.load(root), base=root)
    except PlanError as error:
        return [], {}, script, (error.line or 1, error.message)
    changes = []
    tags: dict[str, list[str]] = {}
    for planned in plan.changes:
        change = Change(planned.name, line=planned.line, is_reworked=planned.is_reworked)
        change.requires = tuple(str(dependency) for dependency in planned.requires)
        change.requires_elsewhere = any(d.project for d in planned.requires)
        for task in ("deploy", "revert", "verify"):
            try:
                path = script_path(layout, planned, task)
            except ScriptError:
                continue
            if path.is_file():
                setattr(change, task, Script(path, str(path), task))
        changes.append(change)
        tags |= {tag.name: [c.name for c in changes] for tag in planned.tags}
    return changes, tags, script, None


def _unplanned(root: Path, strays: Iterable[Script]) -> tuple[list[Change], list[Script]]:
    """Pair scripts by their paths where no plan puts them in order; then names do."""
    by_name: dict[str, Change] = {}
    rest = []
    for script in strays:
        if script.path is None:
            continue
        name = script.path.relative_to(root / script.task).with_suffix("").as_posix()
        if script.task == "deploy":
            by_name[name] = Change(name, script)
        elif name in by_name and script.task in {"revert", "verify"}:
            setattr(by_name[name], script.task, script)
        else:
            rest.append(script)
    ordered = sorted(by_name.values(), key=lambda change: _natural(change.name))
    return ordered, rest
