"""Build data/reference/regions.csv from published code lists. Run by hand, never by the pipeline.

What belongs here: turning the packaged copies of GB/T 2260 into one table with periods of validity.
What does not: anything at run time (see `tongbao.extract.places`), functional zones (`zones.csv`).

Inputs, in one folder outside the repository:

* three wheels, fetched by a person with
  `pip download --no-deps GB2260==0.4.1 cpca==0.5.5 jionlp==1.5.31 -d FOLDER`. They are read as archives and
  never imported; none is a dependency of the project. GB2260 (BSD): yearly lists 2008-2014. cpca (MIT): one
  list of about October 2016. jionlp (Apache-2.0): one list of about June 2021;
* optionally `lists/mca-YYYYMM.tsv` (source, revision, code, name), lists of the Ministry of Civil Affairs as kept
  in the repository cn/GB2260, and `lists/nbs-{provinces,cities,areas}.csv`, the list of the National Bureau of
  Statistics of June 2023 as kept in modood/Administrative-divisions-of-China. Here they are
  used for `checked_by` and the report only (the dates of 2015-2017 in region_changes.csv were read from them).

Method: the list of 2008 is the start; every row of data/reference/region_changes.csv ends one code and name and
begins another; the state at each list's date is then compared with that list. Whatever differs is printed.

    python scripts/build_regions.py FOLDER
"""

import ast
import csv
import io
import re
import sys
import zipfile
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

REFERENCE = Path(__file__).resolve().parents[1] / "data" / "reference"
COLUMNS = [
    "code",
    "name",
    "short_name",
    "level",
    "parent_code",
    "province_code",
    "valid_from",
    "valid_to",
    "checked_by",
]
GB2260_DATES = {
    2008: "2008-12",
    2009: "2009-12",
    2010: "2010-12",
    2011: "2011-12",
    2012: "2012-10",
    2013: "2013-08",
    None: "2014-10",
}
CPCA_DATE, JIONLP_DATE, NBS_DATE = "2016-10", "2021-06", "2023-06"
# Rows that are headings of the lists, not places.
HEADING = re.compile(r"^(市|县|直辖|市辖区|[省市]直辖.*|自治区直辖.*|.*市市辖区)$")
# Positions 5-6 that the statistics office uses for zones; 51-56 are real counties in municipalities and zones of
# Hainan, so only 57 and 6x-7x are dropped outside them.
STATISTICAL = re.compile(r"^\d{4}(57|6\d|7\d)$")


@dataclass
class Interval:
    """One code and name with the period in which both were in force."""

    code: str
    name: str
    valid_from: str = ""
    valid_to: str = ""
    checked_by: set[str] = field(default_factory=set)


def wheel(folder: Path, package: str) -> zipfile.ZipFile:
    """Open the wheel of `package` in `folder`."""
    found = sorted(folder.glob(f"{package}-*.whl"))
    if not found:
        sys.exit(f"{folder}: no wheel of {package}; fetch it as the head of this script says")
    return zipfile.ZipFile(found[-1])


def places_only(listing: dict[str, str]) -> dict[str, str]:
    """Drop headings and statistical zones from a list of code to name."""
    return {
        code: name.strip()
        for code, name in listing.items()
        if len(code) == 6
        and not HEADING.match(name.strip())
        and (code[:2] not in ("71", "81", "82") or code.endswith("0000"))
        and not STATISTICAL.match(code)
    }


def read_gb2260(folder: Path) -> dict[str, dict[str, str]]:
    """Return date -> {code: name} of the yearly lists in the wheel of GB2260."""
    source = wheel(folder, "GB2260").read("gb2260/data.py").decode("utf-8")
    data = ast.literal_eval(source.split("=", 1)[1].strip())
    return {
        date: places_only({str(code): name for code, name in data[year].items()}) for year, date in GB2260_DATES.items()
    }


def read_cpca(folder: Path) -> tuple[dict[str, str], list[str]]:
    """Return {code: name} of cpca and the names of the 55 nationalities, longest first."""
    archive = wheel(folder, "cpca")
    rows = csv.DictReader(io.StringIO(archive.read("cpca/resources/adcodes.csv").decode("utf-8")))
    listing = places_only({row["adcode"][:6]: row["name"] for row in rows})
    text = archive.read("cpca/resources/56_nations.csv").decode("utf-8-sig")
    nations = {word for word in re.findall(r"[一-鿿]+", text) if word.endswith("族")}
    stems = nations | {name[:-1] for name in nations if len(name) > 2}
    return listing, sorted(stems, key=lambda name: (-len(name), name))


def read_jionlp(folder: Path) -> dict[str, str]:
    """Return {code: name} of jionlp's list, towns and villages left out."""
    inner = wheel(folder, "jionlp").read("jionlp/dictionary/china_location.zip")
    text = zipfile.ZipFile(io.BytesIO(inner)).read("china_location.txt").decode("utf-8")
    listing: dict[str, str] = {}
    for line in text.splitlines():
        cells = line.lstrip("\t").split("\t")
        if len(line) - len(line.lstrip("\t")) <= 2 and len(cells) > 1:
            listing.setdefault(cells[1], cells[0])
    return places_only(listing)


def read_lists(folder: Path) -> dict[str, dict[str, str]]:
    """Return source and date -> {code: name} of the optional lists."""
    lists: dict[str, dict[str, str]] = {}
    for path in sorted((folder / "lists").glob("mca-*.tsv")):
        stamp = path.stem[4:]
        rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
        lists[f"mca {stamp[:4]}-{stamp[4:]}"] = places_only({row[2].strip(): row[3] for row in rows})
    merged: dict[str, str] = {}
    for path in sorted((folder / "lists").glob("nbs-*.csv")):
        with path.open(encoding="utf-8", newline="") as handle:
            merged |= {row["code"].ljust(6, "0"): row["name"] for row in csv.DictReader(handle)}
    if merged:
        lists[f"nbs {NBS_DATE}"] = places_only(merged)
    return lists


def apply_changes(start: dict[str, str], changes: list[dict[str, str]]) -> list[Interval]:
    """Run the dated changes over the first list; both names hold in the month (or year) of the change."""
    live = {(code, name): Interval(code, name) for code, name in start.items()}
    done: list[Interval] = []
    for number, change in enumerate(changes, start=2):
        old, new = (change["old_code"], change["old_name"]), (change["new_code"], change["new_name"])
        if old[0] and old in live:
            ended = live.pop(old)
            ended.valid_to = change["date"]
            done.append(ended)
        elif old[0] and not any((i.code, i.name) == old and i.valid_to == change["date"] for i in done):
            sys.exit(f"region_changes.csv, line {number}: {old} is not in force on {change['date']}")
        if new[0] and new not in live:
            live[new] = Interval(*new, valid_from=change["date"])
    return sorted([*done, *live.values()], key=lambda i: (i.code, i.valid_from, i.name))


def holds_on(interval: Interval, date: str) -> bool:
    """Tell whether the interval may hold in the month `date` (a bare year leaves all its months open)."""
    after = not interval.valid_from or date >= interval.valid_from or date[:4] == interval.valid_from
    before = not interval.valid_to or date <= interval.valid_to or date[:4] == interval.valid_to
    return after and before


def short_name(name: str, level: str, nations: list[str], provinces: frozenset[str] = frozenset()) -> str:
    """Return the name without its level word and nationality words; names of one character keep theirs."""
    stem = re.sub(r"(特别行政区|自治[区州县旗]|地区|特区|林区|[省市县区盟])$", "", name)
    if re.search(r"自治[区州县旗]$", name):
        stripped = True
        while stripped:
            stripped = False
            for nation in [*nations, "各族"]:
                if stem.endswith(nation) and len(stem) - len(nation) >= 2:
                    stem, stripped = stem[: -len(nation)], True
                    break
        if stem.endswith("族") and len(stem) > 2:
            stem = stem[:-1]  # 东乡族自治县 is 东乡
    if level != "province" and stem in provinces and name.endswith(("自治州", "自治县")):
        return stem + name[-1]  # 海南州, 河南县: the bare stem means the province
    return stem if len(stem) >= 2 else name


def level_of(code: str) -> str:
    """Return the level that the code's zeros and direct-administration digits tell."""
    if code.endswith("0000"):
        return "province"
    return "prefecture" if code.endswith("00") else "county"


def parent_of(code: str, known: set[str]) -> str:
    """Return the code above: the prefecture where there is one, else the province."""
    if code.endswith("0000"):
        return ""
    above = code[:4] + "00"
    return above if above != code and above in known else code[:2] + "0000"


def compare(intervals: list[Interval], lists: dict[str, dict[str, str]]) -> list[str]:
    """Mark who agrees with what and return what differs, a line each."""
    report = []
    by_key = defaultdict(list)
    for interval in intervals:
        by_key[interval.code, interval.name].append(interval)
    for label, listing in sorted(lists.items()):
        source, date = label.split()
        names = {(code[:4], name) for code, name in listing.items()}
        for interval in intervals:
            if not holds_on(interval, date):
                continue
            if listing.get(interval.code) == interval.name:
                interval.checked_by.add(source)
            elif source == "jionlp" and (interval.code[:4], interval.name) in names:
                interval.checked_by.add("jionlp (name)")
            elif not any(date[:4] in (d[:4], d) for d in (interval.valid_from, interval.valid_to)):
                report.append(f"{label}: lacks {interval.code} {interval.name}")
        for code, name in sorted(listing.items()):
            if not any(holds_on(i, date) for i in by_key[code, name]):
                report.append(f"{label}: has {code} {name}")
    return report


def main(folder: Path) -> None:
    """Build regions.csv and print where the lists disagree with it."""
    yearly = read_gb2260(folder)
    cpca, nations = read_cpca(folder)
    with (REFERENCE / "region_changes.csv").open(encoding="utf-8", newline="") as handle:
        changes = list(csv.DictReader(handle))
    corrections = {c["old_code"]: c["old_name"] for c in changes if c["date"] == "" and not c["new_code"]}
    start = {code: name for code, name in yearly["2008-12"].items() if corrections.get(code) != name}
    start |= {c["new_code"]: c["new_name"] for c in changes if c["date"] == "" and c["new_code"]}
    intervals = apply_changes(start, [c for c in changes if c["date"]])
    lists = {f"gb2260 {date}": listing for date, listing in yearly.items()}
    lists |= {f"cpca {CPCA_DATE}": cpca, f"jionlp {JIONLP_DATE}": read_jionlp(folder)} | read_lists(folder)
    report = compare(intervals, lists)
    known = {interval.code for interval in intervals}
    provinces = frozenset(short_name(i.name, "province", nations) for i in intervals if level_of(i.code) == "province")
    with (REFERENCE / "regions.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(COLUMNS)
        for i in intervals:
            level = level_of(i.code)
            writer.writerow(
                [
                    i.code,
                    i.name,
                    short_name(i.name, level, nations, provinces),
                    level,
                    parent_of(i.code, known),
                    i.code[:2] + "0000",
                    i.valid_from,
                    i.valid_to,
                    "; ".join(sorted(i.checked_by)) or "changes only",
                ]
            )
    print("\n".join(report))
    print(f"{len(intervals)} rows, {len(report)} disagreements", file=sys.stderr)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python scripts/build_regions.py FOLDER  (what to put there: see the head of this script)")
    main(Path(sys.argv[1]))
