"""Scores printed behind a list of ranks: 甲、乙分列前两名，得分分别为97分、95分; 甲、乙位列前二（分别为98分、97分）."""

from dataclasses import replace

from tongbao.extract.context import Context
from tongbao.extract.grade_list_parts import GradeList
from tongbao.extract.shared_scores import TOLD, scores_in
from tongbao.extract.spans import split_outside


def before_scores(text: str, start: int, end: int) -> int:
    """Return where a piece ends without the scores in brackets behind its rank: 位列前三（分别为98分、97分、96分）."""
    at = text.rfind("（", start, end) if text[end - 1] == "）" and text[end - 2] == "分" else -1
    return at if at > start and TOLD.fullmatch(text, at + 1, end - 1) and not _is_name_end(text[at - 1]) else end


def _is_name_end(character: str) -> bool:
    """Say whether a bracket stands behind a name, not behind a rank (前三, 第二名)."""
    return character not in "一二两三四五六七八九十名位甲0123456789"


def scored_after(context: Context, ranked: GradeList, at: int, end: int) -> GradeList:
    """Give a list the scores of the clause behind it: 甲、乙分列前两名，得分分别为97.5分、95.2分.

    Scores that fall with the places say that the list is in their order.
    """
    text = context.document.text
    if len(ranked.units) > 1 and all(u.score for u in ranked.units):
        return replace(ranked, ordered=ranked.ordered or _falls(text, ranked))
    if text[at : at + 1] not in ("，", "；", "（") or any(u.score for u in ranked.units):
        return ranked
    if text[at] == "（":
        s, e = at + 1, text.find("）", at, end)
    else:
        s, e = next(iter(split_outside(text, at + 1, end, "，；。")), (at, at))
    spans = scores_in(text, s, e, len(ranked.units))
    if not spans:
        return ranked
    units = tuple(replace(unit, score=span) for unit, span in zip(ranked.units, spans, strict=True))
    made = replace(ranked, units=units)
    return replace(made, ordered=ranked.ordered or _falls(text, made))


def _falls(text: str, ranked: GradeList) -> bool:
    """Say whether the scores of a list fall from name to name, not all alike."""
    values = [float(text[slice(*unit.score)]) for unit in ranked.units if unit.score]
    return len(set(values)) > 1 and values == sorted(values, reverse=True)
