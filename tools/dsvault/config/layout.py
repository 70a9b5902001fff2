"""Where a project keeps its plan and its scripts."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from dsvault.config.settings import Config
from dsvault.paths import project_root
from dsvault.values import Value

if TYPE_CHECKING:
    from collections.abc import Mapping


class Layout(Value):
    """The files of a project. Paths are relative to the working folder, or absolute.

    The reworked folders hold the scripts of changes that a later change of the same name replaces.
    """

    top_dir: Path
    plan_file: Path
    deploy_dir: Path
    revert_dir: Path
    verify_dir: Path
    reworked_deploy_dir: Path
    reworked_revert_dir: Path
    reworked_verify_dir: Path
    extension: str = "sql"
    registry: str = "sqitch"
    client: str = "psql"

    @cached_property
    def roots(self) -> tuple[str, ...]:
        """The folders below which scripts may be, links followed, with a slash at the end."""
        folders = (
            self.top_dir,
            self.deploy_dir,
            self.revert_dir,
            self.verify_dir,
            self.reworked_deploy_dir,
            self.reworked_revert_dir,
            self.reworked_verify_dir,
        )
        return tuple({f"{os.path.realpath(folder).rstrip('/')}/" for folder in folders})

    @cached_property
    def _real_folders(self) -> dict[str, str]:
        return {}

    def real_path(self, path: Path) -> str:
        """Return the path of a file, links followed; a folder's are looked for once."""
        folder, _, name = str(path).rpartition("/")
        # Unlike is_symlink this does not mind a name that is too long for the file system.
        if name == ".." or os.path.islink(path):  # noqa: PTH114
            return os.path.realpath(path)
        if folder not in self._real_folders:
            here = "/" if path.is_absolute() else "."
            self._real_folders[folder] = os.path.realpath(folder or here).rstrip("/")
        return f"{self._real_folders[folder]}/{name}"

    @classmethod
    def of(
        cls,
        config: Config,
        *,
        target: str | None = None,
        engine: str = "pg",
        base: Path | None = None,
        overrides: Mapping[str, str] | None = None,
    ) -> Layout:
        """Work out the layout from options, then the target's, the engine's and core settings.

        `target` is the name of a [target] section. `overrides` are keys like plan_file with the
        values of options. Paths in the configuration are relative to `base`, which is the working
        folder if it is not given.
        """
        sections = [f"target.{target}"] if target else []
        sections += [f"engine.{engine}", "core"]

        def setting(key: str) -> str | None:
            values = (config.get(f"{section}.{key}") for section in sections)
            # "" and "0" count as not set, as in Sqitch.
            found = (value for value in values if value not in {None, "", "0"})
            return (overrides or {}).get(key) or next(found, None)

        def folder(key: str, default: Path) -> Path:
            value = setting(key)
            return default if value is None else (base or Path()) / value

        top = folder("top_dir", base or Path())
        reworked = folder("reworked_dir", top)
        return cls(
            top_dir=top,
            plan_file=folder("plan_file", top / "sqitch.plan"),
            deploy_dir=folder("deploy_dir", top / "deploy"),
            revert_dir=folder("revert_dir", top / "revert"),
            verify_dir=folder("verify_dir", top / "verify"),
            reworked_deploy_dir=folder("reworked_deploy_dir", reworked / "deploy"),
            reworked_revert_dir=folder("reworked_revert_dir", reworked / "revert"),
            reworked_verify_dir=folder("reworked_verify_dir", reworked / "verify"),
            extension=setting("extension") or "sql",
            registry=setting("registry") or "sqitch",
            client=setting("client") or "psql",
        )


def find_layout(
    *,
    plan_file: Path | None = None,
    target: str | None = None,
    cwd: Path | None = None,
) -> tuple[Config, Layout]:
    """Find the project that is meant, and its configuration.

    It is the project of the working folder (`cwd` stands for it) if a plan file is named, if the
    plan that is configured there exists, or if a sqitch.conf of another project applies there; else
    it is this project itself.

    :raises ConfigError: a configuration file cannot be used.
    """
    config = Config.load(cwd)
    overrides = {} if plan_file is None else {"plan_file": str(plan_file)}
    layout = Layout.of(config, target=target, base=cwd, overrides=overrides)
    root = project_root()
    is_elsewhere = config.local_file is not None and config.local_file.parent != root
    if overrides or is_elsewhere or layout.plan_file.exists():
        return config, layout
    config = Config.load(root)
    return config, Layout.of(config, target=target, base=root)
