"""`dsvault bundle`: copy what is needed to deploy a project elsewhere."""

from __future__ import annotations

from pathlib import Path

import click

from dsvault.authoring.bundle import Bundle, write_config
from dsvault.cli.authoring import UsageFault, Workplace, Written, authoring_command


@click.command()
@click.option(
    "--dest-dir", "--dir", "destination", type=click.Path(path_type=Path), help="Default: bundle."
)
@click.option("--from", "from_", metavar="CHANGE", help="The first change.")
@click.option("--to", metavar="CHANGE", help="The last change.")
@authoring_command
def command(
    place: Workplace, *, destination: Path | None, from_: str | None, to: str | None
) -> Written:
    r"""Copy configuration, plan and scripts into a folder, from which they can be deployed.

    What the scripts include by \i and \ir comes along. Files that are there and not older stay.
    """
    if len(place.names) > 2:
        place.take_names(None, None)
    if place.names and (from_ or to):
        raise UsageFault("Cannot specify both --from or --to and change arguments")
    first, last = [*place.names, None, None][:2] if place.names else (from_, to)
    folder = destination or Path(place.config.get("bundle.dest_dir") or "bundle")
    place.say(f"Bundling into {folder}", "Writing config")
    copied = write_config(place.config.local_file, folder)
    for layout, source in place.sources():
        bundle = Bundle(layout, source, folder)
        place.say(_plan_line(first, last))
        copied += bundle.write_plan(first, last)
        place.say("Writing scripts")
        for change in bundle.changes(first, last):
            place.say(f"  + {change.format_name_with_tags()}")
            copied += bundle.write_scripts(change)
    return Written({"folder": str(folder), "files": [str(path) for path in copied]})


def _plan_line(first: str | None, last: str | None) -> str:
    if first is None and last is None:
        return "Writing plan"
    return f"Writing plan from {first or '@ROOT'} to {last or '@HEAD'}"
