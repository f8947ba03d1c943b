"""The made-up cases for each line of the phrasebook, and what the extraction makes of them.

`python tests/phrases_exam.py` prints how many hold a section; with `--index` it also writes index.csv anew; with a key
or the id of a case as argument it shows what was found.
"""

import csv
import hashlib
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tongbao.extract.pipeline import extract
from tongbao.read.folder import RawDocument
from tongbao.restore.pipeline import Restored, restore

FOLDER = Path(__file__).parent / "extract" / "phrases"
FRAMES = Path(__file__).parent / "extract" / "cases" / "frames.yml"
ALWAYS = ("pass_rates", "ratings", "score_counts", "deductions")
FIELDS = {"key", "frame", "text", "raw", "annex", "each", "open", "has", "circular", "restored", "absent", "broken"}
FIELDS |= {"copy_kind", "known_failure", *ALWAYS}


@dataclass(frozen=True, slots=True)
class Case:
    """One made-up sentence or page in its frame; `id` is the line's key, the case's number and its variant."""

    id: str
    key: str
    value: Mapping[str, Any]
    text: str
    is_raw: bool
    known_failure: str


@cache
def frames() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = yaml.safe_load(FRAMES.read_text("utf-8"))
    return found


def read_csv(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def load() -> list[Case]:
    found: list[Case] = []
    for path in sorted(FOLDER.glob("*.yml")):
        n: Counter[str] = Counter()
        for value in yaml.safe_load(path.read_text("utf-8")):
            unknown = set(value) - FIELDS
            assert not unknown, f"{path.name}: {unknown}"
            n[value["key"]] += 1
            found += _variants(value, f"{value['key']}-{n[value['key']]}")
    return found


def _variants(value: Mapping[str, Any], name: str) -> Iterator[Case]:
    """A list of texts, or a text with a list of groups, makes one case for each; `known_failure` may name some."""
    is_raw = "raw" in value
    bodies = value["raw"] if is_raw else value["text"]
    groups = value.get("each", [""])
    bodies = bodies if isinstance(bodies, list) else [bodies]
    reasons = value.get("known_failure", {})
    for number, (body, group) in enumerate(((b, g) for b in bodies for g in groups), 1):
        several = len(bodies) * len(groups) > 1
        frame = frames()[value.get("frame", "province")]
        filled = body.strip("\n").replace("{group}", group)
        text = _raw_page(filled, frame) if is_raw else f"{frame['head']}{filled}\n{frame['tail']}"
        text = text.strip("\n") + "\n" + value.get("annex", "")
        reason = reasons.get(number, "") if isinstance(reasons, dict) else reasons
        yield Case(f"{name}.{number}" if several else name, value["key"], _fill(value, group), text, is_raw, reason)


def _raw_page(body: str, frame: Mapping[str, str]) -> str:
    return body.replace("{head}", frame["head"].strip("\n")).replace("{tail}", frame["tail"].strip("\n"))


def _fill(value: Any, group: str) -> Any:
    if isinstance(value, dict):
        return {k: _fill(v, group) for k, v in value.items()}
    if isinstance(value, list):
        return [_fill(v, group) for v in value]
    return value.replace("{group}", group) if isinstance(value, str) else value


def restored(text: str) -> Restored:
    data = text.encode("utf-8")
    return restore(RawDocument("case", "case.txt", hashlib.sha256(data).hexdigest(), text, "utf-8", len(data)))


def agrees(found: Any, wanted: Any) -> bool:
    """A cell against what is expected: a value, null for an empty cell, or one of not, in, starts, ends."""
    empty = found in (None, "", False)
    if isinstance(wanted, dict):
        ((how, what),) = wanted.items()
        if how == "in":
            return any(agrees(found, w) for w in what)
        tests = {"not": str(found) != str(what), "starts": str(found).startswith(str(what))}
        return tests[how] if how in tests else str(found).endswith(str(what))
    if wanted is None or found is None:
        return wanted is None and empty
    if isinstance(wanted, (int, float)) and isinstance(found, (int, float)):
        return abs(found - wanted) < 1e-6
    return str(found) == str(wanted)


def _missing(found: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> tuple[list[Any], list[Any]]:
    """What is expected but not there, and what is there beyond it."""
    left, missing = list(found), []
    for row in wanted:
        for candidate in left:
            if all(agrees(candidate.get(c), v) for c, v in row.items()):
                left.remove(candidate)
                break
        else:
            missing.append(row)
    return missing, left


def faults(case: Case) -> list[str]:
    """All that is wrong with what was found for a case; the four tables always count, unless it leaves them open."""
    value, text, wrong = case.value, case.text, []
    if case.is_raw:
        result = restored(text)
        text = result.text
        wrong += [f"not restored: {x}" for x in value.get("restored", []) if x not in text]
        wrong += [f"still there: {x}" for x in value.get("absent", []) if x in text]
        if "copy_kind" in value and result.copy_kind != value["copy_kind"]:
            wrong.append(f"copy_kind {result.copy_kind}")
    found = extract("case", text)
    tables: dict[str, list[dict[str, Any]]] = {}
    for fact in found.facts:
        tables.setdefault(fact.table, []).append({**fact.values, "basis": fact.basis})
    for column, wanted in value.get("circular", {}).items():
        if not agrees(found.circular.get(column), wanted):
            wrong.append(f"circular {column}: {found.circular.get(column)} for {wanted}")
    for table in ALWAYS:
        if table in value.get("open", []):
            continue
        missing, extra = _missing(tables.get(table, []), value.get(table, []))
        wrong += [f"{table} misses {row}" for row in missing] + [f"{table} has {row}" for row in extra]
    for table, rows in value.get("has", {}).items():
        wrong += [f"{table} misses {row}" for row in _missing(tables.get(table, []), rows)[0]]
    broken = {c.check for c in found.checks if not c.holds}
    return wrong + [f"check holds or is absent: {c}" for c in value.get("broken", []) if c not in broken]


def index(cases: list[Case]) -> list[tuple[str, str, int, int]]:
    """Each key of keys.csv with its cases, how many hold and how many are known failures."""
    rows = []
    for row in read_csv("keys.csv"):
        own = [c for c in cases if c.key == row["key"]]
        known = sum(bool(c.known_failure) for c in own)
        rows.append((row["key"], " ".join(c.id for c in own), len(own) - known, known))
    return rows


def write_index(cases: list[Case]) -> None:
    lines = [",".join(map(str, row)) + "\n" for row in index(cases)]
    (FOLDER / "index.csv").write_text("key,cases,n_hold,n_known_failures\n" + "".join(lines), "utf-8")


def main(arguments: list[str]) -> None:
    cases = load()
    wanted = [a for a in arguments if not a.startswith("-")]
    held: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for case in cases:
        if wanted and not any(case.id == w or case.key == w or case.key.startswith(w + ".") for w in wanted):
            continue
        wrong = faults(case)
        section = case.key.split(".")[0]
        total[section] += 1
        held[section] += not wrong
        if bool(wrong) != bool(case.known_failure) or (wanted and wrong):
            print(f"{case.id}: {case.value.get('raw', case.text.split(chr(10))[2:3])}")
            print("".join(f"    {w}\n" for w in wrong) or "    holds\n", end="")
    for section in total:
        print(f"{section}: {held[section]} of {total[section]}")
    print(f"all: {sum(held.values())} of {sum(total.values())}")
    if "--index" in arguments:
        write_index(cases)


if __name__ == "__main__":
    main(sys.argv[1:])
