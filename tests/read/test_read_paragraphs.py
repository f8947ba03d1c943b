"""Lines and paragraphs from places on a page, where a font is missing and where the text writes rows with bars."""

from itertools import accumulate

from tongbao.read.formats.characters import Character
from tongbao.read.formats.paragraphs import Line, join_lines, lines_of

SIZE = 12.0
FULL = 20  # characters of a full line


def lines(*texts: str, box: float = 6.0, leading: float = 14.0, after: tuple[int, ...] = ()) -> list[Line]:
    """Lines one below the other at one margin; `box` is the width of a Chinese character's box, as wide as its place
    only where the font is there; behind the lines numbered in `after` there is more room."""
    characters: list[Character] = []
    rooms = [0.0, *(leading * (2 if n in after else 1) for n in range(len(texts)))]
    for text, down in zip(texts, accumulate(rooms), strict=False):
        at = 60.0
        for c in text:
            place = SIZE if c > "\u2e80" else SIZE / 2
            characters.append(Character(c, at, at + min(place, box), 700 - down, 700 - down + SIZE, SIZE))
            at += place
        characters.append(Character("\n", at, at, 700 - down, 700 - down + SIZE, SIZE))
    return lines_of(characters)


def full(text: str, n: int = FULL) -> str:
    return (text * n)[:n]


def test_boxes_narrower_than_their_places_change_nothing() -> None:
    # Half a place is missing at the end of lines that end in Chinese, none where they end in figures.
    texts = [full("政府网站抽查"), full("信息公开", FULL - 1) + "16", full("合格情况"), "其余。"]
    joined = "".join(texts)
    for box in (6.0, 12.0):
        assert join_lines([lines(*texts, box=box)]) == [joined]


def test_a_mark_that_hangs_out_is_no_measure_of_the_lines() -> None:
    texts = [full("政府网站抽查"), full("信息公开") + "，", full("合格情况"), "其余。"]
    assert join_lines([lines(*texts)]) == ["".join(texts)]


def test_a_short_line_still_ends_its_paragraph() -> None:
    texts = [full("政府网站抽查"), full("信息公开", FULL - 4), full("合格情况"), "其余。"]
    assert join_lines([lines(*texts)]) == ["".join(texts[:2]), "".join(texts[2:])]


def test_rows_end_at_their_last_bar() -> None:
    one = "1 | 区局 | 首页链接不能使用内容不准确 |"
    two = "2 | 区办 | 首页栏目信息没有及时更新过 |"
    three = ["3 | 区委 | 首页栏目没有更新，还有的办事", "4.指南不准确 |"]
    assert join_lines([lines(one, two, *three, full("政府网站抽查"))]) == [
        "1 | 区局 | 首页链接不能使用内容不准确 |",
        "2 | 区办 | 首页栏目信息没有及时更新过 |",
        "3 | 区委 | 首页栏目没有更新，还有的办事4.指南不准确 |",
        full("政府网站抽查"),
    ]


def test_blanks_beside_bars_are_put_back_in_rows_only() -> None:
    rows = ["序号| 单位| 问题|", "1| 区局|无|"]
    assert join_lines([lines(*rows)]) == ["序号 | 单位 | 问题 |", "1 | 区局 | 无 |"]
    assert join_lines([lines("首页|栏目", "通报")]) == ["首页|栏目", "通报"]


def test_paragraphs_that_stand_apart_may_have_lines_that_end_like_sentences() -> None:
    body = [full("政府网站抽查", FULL - 1) + "。", full("信息公开"), full("合格情况"), "其余。"]
    texts, after = [], []
    for _ in range(4):
        texts += body
        after.append(len(texts) - 1)
    whole = "".join(body)
    assert join_lines([lines(*texts, after=tuple(after))]) == [whole] * 4
    apart = [body[0], "".join(body[1:])]
    assert join_lines([lines(*texts)]) == apart * 4, "without room between them nothing tells"
