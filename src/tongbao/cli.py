"""The `tongbao` command. What the single commands do stands in `tongbao.commands`; rooms are imported when needed."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from tongbao import __version__
from tongbao.commands import coding, collecting, correcting, handing_on, restoring, results, stages
from tongbao.errors import TongbaoError

GROUPS = (restoring, stages, collecting, correcting, coding, results, handing_on)
"""The modules of commands, in the order of the help."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or 1 after a failure that the user can act on."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], None] = options.command
    try:
        command(options)
    except TongbaoError as error:
        print(f"tongbao: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever reads (head, a pager) has enough; nothing more may be written, at exit either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tongbao", description=__doc__, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"tongbao {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, function: Callable[[argparse.Namespace], None], text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
        sub.set_defaults(command=function)
        return sub

    for group in GROUPS:
        group.register(add)
    return parser


if __name__ == "__main__":
    sys.exit(main())
