"""Sqitch's configuration: sqitch.conf files, who deploys, and where a project's files are."""

from __future__ import annotations

from dsvault.config.layout import Layout, find_layout
from dsvault.config.person import Person, current_person
from dsvault.config.settings import Config, own_file
from dsvault.config.syntax import ConfigError

__all__ = [
    "Config",
    "ConfigError",
    "Layout",
    "Person",
    "current_person",
    "find_layout",
    "own_file",
]
