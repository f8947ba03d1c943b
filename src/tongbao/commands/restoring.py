"""`tongbao restore`: without a file stage 1 of dvc.yaml, with one the restored text of that file, explained."""

import argparse
import sys
from pathlib import Path

from tongbao.commands.common import Add, parameters, say, writing
from tongbao.errors import TongbaoError
from tongbao.project import find_project

_STDIN = "-"


def register(add: Add) -> None:
    """Declare `restore`."""
    sub = add("restore", _restore, "restore data/raw to data/interim (stage 1), or print one file restored")
    sub.add_argument("file", nargs="?", help="a circular of any readable form, anywhere; - reads standard input")
    sub.add_argument("--explain", action="store_true", help="list every repair and gap with its reason")
    sub.add_argument("--html", type=Path, metavar="OUT", help="write one page with raw and restored side by side")


def _restore(options: argparse.Namespace) -> None:
    if options.file is not None:
        _one(options)
        return
    if options.explain or options.html:
        raise TongbaoError("--explain and --html tell about one file", remedy="name it: tongbao restore FILE --explain")
    from tongbao.build import crew_of, restore_stage

    project = find_project()
    with crew_of(parameters(project)) as crew:
        say(restore_stage(project.raw, project.interim, parameters(project), crew))


def _one(options: argparse.Namespace) -> None:
    from tongbao.read.folder import MAX_BYTES, Rejected, document_of, read_one
    from tongbao.restore.explain import explain, harmless
    from tongbao.restore.pipeline import restore

    if options.file == _STDIN:
        raw = document_of(sys.stdin.buffer.read(MAX_BYTES + 1), "stdin")
    elif not Path(options.file).exists():
        raise TongbaoError("no such file", place=options.file, remedy="name a file that is there, or - to read a pipe")
    else:
        raw = read_one(Path(options.file))
    if isinstance(raw, Rejected):
        raise TongbaoError(raw.reason, place=raw.file_name, remedy="see the reason; nothing was written")
    margin = float(parameters(find_project())["restore"]["accept_margin"])
    restored = restore(raw, margin)
    if options.html is not None:
        from tongbao.report.restoration import restoration_page
        from tongbao.tidy.whole import write_whole

        with writing(options.html, "--html"):
            write_whole(options.html, restoration_page(raw, restored).encode("utf-8"))
    # A terminal obeys control characters; a file or a pipe gets the text as it is.
    lines = [harmless(restored.text) if sys.stdout.isatty() else restored.text]
    if options.explain:
        lines += ["", *explain(raw, restored)]
    sys.stdout.flush()
    sys.stdout.buffer.write(("\n".join(lines) + "\n").encode("utf-8"))
    sys.stdout.flush()
