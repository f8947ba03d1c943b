"""The captions of figures on deductions and problems, and of what the circulars of a province hold.

Belongs here: captions and alternative texts, from the rows that are drawn. Does not belong here: what all captions
share (`captions.py`), drawing, computing.
"""

from tongbao.stats.themes.captions import COUNTED, counted, each_figure, plain, sources_of, words
from tongbao.stats.themes.corpus import Row


def deduction_captions(units: list[Row], ranges: list[Row]) -> list[Row]:
    """Return captions of extremes and named units."""
    sizes = {r["figure"]: r["n_units"] for r in ranges}

    def say(key: str, part: list[Row]) -> Row:
        n = sizes.get(key)
        size = "how many units were scored is not printed" if n is None else f"{n} units were scored"
        named = "、".join(r["unit"] for r in part if r["statistic"] == "unit")
        ends = ", ".join(f"{r['statistic']} {r['points']:g}" for r in part if r["statistic"] != "unit")
        return words(
            key,
            f"{part[0]['label']}: points taken off. {ends}; named units: {named or 'none'}.",
            shows=f"{part[0]['label']}: points taken off (扣分), fewer is better. Diamonds are the smallest and the "
            "largest deduction printed.",
            sources=sources_of(part),
            units=f"Named units: {sum(r['statistic'] == 'unit' for r in part)}; {size}.",
            uncertainty="A bar is what is known of a named unit: its deduction lies somewhere in it. A hollow end does "
            "not belong to it, and no unit can lie beyond the largest deduction. Where inside its bar a unit lies is "
            "not known; no middle may be read off.",
            caution="Units are named for their high deductions: nothing follows about the others.",
        )

    return each_figure(units, say)


def finding_captions(rows: list[Row]) -> list[Row]:
    """Return the caption of problems by category and circular."""
    return each_figure(rows, _findings)


def _findings(key: str, part: list[Row]) -> Row:
    said = "; ".join(f"{r['label']}, {r['category_name']}: {r['n_named'] or 'unnamed'}" for r in part)
    return words(
        key,
        f"Problems by category, units named. {said}.",
        shows="Problems (问题) by category: the number of different units or sites named with it. “unnamed”: the "
        "circular speaks of the problem without saying whose (个别单位).",
        sources=sources_of(part),
        units=f"Named by {counted(len({r['circular_id'] for r in part}), 'circular')} here.",
        uncertainty=f"{COUNTED} Empty: not mentioned, which does not mean absent.",
        caution="These are counts of what was chosen to be named, not shares; circulars look for different things, "
        "and columns must not be compared.",
    )


def content_captions(rows: list[Row]) -> list[Row]:
    """Return the caption of what the circulars of a province hold."""
    return each_figure(rows, _content)


def _content(key: str, part: list[Row]) -> Row:
    said = "; ".join(f"{r['label']}: {r['n_rows']} in {plain(r['table'])}" for r in part)
    return words(
        key,
        f"Rows read from each circular. {said}.",
        shows="What the circulars hold: the number of rows read into each table.",
        sources=sources_of(part),
        units=f"Rows: {sum(r['n_rows'] for r in part)}, of "
        f"{counted(len({r['label'] for r in part}), 'circular')} here.",
        uncertainty=f"{COUNTED} Empty: the circular prints nothing of the kind, or it stood in an attachment that "
        "this copy lacks.",
        caution="The numbers tell how much a circular says, not how well anybody did.",
    )
