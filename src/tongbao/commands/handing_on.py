"""Handing the tables on: other formats, and a paragraph on the methods for a paper."""

import argparse
from pathlib import Path

from tongbao.commands.common import Add, say, writing
from tongbao.project import find_project

_FORMATS = ("stata", "spss", "excel", "r", "sqlite", "duckdb")


def register(add: Add) -> None:
    """Declare `export` and `methods`."""
    export = add("export", _export, "write the tables for Stata, SPSS, Excel, R, SQLite or DuckDB")
    export.add_argument("--to", required=True, choices=_FORMATS, help="the format")
    export.add_argument("--out", type=Path, help="the folder to write to (default: dist/<format>)")
    export.add_argument("--tables", nargs="+", default=[], metavar="TABLE", help="only these tables")
    export.add_argument("--language", choices=("en", "zh"), default="en", help="language of the labels (default: en)")
    methods = add("methods", _methods, "print a paragraph on data and methods for a paper, with the actual numbers")
    methods.add_argument("--language", choices=("en", "zh"), default="en", help="its language (default: en)")


def _export(options: argparse.Namespace) -> None:
    from tongbao.tidy.export import export

    project = find_project()
    out = options.out or project.root / "dist" / options.to
    with writing(out, "--out"):
        written = export(
            options.to, project.tidy, project.reference, out, tables=options.tables, language=options.language
        )
    for note in written.notes:
        say(f"note: {note}")
    say(f"{len(written.files)} files in {out}" if len(written.files) > 1 else f"wrote {written.files[0]}")


def _methods(options: argparse.Namespace) -> None:
    from tongbao.report.methods import methods

    say(methods(find_project(), options.language))
