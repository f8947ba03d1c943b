"""Coding by hand: drawing the circulars and writing the sheet, comparing filled sheets with the tables."""

import argparse
import json
from pathlib import Path

from tongbao.commands.common import Add, say, writing
from tongbao.project import find_project


def register(add: Add) -> None:
    """Declare `sample` and `agree`."""
    sample = add("sample", _sample, "draw circulars to code by hand and write the empty coding sheet")
    sample.add_argument("n", type=int, help="how many circulars")
    sample.add_argument("--strata", default="", help="columns of circulars, or year, separated by commas")
    sample.add_argument("--seed", type=int, default=0, help="another seed draws another sample (default: 0)")
    sample.add_argument("--out", type=Path, default=Path("coding.xlsx"), help="the sheet (default: coding.xlsx)")
    agree = add("agree", _agree, "compare the tables with coders' sheets: percent, kappa, alpha, every disagreement")
    agree.add_argument("sheets", nargs="+", type=Path, help="filled sheets, .xlsx or .csv; one coder or several")
    agree.add_argument("--table", default="", help="the table of .csv sheets, or the only one to compare")
    agree.add_argument("--key", default="", help="columns that tell rows apart, separated by commas")
    agree.add_argument("--seed", type=int, default=0, help="of the bootstrap (default: 0)")
    agree.add_argument("--json", action="store_true", help="print JSON")


def _sample(options: argparse.Namespace) -> None:
    from tongbao.errors import TongbaoError
    from tongbao.review.sampling import draw
    from tongbao.review.workbook import workbook_bytes
    from tongbao.tidy.escape import visible
    from tongbao.tidy.schema import load_schema
    from tongbao.tidy.whole import write_whole
    from tongbao.tidy.write import read_rows

    if options.out.exists():
        raise TongbaoError("it is there already", place=str(options.out), remedy="name another file with --out")
    project = find_project()
    schema = load_schema(project.reference)
    circulars = read_rows(schema["circulars"], project.tidy / "circulars.csv")
    sample = draw(circulars, options.n, [name for name in options.strata.split(",") if name], options.seed)
    with writing(options.out, "--out"):
        write_whole(options.out, workbook_bytes(sample, schema))
    for line in sample.design():
        say(visible("  ".join(line)))
    say(f"wrote {options.out}: {len(sample.drawn)} circulars to code (seed {sample.seed})")


def _agree(options: argparse.Namespace) -> None:
    from tongbao.review.agreement import compare, load_levels
    from tongbao.review.sheets import load_truths, read_sheets
    from tongbao.review.told import to_json, to_text
    from tongbao.tidy.schema import load_schema
    from tongbao.tidy.write import read_rows

    project = find_project()
    schema = load_schema(project.reference)
    coded = read_sheets(options.sheets, schema, load_truths(project.reference), options.table)
    tables = {name: read_rows(schema[name], project.tidy / f"{name}.csv") for name in coded.columns}
    key = [name for name in options.key.split(",") if name]
    results = compare(coded, tables, schema, load_levels(project.reference), key=key, seed=options.seed)
    if options.json:
        say(json.dumps(to_json(results, coded.told), ensure_ascii=False, indent=1))
    else:
        say(to_text(results, coded.told))
