"""Checks of the parts of a document against each other: body and annex, one list and another, site codes."""

import itertools
import re
from collections.abc import Iterator

from tongbao.extract.context import Context
from tongbao.extract.facts import Check, Fact
from tongbao.extract.site_tables import is_short_for, paired, result_rows, site_rows


def list_checks(context: Context, facts: list[Fact]) -> Iterator[Check]:
    """Yield the checks that lists of one document allow on each other."""
    yield from _categories(facts)
    yield from _problem_units(facts)
    yield from _two_lists(context)
    yield from _codes(context)
    yield from _stated_sites(facts)


def _bearer(fact: Fact) -> str:
    """Body lists name a platform or its owner; annex rows name office and site: compare the platform by its name."""
    return str(fact.values.get("unit", "")) or str(fact.values.get("site", ""))


def _names(facts: list[Fact], sites_shared: set[str]) -> dict[str, Fact]:
    named: dict[str, Fact] = {}
    for fact in facts:
        site = fact.values.get("site", "")
        named.setdefault(site if site in sites_shared else _bearer(fact), fact)
    return named


def _split(facts: list[Fact]) -> tuple[list[Fact], list[Fact], set[str]]:
    """Return the named findings of body lists, of annex tables, and the sites that the body names itself."""
    body = [f for f in facts if f.table == "findings" and f.rule == "problem_list" and f.values["part"] == "body"]
    annex = [f for f in facts if f.table == "findings" and f.rule == "problem_table" and f.values["part"] == "annex"]
    shared = {str(f.values["site"]) for f in body if f.values.get("site")}
    return body, annex, shared


def _categories(facts: list[Fact]) -> Iterator[Check]:
    """A problem's units in the body and in the annex are the same; the note names those that differ."""
    body, annex, shared = _split(facts)
    if not body or not annex:
        return
    for category in sorted({f.values["category"] for f in body} | {f.values["category"] for f in annex}):
        here = _names([f for f in body if f.values["category"] == category], shared)
        there = _names([f for f in annex if f.values["category"] == category], shared)
        if not here:
            continue
        only_body, only_annex = [n for n in here if n not in there], [n for n in there if n not in here]
        notes = [category]
        if only_body:
            notes.append("only in the body: " + "、".join(only_body))
        if only_annex:
            notes.append("only in the annex: " + "、".join(only_annex))
        uses = tuple((f.start, f.end) for n, f in (*here.items(), *there.items()) if n in (*only_body, *only_annex))
        yield Check(
            "same_units_in_category",
            "、".join(here),
            "、".join(there),
            not (only_body or only_annex),
            "; ".join(notes),
            uses,
        )


def _problem_units(facts: list[Fact]) -> Iterator[Check]:
    """The units with any problem are the same in body lists and annex."""
    body, annex, shared = _split(facts)
    if body and annex:
        here, there = _names(body, shared), _names(annex, shared)
        differing = sorted(set(here) ^ set(there))
        yield Check(
            "same_units_in_body_and_annex",
            str(len(here)),
            str(len(there)),
            not differing,
            "、".join(differing) if differing else "units with a problem",
        )


def _two_lists(context: Context) -> Iterator[Check]:
    """A list of sites and a list of results of the same inspection name the same units in the same order."""
    sites, results = site_rows(context), result_rows(context)
    if not sites:
        return
    for table in sorted({r.table for r in results} - {s.table for s in sites}):
        rows = [r for r in results if r.table == table]
        if len(rows) != len(sites):
            yield Check("lists_name_same_units", str(len(sites)), str(len(rows)), False, "the lists differ in length")
            continue
        fitting = sum(
            is_short_for(r.unit, context.document.slice(s.name)) or r.site == context.document.slice(s.name)
            for s, r in zip(sites, rows, strict=True)
        )
        yield Check(
            "lists_name_same_units",
            str(len(sites)),
            str(fitting),
            bool(paired(context)),
            "same order, long and short names" if fitting == len(sites) else "names differ",
        )


def _codes(context: Context) -> Iterator[Check]:
    """Site codes are unique, and a run of them has no gap."""
    rows = [s for s in site_rows(context) if s.code]
    codes = [context.document.slice(s.code) for s in rows if s.code]
    if len(codes) < 2:
        return
    again = sorted({c for c in codes if codes.count(c) > 1})
    yield Check("site_codes_unique", f"{len(codes)} codes", f"{len(set(codes))} different", not again, "、".join(again))
    runs: dict[str, list[int]] = {}
    for code in codes:
        m = re.fullmatch(r"(N|bm)(\d+)", code)
        if m:
            runs.setdefault(m[1], []).append(int(m[2]))
    for prefix, numbers in sorted(runs.items()):
        if len(numbers) < 3:
            continue
        gaps = [(a, b) for a, b in itertools.pairwise(numbers) if b != a + 1]
        if len(gaps) > max(1, len(numbers) // 5):
            continue  # no run at all
        note = "; ".join(f"{prefix}{a:09d} is followed by {prefix}{b:09d}" for a, b in gaps)
        yield Check(
            "site_codes_consecutive", f"{len(numbers)} codes without a gap", f"{len(gaps)} gaps", not gaps, note
        )


def _stated_sites(facts: list[Fact]) -> Iterator[Check]:
    """As many sites are listed as the text says it checked."""
    listed = [f for f in facts if f.table == "sites"]
    stated = {
        f.values["n_checked"]
        for f in facts
        if f.table == "pass_rates" and f.values.get("n_checked") and f.values.get("design") == "census"
    }
    if listed and len(stated) == 1:
        n = stated.pop()
        yield Check("sites_listed_as_stated", str(n), str(len(listed)), n == len(listed), "")
    sizes: dict[str, tuple[int, int]] = {}
    for f in facts:
        if f.table == "grade_totals" and "group_n" in f.values and f.rule == "grade_table":
            old = sizes.get(f.values["group"], (f.values["group_n"], 0))
            sizes[f.values["group"]] = (old[0], old[1] + f.values["n_listed"])
    for group, (n, found) in sorted(sizes.items()):
        yield Check("list_length", str(n), str(found), n == found, f"rated in a table: {group}")
