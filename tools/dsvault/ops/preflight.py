"""Find everything that would stop a deployment, before its first statement runs."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from dsvault.errors import DsvaultError
from dsvault.plan import UnknownChange
from dsvault.registry import project_conflict
from dsvault.scripts import content_hash
from dsvault.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dsvault.model import State
    from dsvault.plan import Change, Dependency
    from dsvault.project import Project
    from dsvault.scripts import Kind
    from dsvault.sqlscript import Script


class PreflightError(DsvaultError):
    """The deployment cannot succeed, so nothing was done. findings holds every reason."""

    def __init__(self, findings: Sequence[DsvaultError]) -> None:
        self.findings = tuple(findings)
        count = "one problem was" if len(findings) == 1 else f"{len(findings)} problems were"
        super().__init__(f"Nothing was deployed: {count} found")

    def lines(self) -> list[str]:
        """Return the reports of all findings, and that nothing was done.

        What is to be done about several, one after the other, is said once.
        """
        report: list[str] = []
        for finding, after in zip_longest(self.findings, self.findings[1:]):
            lines = finding.lines()
            if after is not None and finding.hint and finding.hint == after.hint:
                lines = lines[: -len(finding.hint.splitlines())]
            report += lines
        return [*report, self.message]


class Prepared(Value):
    """A change that is ready to be deployed: parsed, hashed, its requirements resolved to IDs.

    deploy is None if the script shall not run, verify if there is none or it shall not run.
    """

    change: Change
    deploy: Script | None
    verify: Script | None
    script_hash: str | None
    resolved: Mapping[str, str]

    @property
    def is_transactional(self) -> bool:
        """Whether script and verification can run in one transaction with the rows of both."""
        is_verifiable = self.verify is None or self.verify.client is None
        return is_verifiable and (self.deploy is None or self.deploy.is_transactional)


def check_state(project: Project, state: State) -> None:
    """Compare what is registered and deployed with the plan.

    :raises PreflightError: another project has this name or URI, or a deployed change is not in the
        plan or at another place of it. Then nothing else can be said about what is to be deployed.
    """
    conflict = project_conflict(state, project.plan)
    # The URI is part of every ID: with another one, all changes would be named on top.
    findings = [conflict] if conflict else list(divergences(project, state))
    if findings:
        raise PreflightError(findings)


def prepare(
    project: Project,
    state: State,
    pending: Sequence[Change],
    kinds: frozenset[Kind],
) -> list[Prepared]:
    """Return the changes that shall be deployed, ready to run. kinds are the scripts needed.

    :raises PreflightError: something would fail: the registry refuses it, a requirement is not met,
        a deploy script is missing, a script cannot be run.
    """
    findings: list[DsvaultError] = []
    current = state.current(project.name)
    last = project.plan.by_id(current.id) if current else None
    findings += _edited_tags(project, state, [last, *pending] if last else pending)
    resolved, unmet = _resolve(project, state, pending)
    findings += unmet
    scripts, faults = _read_scripts(project, pending, kinds)
    findings += faults
    hashes, unreadable = _hashes(project, pending, scripts)
    findings += [] if "deploy" in kinds else unreadable  # else they are told already
    findings += _repeated_scripts(project, state, pending, hashes)
    if findings:
        raise PreflightError(findings)
    return [
        Prepared(
            change,
            scripts.get((change.id, "deploy")),
            scripts.get((change.id, "verify")),
            hashes[change.id],
            resolved[change.id],
        )
        for change in pending
    ]


def refuse_outside(prepared: Sequence[Prepared]) -> None:
    """Refuse changes that one transaction cannot hold together with others.

    :raises PreflightError: there are such.
    """
    findings = [
        DsvaultError(
            f"{script.name} cannot be part of a transaction that holds other changes too",
            detail=reason,
            hint="Deploy without --single-transaction, or --to the change before it.",
        )
        for item in prepared
        for script in (item.deploy, item.verify)
        if script is not None and (script is item.deploy or script.client is not None)
        if (reason := _why_outside(script))
    ]
    if findings:
        raise PreflightError(findings)


def line_end_warnings(prepared: Sequence[Prepared]) -> Iterator[str]:
    """Yield which deploy scripts will be known by a hash that no checkout with LF has."""
    for item in prepared:
        if item.deploy is not None and b"\r\n" in item.deploy.content:
            yield (
                f"{item.deploy.name} has CRLF line ends, which are part of the hash that is "
                "recorded: `check` will find another where git gives LF"
            )


def _why_outside(script: Script) -> str | None:
    """Return why a script needs a transaction of its own, or several, or None."""
    if script.client is not None:
        return "only psql can run it"
    if script.has_outside_statement:
        return "PostgreSQL refuses one of its statements inside of a transaction"
    if not script.is_transactional:
        return "it ends transactions of its own, or may not write"
    if script.begin.upper().split()[1:] not in ([], ["TRANSACTION"], ["WORK"]):
        return f"it opens its transaction by {script.begin}"
    return None


def divergences(project: Project, state: State) -> Iterator[DsvaultError]:
    """Yield where the registry and the plan disagree about what is deployed in which order."""
    deployed = state.changes_of(project.name)
    unknown = [change for change in deployed if project.plan.by_id(change.id) is None]
    for change in unknown:
        yield DsvaultError(
            f"Cannot find change {change.id} ({change.format_name_with_tags()}) "
            f"in {project.plan.path}",
            hint="Connect to the database of this project, or take back the edit of the plan; "
            "dsvault plan --compare says which line.",
        )
    if unknown:
        return
    planned = project.plan.changes[: len(deployed)]
    for found, expected in zip(deployed, planned, strict=True):
        if found.id != expected.id:
            yield DsvaultError(
                f'Change "{found.name}" is deployed where the plan has "{expected.name}"',
                hint="See dsvault verify; revert the changes that are out of order.",
            )
            return


def _edited_tags(
    project: Project, state: State, pending: Sequence[Change]
) -> Iterator[DsvaultError]:
    """Yield tags that are to be recorded, and whose names are taken."""
    recorded = {tag.name: tag.id for tag in state.tags_of(project.name)}
    for change in pending:
        for tag in change.tags:
            if recorded.get(str(tag), tag.id) != tag.id:
                yield DsvaultError(
                    f"Tag {tag} is recorded with another ID than the plan's",
                    detail="its note, date or planner was edited, or it was moved",
                    hint="Take back the edit of the plan.",
                )


def _resolve(
    project: Project, state: State, pending: Sequence[Change]
) -> tuple[dict[str, dict[str, str]], list[DsvaultError]]:
    """Return for each change the ID that satisfies each of its requirements, and what is wrong."""
    known = {change.id for change in state.changes}
    resolved: dict[str, dict[str, str]] = {}
    missing: dict[str, None] = {}  # keeps the order
    conflicts: dict[str, None] = {}
    errors: list[DsvaultError] = []
    for change in pending:
        if change.id in known:
            errors.append(DsvaultError(f'Change "{change.name}" has already been deployed'))
        errors += _repeated_dependencies(change)
        resolved[change.id] = {}
        for dependency in change.dependencies:
            try:
                found = _satisfying(project, state, dependency)
            except UnknownChange as error:
                errors.append(error)
                continue
            is_there = found is not None and found in known
            if dependency.kind == "conflict" and is_there:
                conflicts[str(dependency)] = None
            elif dependency.kind == "require" and not is_there:
                missing[str(dependency)] = None
            elif found is not None:
                resolved[change.id][str(dependency)] = found
        known.add(change.id)
    return resolved, [*errors, *_unmet(list(conflicts), list(missing))]


def _satisfying(project: Project, state: State, dependency: Dependency) -> str | None:
    """Return the ID of the change that a dependency means, be it deployed or only planned."""
    planned = project.plan.resolve(dependency)
    if planned is not None:
        return planned.id
    deployed = state.satisfying(dependency, project.name)
    return None if deployed is None else deployed.id


def _repeated_dependencies(change: Change) -> Iterator[DsvaultError]:
    texts = [str(dependency) for dependency in change.dependencies]
    for text in sorted({text for text in texts if texts.count(text) > 1}):
        yield DsvaultError(
            f'Change "{change.name}" names the dependency {text} twice',
            hint="The registry refuses it; the plan has it on one line in two spellings.",
        )


def _unmet(conflicts: Sequence[str], missing: Sequence[str]) -> Iterator[DsvaultError]:
    if conflicts:
        plural = "s" if len(conflicts) > 1 else ""
        yield DsvaultError(
            f"Conflicts with previously deployed change{plural}: {' '.join(conflicts)}",
            hint="Revert what conflicts first.",
        )
    if missing:
        plural = "s" if len(missing) > 1 else ""
        yield DsvaultError(
            f"Missing required change{plural}: {' '.join(missing)}",
            hint="Deploy it first, to the same database.",
        )


def _repeated_scripts(
    project: Project, state: State, pending: Sequence[Change], hashes: Mapping[str, str | None]
) -> Iterator[DsvaultError]:
    """Yield scripts of equal content: a registry takes each content once per project."""
    seen: dict[str, Change | str] = {
        change.script_hash: f'the deployed "{change.name}"'
        for change in state.changes_of(project.name)
        if change.script_hash is not None
    }
    for change in pending:
        digest = hashes[change.id]
        if digest is None:
            continue
        other = seen.setdefault(digest, change)
        if other is not change:
            yield DsvaultError(
                f"{_deploy_path(project, change)} has the same content as "
                f"{other if isinstance(other, str) else _deploy_path(project, other)}",
                hint="The registry refuses it; change a comment in one of them.",
            )


def _deploy_path(project: Project, change: Change) -> str:
    return project.shown(project.path(change, "deploy"))


def _hashes(
    project: Project, pending: Sequence[Change], scripts: Mapping[tuple[str, Kind], Script]
) -> tuple[dict[str, str | None], list[DsvaultError]]:
    """Return the hash of each deploy script, of what will run if it runs, and what is not read."""
    hashes: dict[str, str | None] = {}
    unreadable: list[DsvaultError] = []
    for change in pending:
        script = scripts.get((change.id, "deploy"))
        try:
            hashes[change.id] = (
                content_hash(script.content) if script else project.script_hash(change)
            )
        except DsvaultError as error:
            hashes[change.id] = None
            unreadable.append(error)
    return hashes, unreadable


def _read_scripts(
    project: Project, pending: Sequence[Change], kinds: frozenset[Kind]
) -> tuple[dict[tuple[str, Kind], Script], list[DsvaultError]]:
    """Parse the scripts of all changes; a missing one matters only if it is a deploy script."""
    scripts: dict[tuple[str, Kind], Script] = {}
    faults: list[DsvaultError] = []
    for change in pending:
        for kind in sorted(kinds):
            try:
                script = project.script(change, kind)
            except DsvaultError as error:
                faults.append(error)
                continue
            if script is not None:
                scripts[change.id, kind] = script
            elif kind == "deploy":
                faults.append(
                    DsvaultError(
                        f"Deploy script {project.shown(project.path(change, kind))} does not exist",
                        hint="Write it, or record the change without it by --log-only.",
                    )
                )
    return scripts, faults
