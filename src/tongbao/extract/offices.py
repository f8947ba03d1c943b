"""From the name of an office to the key that joins the same office over provinces and years.

What belongs here: taking an office's name apart (level mark or place, function, ending) and looking its function up
in agencies.csv. What does not: governments and places (`places.py`), who owns a website, and any guess: a name
whose function is not in the table has no agency.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tongbao.extract.lexicon import load
from tongbao.extract.places import gazetteer

_BRACKETS = str.maketrans("（）〔〕", "()()")
# A place that the gazetteer lacks still shows its level: 某某新区教育局. What remains must be a known office anyway.
_UNKNOWN_PLACE = re.compile(r"^[一-鿿]{2,8}?(?:[省市县区州旗盟镇乡])")
_BRANCH = re.compile(r"^(?P<parent>[^()]{2,20}?(?P<kind>局|中心))(?P<place>[^()]{2,20})分(?P=kind)$")


@dataclass(frozen=True, slots=True)
class Agency:
    """The office that a name was found to mean.

    Attributes:
        key: the function that joins it with its like (司法, 市场监管): for a renamed, merged or absorbed office that
            of the office which goes on with its work.
        office: the office's own function (工商行政管理 for 工商局), the same as `key` where nothing changed.
        relation: how `office` became `key`: same, rename, merge, absorb, split. Identity, and so a series, may be
            carried through `same` and `rename` only.
        alias: the row of agencies.csv that matched.
        basis: `exact` (the whole name without its mark of place or level is in the table) or `stripped` (its
            function is, after the ending 厅, 局, 委, 办 was taken off).
    """

    key: str
    office: str
    relation: str
    alias: str
    basis: str


@cache
def _tables() -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]]:
    required = ("alias", "form", "agency", "relation", "office")
    full: dict[str, dict[str, str]] = {}
    core: dict[str, dict[str, str]] = {}
    for row in load("agencies", required=required):
        (full if row["form"] == "full" else core)[row["alias"]] = row
    return full, core


@cache
def _affixes(side: str) -> tuple[str, ...]:
    rows = load("office_affixes", required=("side", "affix"))
    return tuple(sorted((r["affix"] for r in rows if r["side"] == side), key=lambda a: (-len(a), a)))


def agency_of(unit_name: str) -> Agency | None:
    """Return the agency that an office's name means, or None for anything unknown (places, streets, companies).

    Accepts names with or without a mark of level or place (省住房城乡建设厅, 大亚湾海洋与渔业局, 规划局), branches
    (惠州市国土资源局大亚湾经济技术开发区分局), a site in brackets after its owner, and an owner's site
    (“江苏省供销合作总社”网). 社管局 is 社会事务管理 and 社保局 社会保险, never each other or 人社.
    """
    name = re.sub(r"[\s“”\"「」『』]", "", unit_name.translate(_BRACKETS))
    for form in _forms(name):
        for bare in _without_marks(form):
            found = _look_up(bare)
            if found is not None:
                return found
    return None


def _forms(name: str) -> Iterator[str]:
    """Yield the name, then its owner's part: without a remark in brackets, without 网, the parent of a branch."""
    yield name
    owner = re.sub(r"\([^()]*\)$", "", name)
    if owner != name:
        yield owner
    for ending in _affixes("site"):
        if owner.endswith(ending) and len(owner) > len(ending) + 2:
            yield owner.removesuffix(ending)
    branch = _BRANCH.match(owner)
    if branch and len(branch["place"]) in gazetteer().lengths_at_start(branch["place"]):
        yield branch["parent"]


def _without_marks(name: str) -> Iterator[str]:
    """Yield the name and what is left of it after each run of places and marks of level at its start."""
    seen, queue = {name}, [name]
    while queue:
        current = queue.pop(0)
        yield current
        shorter = [current.removeprefix(mark) for mark in _affixes("prefix") if current.startswith(mark)]
        shorter += [current[n:] for n in gazetteer().lengths_at_start(current)]
        marked = _UNKNOWN_PLACE.match(current)
        shorter += [current[marked.end() :]] if marked else []
        for rest in shorter:
            if len(rest) >= 2 and rest not in seen:
                seen.add(rest)
                queue.append(rest)


def _look_up(name: str) -> Agency | None:
    full, core = _tables()
    bare = re.sub("[和与]", "", name)
    row, basis = full.get(bare), "exact"
    if row is None:
        stems = (bare.removesuffix(ending) for ending in _affixes("suffix") if bare.endswith(ending))
        known = [stem for stem in stems if stem in core]
        if not known:
            return None
        row, basis = core[max(known, key=len)], "stripped"
    return Agency(row["agency"], row["office"], row["relation"], row["alias"], basis)
