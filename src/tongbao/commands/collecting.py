"""Getting circulars into the collection, and seeing what it holds."""

import argparse
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tongbao.commands.common import Add, parameters, say
from tongbao.errors import TongbaoError
from tongbao.project import Project, find_project

if TYPE_CHECKING:
    from tongbao.collect.fetch import Fetcher

MIN_DELAY = 1.0
"""Least delay that params.yaml may ask for, in seconds."""


def register(add: Add) -> None:
    """Declare `add` and `status`."""
    adding = add("add", _add, "add circulars to data/raw: files, folders, web addresses")
    adding.add_argument("named", nargs="*", metavar="FILE|FOLDER|URL", help="what to add")
    adding.add_argument("--list", type=Path, metavar="CSV", help="addresses to fetch: the column url of a CSV file")
    adding.add_argument("--keep", action="store_true", help="also keep files that cannot be read")
    adding.add_argument("--source-name", default="", help="the site that the files were saved from")
    adding.add_argument("--source-url", default="", metavar="URL", help="the address that a file was saved from")
    adding.add_argument("--name", default="", help="the id of the circular (for one file or address)")
    choice = adding.add_mutually_exclusive_group()
    choice.add_argument("--copy-of", default="", metavar="ID", help="it is a copy of this circular")
    choice.add_argument("--own", action="store_true", help="it is a circular of its own, however alike another is")
    status = add("status", _status, "what the collection covers, and what needs a look")
    status.add_argument("--all", action="store_true", help="name every case, not only the first of each kind")


def _add(options: argparse.Namespace) -> None:
    from tongbao.collect.adding import Wishes, add
    from tongbao.collect.files import is_web, items_of

    project = find_project()
    items = list(items_of(options.named, options.list))
    if not items:
        raise TongbaoError("nothing to add", remedy="name files, folders or addresses, or a list with --list")
    if len(items) > 1 and (options.name or options.copy_of or options.source_url):
        raise TongbaoError("--name, --copy-of and --source-url are for one file or address", remedy="add it alone")
    if options.source_url and not is_web(options.source_url):
        raise TongbaoError("--source-url is no http(s) address", remedy="give the page's address, or leave it out")
    items = [
        replace(
            item,
            source_name=item.source_name or options.source_name,
            saved_from="" if item.url else options.source_url,
        )
        for item in items
    ]
    wishes = Wishes(keep=options.keep, name=options.name, copy_of=options.copy_of, own=options.own)
    kinds: Counter[str] = Counter()
    for outcome in add(project, items, make_fetcher(project), wishes):
        kinds[outcome.kind] += 1
        say(f"{outcome.what}: {outcome.message}")
    n_new = kinds["added"] + kinds["witness"]
    said = [f"{n_new} added ({kinds['witness']} further copies)", f"{kinds['known']} there already"]
    n_not = kinds["refused"] + kinds["failed"]
    say(f"{', '.join(said)}, {n_not} not added" + ("; next: make repro, then tongbao status" if n_new else ""))
    if n_not:
        raise TongbaoError(f"{n_not} of {len(items)} were not added", remedy="the reason stands with each above")


def _status(options: argparse.Namespace) -> None:
    from tongbao.collect.status import status

    say(status(find_project(), limit=None if options.all else 5))


def make_fetcher(project: Project) -> "Fetcher":
    """The fetcher as params.yaml wants it.

    Raises:
        TongbaoError: a parameter is missing, no number, or the delay is below `MIN_DELAY`.
    """
    from tongbao.collect.fetch import Fetcher
    from tongbao.collect.polite import Waits
    from tongbao.collect.wire import Limits

    given: dict[str, Any] = parameters(project).get("collect") or {}
    try:
        delay, size = float(given.get("delay_seconds", 2.0)), float(given.get("max_megabytes", 20))
        total = float(given.get("total_seconds", 120))
    except (TypeError, ValueError) as error:
        raise TongbaoError(
            f"a parameter is no number ({error})", place=f"{project.params}, collect", remedy="correct it"
        ) from error
    if not (delay >= MIN_DELAY and size > 0 and total > 0):
        raise TongbaoError(
            "the delay is too short, or a limit is not above zero",
            place=f"{project.params}, collect",
            remedy=f"wait {MIN_DELAY:g} seconds or more between two requests: the sites are not ours",
        )
    limits = Limits(total_seconds=total, max_bytes=int(size * 1_000_000))
    return Fetcher(agent_name(project, str(given.get("contact") or "")), Waits(delay), limits)


def agent_name(project: Project, contact: str = "") -> str:
    """How the program names itself to servers: its name and version, and whom to turn to.

    Args:
        project: its CITATION.cff gives the address of the project.
        contact: of the person who fetches, from params.yaml.
    """
    import yaml

    from tongbao import __version__
    from tongbao.collect.polite import AGENT

    try:
        cited = yaml.safe_load((project.root / "CITATION.cff").read_text("utf-8"))
    except (OSError, yaml.YAMLError):
        cited = None
    facts = cited if isinstance(cited, dict) else {}
    home = str(facts.get("repository-code") or facts.get("url") or "")
    said = "; ".join(part for part in ("research on inspections of government websites", home, contact) if part)
    ascii_only = "".join(c for c in said if " " <= c <= "~" and c not in "()")
    return f"{AGENT}/{__version__} ({ascii_only})"
