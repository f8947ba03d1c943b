"""Beyond the stages: any folder of circulars, the measure against an annotation, the archive to publish."""

import argparse
import json
from pathlib import Path

from tongbao.commands.common import Add, parameters, say, writing
from tongbao.project import find_project


def register(add: Add) -> None:
    """Declare `build`, `evaluate` and `publish`."""
    build = add("build", _build, "make tidy tables from any folder of circulars")
    build.add_argument("folder", type=Path, help="the folder with the circulars; it is only read")
    build.add_argument("--workers", type=int, metavar="N", help="processes at a time (default: that of params.yaml)")
    build.add_argument("--out", type=Path, help="where to write (default: <folder's name>-tongbao beside you)")
    evaluate = add("evaluate", _evaluate, "compare the tables with an annotation: precision, recall, every miss")
    evaluate.add_argument("gold", type=Path, help="a folder with one folder a circular, such as tests/gold")
    evaluate.add_argument("--tables", type=Path, help="the folder of the tables (default: data/tidy)")
    evaluate.add_argument("--out", type=Path, help="also write the numbers alone to this JSON file (a DVC metric)")
    evaluate.add_argument("--json", action="store_true", help="print JSON")
    publish = add("publish", _publish, "pack reports, tables and citation into dist/")
    publish.add_argument("--out", type=Path, help="the folder for the archive (default: dist)")


def _build(options: argparse.Namespace) -> None:
    from tongbao.build import build_folder

    out = options.out or Path.cwd() / f"{options.folder.resolve().name}-tongbao"
    chosen = parameters(find_project())
    if options.workers is not None:
        chosen = {**chosen, "extract": {"workers": max(1, options.workers)}}
    with writing(out, "--out"):
        say(build_folder(options.folder, out, chosen))


def _evaluate(options: argparse.Namespace) -> None:
    from tongbao.tidy.gold_folder import evaluate_folder
    from tongbao.tidy.whole import write_whole
    from tongbao.tidy.write import json_bytes

    found = evaluate_folder(options.gold, options.tables or find_project().tidy)
    if options.out is not None:
        with writing(options.out, "--out"):
            write_whole(options.out, json_bytes(found.to_metrics()))
    say(json.dumps(found.to_json(), ensure_ascii=False, indent=1) if options.json else found.to_text())


def _publish(options: argparse.Namespace) -> None:
    from tongbao.report.publish import publish

    project = find_project()
    out = options.out or project.root / "dist"
    with writing(out, "--out"):
        say(f"wrote {publish(project, out)}")
