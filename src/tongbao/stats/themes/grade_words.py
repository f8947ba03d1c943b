"""The captions of figures on grades: bars of grades, units over a score, names in order of score.

Belongs here: captions and alternative texts, from the rows that are drawn. Does not belong here: what all captions
share (`captions.py`), drawing, computing.
"""

from collections import defaultdict

from tongbao.stats.themes.captions import each_figure, plain, sources_of, words
from tongbao.stats.themes.corpus import Row


def grade_captions(rows: list[Row]) -> list[Row]:
    """Return captions of the bars of grades, from rows of the distribution."""
    return each_figure(rows, _grades)


def _grades(key: str, part: list[Row]) -> Row:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in part:
        groups[row["group"] or "all units"].append(row)
    sizes = " and ".join(f"{group} ({own[0]['group_n']})" for group, own in groups.items())
    each = {group: ", ".join(f"{r['grade']} {r['n']}" for r in own) for group, own in groups.items()}
    counts = "; ".join(f"{group}: {grades}" for group, grades in each.items())
    label, measure = part[0]["label"], plain(part[0]["measure"])
    return words(
        key,
        f"Grades given in {label}. {counts}.",
        shows=f"{label}, {measure}: how many units of {sizes} got which grade (等次). Each line is a group, the "
        "darkest colour its best grade; what lies left of the black line did not pass.",
        sources=sources_of(part),
        units=f"The numbers are counts: {sum(own[0]['group_n'] for own in groups.values())} units in all.",
        uncertainty="Every unit of a group was graded, so nothing was left to chance and the counts are exact.",
        caution="The grades follow the circular's own rules and must not be set against grades of another circular; "
        "nor does a longer dark part alone show that one group is better than the other.",
    )


def threshold_captions(rows: list[Row]) -> list[Row]:
    """Return captions of the counts of units over a score in two years."""
    return each_figure(rows, _thresholds)


def _thresholds(key: str, part: list[Row]) -> Row:
    said = "; ".join(f"{r['name']}: {r['value_before']:g} before, {r['value']:g} now" for r in part)
    return words(
        key,
        f"Units over a score in {part[0]['label']}. {said}.",
        shows=f"{part[0]['label']}: how many units scored at least so many points, and how many the year before.",
        sources=sources_of(part),
        units=f"Counts drawn: {len(part)}. How many were scored is not printed, so these are counts and no shares.",
        uncertainty="Nor is it printed which units rose and which fell. The table below therefore gives two p, the "
        "smallest and the largest over everything possible; p is the probability that units rising and falling by "
        "chance alone would change the count at least so much.",
        caution="The p hold only if the same units were scored under unchanged rules. A small p does not say that the "
        "websites became better: scores may be given more freely.",
    )


def ranked_captions(rows: list[Row]) -> list[Row]:
    """Return captions of the lists in score order."""
    return each_figure(rows, _ranked)


def _ranked(key: str, part: list[Row]) -> Row:
    return words(
        key,
        f"Names in the order of score, {part[0]['label']}.",
        shows=f"{part[0]['label']}: names in the order of score within each grade, as printed.",
        sources=sources_of(part),
        units=f"Names: {len(part)}.",
        uncertainty="No score is printed, so nothing can be reckoned from the order.",
        caution="The order says nothing of the distance between two places: neighbours may have all but the same "
        "score.",
    )
