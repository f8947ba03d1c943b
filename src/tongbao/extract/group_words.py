"""How groups of bodies are written when a bracket is part of their name: 县（市、区）, 镇（街）, 省（区、市）.

One place for that form, so that no rule cuts a group at its bracket. What a group means is for `scopes` and
`statements` to say; a bracket that adds a remark (含开发区) is no part of a name.
"""

import re
from functools import cache

from tongbao.extract.lexicon import load


@cache
def kind() -> str:
    """Return the expression of one kind of body: 县, 街道, 自治州; longest wording first."""
    words = sorted({r["wording"] for r in load("body_kinds")}, key=lambda w: (-len(w), w))
    return "(?:" + "|".join(map(re.escape, words)) + ")"


@cache
def name_bracket() -> str:
    """Return the expression of a bracket that is part of a name: （市、区）, （街道）."""
    return rf"（{kind()}(?:、?{kind()}){{0,3}}）"


@cache
def bracketed() -> str:
    """Return the expression of a group with such a bracket: 县（市、区）, 乡镇（街道）, 旗县（市）区."""
    return rf"(?:{kind()}(?:、?{kind()}){{0,2}}{name_bracket()}{kind()}?)"


@cache
def bodies() -> str:
    """Return the expression of any kinds of bodies, with or without a bracket: 市, 市州, 县、区, 省（市）."""
    return rf"(?:{bracketed()}|{kind()}(?:、?{kind()}){{0,3}})"


@cache
def _inside() -> re.Pattern[str]:
    return re.compile(rf"{kind()}(?:[、和]?{kind()}){{0,4}}|[市县区州、旗盟特自治街道办]{{1,6}}")


def is_name_part(words: str) -> bool:
    """Say whether the words of a bracket belong to the name before it.

    Examples: 市、区 -> yes (县（市、区）); 含开发区 -> no.
    """
    return _inside().fullmatch(words) is not None


def without_name_brackets(words: str) -> str:
    """Return the words without brackets that are part of a name: 各省（区、市）网站（含频道） -> 各省网站（含频道）."""
    return re.sub(name_bracket(), "", words)
