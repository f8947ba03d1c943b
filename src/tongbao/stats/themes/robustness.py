"""What becomes of each headline figure under the other readings: the small table that every theme carries.

Belongs here: asking an analysis again under changed tables or parameters; the readings that every theme must
answer. Does not belong here: the headlines and own readings of a theme (`robust_*.py`), any statistic.

A reading is asked by making the figures anew, never by argument; where it cannot be asked, the table says so and why.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from tongbao.stats.result import Analysis
from tongbao.stats.sources import SOURCES, token
from tongbao.stats.themes.corpus import Parameters, Row, Tables

ROBUSTNESS = ["headline", "source", "reading", "n_figures", "result", "gate", SOURCES]

_TABLES = {
    "census": "pass_rates",
    "change": "pass_rates",
    "cities": "pass_rates",
    "found": "findings",
    "group": "grade_totals",
    "groups": "grade_totals",
    "interval": "pass_rates",
    "list": "ratings",
    "range": "deductions",
    "thresholds": "score_counts",
}
"""The tidy table that each kind of headline rests on: the first part of its key; the second is the circular."""

AS_GIVEN = "as given"
CUT = "printed rates cut instead of rounded"
ANY_ROUNDING = "printed rates rounded or cut, whichever"
WITH_CODED = "with coded points"
WITHOUT_CODED = "without coded points"
NO_SPUN = "without spun or translated copies"
CLEAN_ONLY = "clean copies only"
NO_SELF_CHECKS = "without what provinces found of themselves"
COMMON = (CUT, ANY_ROUNDING, WITH_CODED, WITHOUT_CODED, NO_SPUN, CLEAN_ONLY, NO_SELF_CHECKS)
"""Readings that every headline must answer, if only with the reason why they do not apply."""

CHANGED_COPIES = ("spun", "translated")
"""Kinds of copy whose words were changed on purpose."""
DOES_NOT_APPLY = "does not apply"
_NO_FIGURE = "no figure"


@dataclass(frozen=True, slots=True)
class Headline:
    """One headline figure: its name for readers, its words, the proof that its numbers may be printed."""

    name: str
    text: str
    gate: str | None = None
    n_figures: int = 1


Headlines = Mapping[tuple[str, ...], Headline]
"""Headlines by a key that stays the same under every reading."""

Made = Callable[[Tables, Parameters], Headlines]
Make = Callable[[Tables, Parameters], Analysis]


def said(make: Make, words: Callable[[Analysis], Headlines]) -> Made:
    """Return what makes the headlines of an analysis from the tables.

    Args:
        make: makes the analysis.
        words: its headlines.
    """
    return lambda tables, parameters: words(make(tables, parameters))


@dataclass(frozen=True)
class Reading:
    """One other reading of the same tables.

    Attributes:
        name: for readers.
        tables: what it changes in the tables.
        parameters: what it changes in the parameters.
        gone: why a headline may be missing under it.
        not_applicable: why it cannot be asked at all; then nothing is made.
        made: makes other words for the same headlines (another cut of the same grades).
        only: first parts of the keys that it is about; empty is all.
    """

    name: str
    tables: Callable[[Tables], Tables] = dict
    parameters: Mapping[str, object] = field(default_factory=dict)
    gone: str = ""
    not_applicable: str = ""
    made: Made | None = None
    only: tuple[str, ...] = ()


def asked(parameters: Parameters) -> bool:
    """Tell whether the other readings are wanted: yes, unless the parameter `robustness` says no."""
    return bool(parameters.get("robustness", True))


def common_readings(
    parameters: Parameters, *, rounding: str, coded: str, self_checks: Callable[[Tables], Tables]
) -> list[Reading]:
    """Return the readings that every headline answers.

    Args:
        parameters: `include_copies`.
        rounding: why the rounding of rates does not apply; empty where it does.
        coded: why coded points do not apply.
        self_checks: leaves out what a place found of its own sites.
    """
    unchanged = [kind for kind in parameters["include_copies"] if kind not in CHANGED_COPIES]
    contradicts = "the printed figures contradict each other under that rule"
    return [
        Reading(CUT, parameters={"rounding": "truncate"}, gone=contradicts, not_applicable=rounding),
        Reading(ANY_ROUNDING, parameters={"rounding": "any"}, gone=contradicts, not_applicable=rounding),
        Reading(WITH_CODED, not_applicable=coded),
        Reading(WITHOUT_CODED, parameters={"include_coded": False}),
        Reading(NO_SPUN, parameters={"include_copies": unchanged}, gone="only a changed copy is here"),
        Reading(CLEAN_ONLY, parameters={"include_copies": ["clean"]}, gone="no clean copy of the circular is here"),
        Reading(
            NO_SELF_CHECKS,
            tables=self_checks,
            gone="the office that printed it looked at the sites of its own place",
        ),
    ]


def robustness(made: Made, tables: Tables, parameters: Parameters, readings: Sequence[Reading]) -> list[Row]:
    """Return every headline under every reading, as rows of the table `robustness`.

    Args:
        made: makes the headlines.
        tables, parameters: of the analysis.
        readings: common ones and the theme's own.
    """
    given = made(tables, parameters)
    out: list[Row] = []
    asked: list[tuple[Reading, Headlines]] = []
    for reading in readings:
        changed = reading.tables is not dict or reading.made or {**parameters, **reading.parameters} != dict(parameters)
        if reading.not_applicable:
            asked.append((reading, {}))
        else:
            asked.append((reading, _again(reading, made, tables, parameters) if changed else given))
    for key, headline in given.items():
        source = token(key[1], _TABLES[key[0]]) if len(key) > 1 else ""
        out.append(_row(headline, source, AS_GIVEN, headline.text, headline.n_figures, headline.gate))
        for reading, found in asked:
            if reading.only and key[0] not in reading.only:
                continue
            if reading.not_applicable:
                out.append(_row(headline, source, reading.name, f"{DOES_NOT_APPLY}: {reading.not_applicable}", 0, None))
            elif key not in found:
                reason = f": {reading.gone}" if reading.gone else ""
                out.append(_row(headline, source, reading.name, f"{_NO_FIGURE}{reason}", 0, None))
            else:
                again = found[key]
                same = "unchanged: " if again.text == headline.text else ""
                out.append(_row(headline, source, reading.name, f"{same}{again.text}", again.n_figures, again.gate))
    return out


def _again(reading: Reading, made: Made, tables: Tables, parameters: Parameters) -> Headlines:
    return (reading.made or made)(reading.tables(tables), {**parameters, **reading.parameters})


def _row(headline: Headline, source: str, reading: str, result: str, n: int, gate: str | None) -> Row:
    return {
        "headline": headline.name,
        "source": "extracted",
        "reading": reading,
        "n_figures": n,
        "result": result,
        "gate": gate,
        SOURCES: source,
    }


def without(table: str, **cells: bool | None) -> Callable[[Tables], Tables]:
    """Return a change of tables: these columns of one table are emptied (or set)."""

    def change(tables: Tables) -> Tables:
        return {**tables, table: tables[table].assign(**cells)} if table in tables else tables

    return change


def only_rows(table: str, keep: Callable[[pd.DataFrame], "pd.Series[bool]"]) -> Callable[[Tables], Tables]:
    """Return a change of tables: only the rows of one table for which `keep` holds."""

    def change(tables: Tables) -> Tables:
        if table not in tables:
            return tables
        return {**tables, table: tables[table][keep(tables[table]).to_numpy(dtype=bool)]}

    return change


def national_issuers_only(tables: Tables) -> Tables:
    """Leave out circulars by which a place judges its own sites: all that the State Council's office did not issue."""
    return only_rows("circulars", lambda rows: rows["issuer_level"].astype("object") == "national")(tables)
