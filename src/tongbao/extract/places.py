"""From the name of a place to its code on a date: `Gazetteer.resolve`, `find_in`, `issuer_place`.

What belongs here: looking names up in regions.csv, zones.csv and doc_number_heads.csv, and saying honestly when a
name fits several places or none. What does not: offices (`offices.py`), words such as 我省 or 全市 that only a
document can resolve, and any choice between candidates.

A name is never guessed: where several places fit, the answer is `ambiguous` and lists them. Two traps that the
published gazetteer packages fell into are avoided by construction: a table row literally named 县 or 市辖区 (it is no
name here), and a place name inside a longer word (重庆路, 海南藏族自治州: longest name first, and
place_stops.csv lists what may not follow or precede one).
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cache, cached_property, lru_cache
from operator import add
from pathlib import Path

from tongbao.extract.lexicon import load
from tongbao.extract.place_rows import head_rows, highest, ordered, span, variants
from tongbao.extract.place_types import (
    LEVELS,
    Place,
    Resolution,
    lies_in,
    month_of,
    months_outside,
    prefecture_of,
    province_of,
)

__all__ = ["LEVELS", "Gazetteer", "Place", "Resolution", "gazetteer", "lies_in", "prefecture_of", "province_of"]

GRACE_MONTHS = 12
"""A name out of force for at most this long is still taken for its place (`in_force` is False then): circulars go on
using the old name for a while, and use the new one between its approval and the list that first shows it."""


_REMEMBERED = 50_000  # names and passages


class Gazetteer:
    """All places by name. Build one with `Gazetteer.load()`, which keeps it; building takes some tens of ms."""

    def __init__(
        self,
        regions: Iterable[dict[str, str]],
        zones: Iterable[dict[str, str]],
        changes: Iterable[dict[str, str]] = (),
        folder: Path | None = None,
    ) -> None:
        self._folder = folder
        # The same names come again in every circular: what each was found to mean is remembered, within bounds.
        self._resolved = lru_cache(maxsize=_REMEMBERED)(self._resolve)
        self._found_in = lru_cache(maxsize=_REMEMBERED)(self._find_in)
        self._next: dict[tuple[str, str], tuple[str, str]] = {}
        for row in changes:
            # Only one-to-one changes carry the identity of a place; a merger does not.
            if row["relation"] in ("replace", "rename", "recode") and row["old_code"] and row["new_code"]:
                self._next[row["old_code"], row["old_name"]] = (row["new_code"], row["new_name"])
        self._previous = {new: old for old, new in self._next.items()}
        self._official: dict[str, list[Place]] = defaultdict(list)
        self._short: dict[str, list[Place]] = defaultdict(list)
        self._local: dict[str, list[Place]] = defaultdict(list)
        self._by_code: dict[str, list[Place]] = defaultdict(list)
        for row in regions:
            place = Place(row["code"], row["name"], row["short_name"], row["level"], row["parent_code"], *span(row))
            self._official[place.name].append(place)
            self._by_code[place.code].append(place)
            for form in variants(row):
                self._short[form].append(place)
        for row in zones:
            place = Place("", row["zone"], "", "zone", row["region_code"], *span(row))
            self._official[place.name].append(place)
            for column, index in (("aliases", self._short), ("local_aliases", self._local)):
                for form in filter(None, row[column].split("; ")):
                    index[form].append(place)

    @staticmethod
    @cache
    def load(folder: Path | None = None) -> "Gazetteer":
        """Return the gazetteer of the project's data/reference/ (or of `folder`), built once."""
        region_columns = ("code", "name", "short_name", "level", "parent_code", "valid_from", "valid_to")
        regions = load("regions", required=region_columns, folder=folder)
        zones = load("zones", required=("zone", "region_code", "aliases", "local_aliases"), folder=folder)
        changes = load("region_changes", required=("old_code", "new_code", "relation"), folder=folder)
        return Gazetteer(regions, zones, changes, folder)

    def named(self, code: str, on: date | str = "") -> Place | None:
        """Return the place that has `code` on the date (the latest one that had it, if none has)."""
        month = month_of(on)
        places = self._by_code.get(code, [])
        return min(places, key=lambda p: (months_outside(p, month), p.valid_to != ""), default=None)

    def resolve(self, name: str, on: date | str, within: str | None = None, level: str = "") -> Resolution:
        """Say which place `name` means on a date.

        Args:
            name: an official or short name (苏州市, 苏州, 临夏州, 大亚湾区), without 人民政府.
            on: date of issue (`date`, `YYYY-MM-DD`, `YYYY-MM` or `YYYY`); empty if not known.
            within: code of the issuer's territory, looked at first. A county's or zone's short form counts only
                inside it when it is given; official names, provinces and prefectures are found everywhere.
            level: the level asked for (province, prefecture, county, zone), when the text tells it: a list of
                cities cannot mean the province 吉林.

        Returns:
            A `Resolution`; short forms prefer the higher of prefecture and county (承德 is 承德市, not 承德县), but
            province and prefecture of one name stay ambiguous (吉林).
        """
        return self._resolved("".join(name.split()), month_of(on), within, level)

    def _resolve(self, name: str, month: str, within: str | None, level: str) -> Resolution:
        official = [p for p in self._official.get(name, []) if not level or p.level == level]
        short = [p for p in self._short.get(name, []) if not level or p.level == level]
        if within:
            short += [p for p in self._local.get(name, []) if not level or p.level == level]
        for status, places in (("exact", official), ("short", short)):
            found = self._choose(places, month, within, status)
            if found is not None:
                return found
        return Resolution(candidates=ordered([*official, *short]))

    def _choose(self, places: list[Place], month: str, within: str | None, status: str) -> Resolution | None:
        if within:
            inside = [p for p in places if lies_in(p.anchor, within)]
            outside = [p for p in places if status == "exact" or p.level in ("province", "prefecture")]
            pools = [inside, outside]
        else:
            pools = [places]
        for pool in pools:
            for limit in (0, GRACE_MONTHS):
                fitting = [p for p in pool if months_outside(p, month) <= limit]
                if status == "short":
                    fitting = highest(fitting)
                if len(fitting) == 1:
                    p = self._in_force(fitting[0], month)
                    return Resolution(p.code, p.name, p.level, status, (p,), p.parent_code, limit == 0)
                if fitting:
                    return Resolution(status="ambiguous", candidates=ordered(fitting))
        return None

    def _in_force(self, place: Place, month: str) -> Place:
        """Follow one-to-one changes from a name out of force to the same place's name on the date, if it has one."""
        for steps in (self._next, self._previous):
            key, seen = (place.code, place.name), set()
            while key not in seen:
                seen.add(key)
                for p in self._by_code.get(key[0], []):
                    if p.name == key[1] and months_outside(p, month) == 0:
                        return p
                key = steps.get(key, key)
        return place

    @cached_property
    def _heads(self) -> dict[str, tuple[str, ...]]:
        """First two characters -> the names that begin so, longest first."""
        by_head: dict[str, set[str]] = defaultdict(set)
        for index in (self._official, self._short, self._local):
            for name in index:
                by_head[name[:2]].add(name)
        return {head: tuple(sorted(names, key=lambda n: (-len(n), n))) for head, names in by_head.items()}

    @cached_property
    def _stops(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        rows = load("place_stops", required=("form", "side"), folder=self._folder)
        sides = []
        for side in ("after", "before"):
            forms = sorted((r["form"] for r in rows if r["side"] == side), key=lambda f: (-len(f), f))
            body = "|".join(map(re.escape, forms)) or r"(?!)"
            sides.append(re.compile(f"(?:{body})" if side == "after" else f"(?:{body})$"))
        return sides[0], sides[1]

    def knows(self, name: str) -> bool:
        """Whether `name`, spaces aside, is a name of any place at any time."""
        bare = "".join(name.split())
        return bare in self._official or bare in self._short or bare in self._local

    def occurs_in(self, text: str) -> bool:
        """Whether the name of any place of any time stands in `text`."""
        heads = self._heads
        if heads.keys().isdisjoint(map(add, text, text[1:])):
            return False
        return any(text.startswith(name, i) for i in range(len(text) - 1) for name in heads.get(text[i : i + 2], ()))

    def lengths_at_start(self, text: str) -> list[int]:
        """Return the lengths of all names of places, of any time, that `text` begins with, longest first."""
        return [len(name) for name in self._heads.get(text[:2], ()) if text.startswith(name)]

    def find_in(self, text: str, on: date | str, within: str | None = None) -> list[tuple[int, int, Resolution]]:
        """Find the names of places in a short text such as a title or an issuer, longest first, left to right.

        Official names count everywhere; short forms of provinces and prefectures too; short forms of counties and
        zones only inside `within`. A name that follows another at once is looked up inside it first
        (徐州市鼓楼区). Offsets are half-open code-point offsets into `text`.
        """
        return list(self._found_in(text, month_of(on), within))

    def _find_in(self, text: str, on: str, within: str | None) -> tuple[tuple[int, int, Resolution], ...]:
        after, before = self._stops
        found: list[tuple[int, int, Resolution]] = []
        position = 0
        while position < len(text) - 1:
            hit = None
            for name in self._heads.get(text[position : position + 2], ()):
                if not text.startswith(name, position):
                    continue
                end = position + len(name)
                bare = name not in self._official
                if bare and (after.match(text, end) or before.search(text[max(0, position - 4) : position])):
                    continue
                hit = self._read_name(name, on, within, found[-1] if found and found[-1][1] == position else None)
                if hit is not None:
                    found.append((position, end, hit))
                    position = end
                    break
            if hit is None:
                position += 1
        return tuple(found)

    def _read_name(
        self, name: str, on: date | str, within: str | None, above: tuple[int, int, Resolution] | None
    ) -> Resolution | None:
        """Resolve a name met in running text; None where its form proves nothing there."""
        anchor = (above[2].code or above[2].parent_code) if above else ""
        territory = anchor or within
        found = self.resolve(name, on, territory or None)
        if found.status == "unknown" and anchor and within:
            found = self.resolve(name, on, within)
        if name in self._official:
            return found if found.status != "unknown" else None
        weak = [p for p in found.candidates if p.level in ("county", "zone")]
        if weak and not (territory and all(lies_in(p.anchor, territory) for p in weak)):
            # A zone's alias names its kind (大亚湾区, 兰州新区), so it proves itself when nothing else fits.
            if all(p.level == "zone" for p in weak) and len(name) >= 4 and found.is_resolved:
                return found
            return None
        return found if found.status != "unknown" else None

    def issuer_place(
        self, issuer: str, doc_number: str = "", on: date | str = "", within: str | None = None
    ) -> Resolution:
        """Say which place an issuing body belongs to.

        Args:
            issuer: its name as printed (延安市人民政府办公室, 省府办公厅); may be empty.
            doc_number: its own document number, read only where the name holds no place.
            on: date of issue.
            within: code of the territory that the copy's host or the text points to, if any.

        Returns:
            The place (for a zone: level `zone`, empty code, `parent_code`); for the State Council and its office
            level `national`; `ambiguous` with candidates where the head of the number is used in several places.
        """
        issuer = re.sub(r"\s", "", issuer)
        if re.match(r"国务院|国办|中华人民共和国", issuer):
            return Resolution(official_name="国务院", level="national", status="exact")
        chain = self.find_in(issuer, on, within)
        if chain and chain[0][0] == 0:
            last = chain[0]
            for hit in chain[1:]:
                if hit[0] != last[1]:
                    break
                last = hit
            return last[2]
        return self.doc_number_place(doc_number, on, within)

    def doc_number_place(self, doc_number: str, on: date | str = "", within: str | None = None) -> Resolution:
        """Say which place the head of a document number names (粤办函 in 粤办函〔2017〕121号)."""
        head = re.match(r"[一-鿿]+", re.sub(r"\s", "", doc_number))
        if head is None:
            return Resolution(basis="doc_number")
        rows = head_rows(head.group(), self._folder)
        if rows and all(row["body"].startswith("state_council") for row in rows):
            return Resolution(official_name="国务院", level="national", status="exact", basis="doc_number")
        places: list[Place] = []
        for row in rows:
            if row["zone"]:
                places += [p for p in self._official.get(row["zone"], []) if p.level == "zone"]
            elif row["place_code"]:
                place = self.named(row["place_code"], on)
                places += [place] if place is not None else []
        unique = list(dict.fromkeys(places))
        if within:
            unique = [p for p in unique if lies_in(p.anchor, within)] or unique
        if len(unique) == 1:
            p = unique[0]
            return Resolution(p.code, p.name, p.level, "exact", (p,), p.parent_code, basis="doc_number")
        status = "ambiguous" if unique else "unknown"
        return Resolution(status=status, candidates=ordered(unique), basis="doc_number")


def gazetteer() -> Gazetteer:
    """Return the project's gazetteer, built once and shared."""
    return Gazetteer.load()
