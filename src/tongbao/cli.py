"""The `tongbao` command. Each stage of the pipeline is one command; rooms are imported when they are needed."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tongbao import __version__
from tongbao.errors import TongbaoError
from tongbao.project import Project, find_project


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or 1 after a failure that the user can act on."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], None] = options.command
    try:
        command(options)
    except TongbaoError as error:
        print(f"tongbao: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tongbao", description=__doc__, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"tongbao {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, function: Callable[[argparse.Namespace], None], text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
        sub.set_defaults(command=function)
        return sub

    add("restore", _restore, "restore data/raw to data/interim (stage 1)")
    add("extract", _extract, "extract facts from the restored texts (stage 2)")
    add("tidy", _tidy, "write the tidy tables from the facts (stage 3)")
    add("analyse", _analyse, "write the numbers that the notebooks show (stage 4)")
    add("report", _report, "render the notebooks to reports/ (stage 5)")
    build = add("build", _build, "make tidy tables from any folder of circulars")
    build.add_argument("folder", type=Path, help="the folder with the circulars; it is only read")
    build.add_argument("--out", type=Path, help="where to write (default: <folder's name>-tongbao beside you)")
    evaluate = add("evaluate", _evaluate, "compare the tables with an annotation: precision, recall, every miss")
    evaluate.add_argument("gold", type=Path, help="a folder with one folder a circular, such as tests/gold")
    evaluate.add_argument("--tables", type=Path, help="the folder of the tables (default: data/tidy)")
    evaluate.add_argument("--json", action="store_true", help="print JSON")
    publish = add("publish", _publish, "pack reports, tables and citation into dist/")
    publish.add_argument("--out", type=Path, help="the folder for the archive (default: dist)")
    return parser


def _restore(options: argparse.Namespace) -> None:
    from tongbao.build import restore_stage

    project = find_project()
    _say(restore_stage(project.raw, project.interim, _parameters(project)))


def _extract(options: argparse.Namespace) -> None:
    from tongbao.extract.pipeline import extract_folder

    _say(f"{extract_folder(find_project().interim)} circulars extracted")


def _tidy(options: argparse.Namespace) -> None:
    from tongbao.build import tidy_stage

    project = find_project()
    _say(tidy_stage(project.raw, project.interim, project.tidy, project.tidy.parent / "metrics.json", coded=True))


def _analyse(options: argparse.Namespace) -> None:
    from tongbao.stats.themes import analyse

    project = find_project()
    names = analyse(project, _parameters(project)["analyse"])
    _say(f"{len(names)} analyses: {', '.join(names)}")


def _report(options: argparse.Namespace) -> None:
    from tongbao.report.site import build_site

    project = find_project()
    result = build_site(project, workers=int(_parameters(project)["report"]["workers"]))
    _say(f"{len(result.rendered)} pages rendered, {len(result.cached)} unchanged; open reports/index.html")


def _build(options: argparse.Namespace) -> None:
    from tongbao.build import build_folder

    out = options.out or Path.cwd() / f"{options.folder.resolve().name}-tongbao"
    _say(build_folder(options.folder, out, _parameters(find_project())))


def _evaluate(options: argparse.Namespace) -> None:
    from tongbao.tidy.gold_folder import evaluate_folder

    found = evaluate_folder(options.gold, options.tables or find_project().tidy)
    _say(json.dumps(found.to_json(), ensure_ascii=False, indent=1) if options.json else found.to_text())


def _publish(options: argparse.Namespace) -> None:
    from tongbao.report.publish import publish

    project = find_project()
    _say(f"wrote {publish(project, options.out or project.root / 'dist')}")


def _parameters(project: Project) -> dict[str, dict[str, Any]]:
    """Return params.yaml as a mapping of sections."""
    import yaml

    try:
        content = yaml.safe_load(project.params.read_text("utf-8"))
    except yaml.YAMLError as error:
        raise TongbaoError("not sound YAML", place=str(project.params), remedy=f"correct it: {error}") from error
    if not isinstance(content, dict):
        raise TongbaoError("no sections in it", place=str(project.params), remedy="restore it from git")
    return content


def _say(message: str) -> None:
    print(message)


if __name__ == "__main__":
    sys.exit(main())
