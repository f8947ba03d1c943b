"""What extraction finds in the made-up circulars, counted: a change's gains and losses show as a diff of one file.

Counts are by table and rule, of checks held and broken, and of numerals explained; nothing here says what is right,
which is the matter of tests/corpus and `tongbao evaluate`.

    python benchmarks/snapshot.py            write benchmarks/snapshot.txt
    python benchmarks/snapshot.py --check    print what differs from it; ends with 1 where anything does
"""

import argparse
import difflib
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from circulars import originals

from tongbao.extract.facts import Extraction
from tongbao.extract.pipeline import extract

FILE = Path(__file__).with_name("snapshot.txt")


def snapshot(extractions: Iterable[Extraction]) -> str:
    """Return the counts as sorted lines of text."""
    counts: Counter[tuple[str, str]] = Counter()
    for found in extractions:
        counts["circulars", ""] += 1
        counts.update((fact.table, fact.rule) for fact in found.facts)
        counts.update((fact.table, "") for fact in found.facts)
        counts.update(("checks", f"{c.check} {'holds' if c.holds else 'broken'}") for c in found.checks)
        counts["numerals", ""] += len(found.numerals)
        counts["numerals", "not explained"] += sum(not n.explained_by for n in found.numerals)
    return "".join(f"{table:14} {rule:40} {n:6}\n" for (table, rule), n in sorted(counts.items()))


def main() -> int:
    """Write the file, or compare with it."""
    parser = argparse.ArgumentParser(description="counts of what extraction finds")
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    options = parser.parse_args()
    now = snapshot(extract(name, text) for name, text in originals())
    if not options.check:
        FILE.write_text(now, "utf-8")
        return 0
    before = FILE.read_text("utf-8")
    sys.stdout.writelines(difflib.unified_diff(before.splitlines(True), now.splitlines(True), "before", "now", n=0))
    return int(before != now)


if __name__ == "__main__":
    raise SystemExit(main())
