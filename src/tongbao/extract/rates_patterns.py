"""The wordings of pass rates: stated figures, everything passed, changes, streaks, and whom a rate is said of.

Patterns only; each is bounded by the clause. What a match means is decided in `rates_telling`.
"""

import re
from functools import cache

from tongbao.extract.chinese_numbers import CHINESE_NUMERAL
from tongbao.extract.lexicon import load

NUM = (
    rf"(?:\d+(?:\.\d+)?\s?[%％]|百分之(?:百|{CHINESE_NUMERAL}{{1,4}})"
    r"|[一二三四五六七八九]成(?![一二三四五六七八九半])|零(?=[，。；]|$))"
)
MID = (
    r"(?:分别|均|都|全部|竟然|未|已|也|仍|总体|稳定|保持|维持|提升|提高|上升|增长|下降|降低|下滑|到|至|为|达|达到|是|在|仅|只|有"
    r"|高|约|近|接近|将近|超过|超|逾|突破|不足|不到|低于|高于|由|从|的|了|：|:|上一?季度|去年|上一?年|上一?期|上个?月|同期"
    r"|[上下]半年|(?:19|20)\d\d年(?:度|[上下]半年)?|第?[一二三四]季度){0,10}"
)
RATE = re.compile(rf"(?P<neg>不)?合格率(?P<mid>{MID})(?P<values>{NUM}(?:（[^）]*）)?(?:(?:、|和|及|与|以及){NUM})*)")
PAIRS_AHEAD = re.compile(
    r"(?<!不)合格率(?:分别|依次|情况|如下|为|是)*[：:]?(?=[一-鿿（）]{2,14}?(?:为|是|达到|达|：)?\d+(?:\.\d+)?\s?[%％])"
)
PAIR = re.compile(
    rf"(?:、|，|；|和|及)?(?P<name>[一-鿿（）]{{2,14}}?)(?:为|是|达到|达|：|仅|仅为|只有|不到|不足|超过|低于|高于)?"
    rf"(?P<values>{NUM})(?:以上|以下)?(?=[、，；。和及\n]|$)"
)
LATER_VALUE = re.compile(
    rf"(?:均|已|也|仍|仅|只|只有)?(?:为|在|达到|达|升至|升到|提升至|提升到|提高到|提高至|上升到|上升至|降至|降到|下降至|下降到)(?P<values>{NUM})"
)
TIMED_VALUE = re.compile(
    rf"(?:其中)?(?:(?:19|20)\d\d年)?(?:第?[一二三四]季度|[上下]半年|(?:1[0-2]|[1-9])月份?|(?:19|20)\d\d年度?|全年)(?:均)?(?:为|达到|达|是|则?为)?(?P<values>{NUM})"
)
EARLIER = re.compile(
    rf"(?<!不)合格率(?:比|较|与|同|相比)(?P<ref>上一?季度|上一?期|上一?年|上个?月|去年同期|上年同期|去年|(?:(?:19|20)\d\d年)?第?[一二三四]季度|(?:19|20)\d\d年度?)"
    rf"(?:的|时的)(?P<values>{NUM})"
)
RATES_APART = re.compile(r"(?<=[%％])(?:、|和|及|与|以及)(?=[^、，；。%％\d]{2,20}合格率)")
NAMED = re.compile(rf"(?P<name>[一-鿿]{{2,12}})（(?P<values>{NUM})）")
SHARE_OF = re.compile(
    rf"(?:占比|占(?:所)?(?:抽查|检查|监测|普查|全部|被检|受检)?[^，；。\d％%]{{0,12}}?)(?:为|达到|达|的)?(?P<values>{NUM})"
)
ALL = re.compile(
    r"(?:全部|均|都|全都|一律|全)(?:被判定|判定|被评)?(?:为|达到|达|符合|是)?(?:了)?合格(?!率)"
    r"|(?:结果|情况)(?:均|全部|都)?(?:为|是)合格(?!率)"
    r"|(?:未|没有|无)(?:发现|出现|检出)(?:存在|有)?[^，；。不未无被]{0,10}?(?:不合格|单项否决)|(?:没有|无|零)(?:一[个家])?不合格(?!率)"
    r"|不合格(?:的)?(?:政府)?(?:网站|政务新媒体|账号)?(?:为)?0(?:个|家)|(?<!\d)0(?:个|家)(?:政府)?(?:网站|政务新媒体|账号)?不合格"
)
_POINT = r"\d+(?:\.\d+)?"
_TURN = r"(?:提高|提升|上升|增长|增加|上涨|下降|降低|减少|下滑|回落)了?"
_MORE_POINTS = (
    rf"(?:(?:个?百分点|个|[%％])?(?:、|和|及|与|以及)(?:分别)?(?:{_TURN})?{_POINT}(?=个?百分点|[%％、和及与]))*"
)
STREAK = re.compile(r"连续(?P<n>\d{1,2}|[两二三四五六七八九十]{1,3})个?(?P<unit>季度|年度|年|月|半年)")
STREAK_VALUE = re.compile(
    rf"(?:的?(?:抽查|检查|监测))?(?:均|都|全部|一直|始终|稳定|保持|维持|达到|达|为|是|在|实现|取得|了|低于|不足|不到|超过|高于){{1,5}}(?P<values>{NUM})"
)
CHANGE = re.compile(
    r"(?:与|同|和|比|较|相比|对比)?(?P<ref>上一?季度|上一?期|上一?年|上个?月|去年同期|上年同期|去年|环比|同比"
    r"|(?:(?:19|20)\d\d年)?第?[一二三四]季度|(?:19|20)\d\d年(?:度|[上下]半年)?)(?:相比|对比)?(?P<lead>[^，；。\d％%]{0,8}?)"
    r"(?:(?P<flat>(?<!基本)(?<!大体)持平)|(?P<verb>提高|提升|上升|增长|增加|上涨|下降|降低|减少|下滑|回落)(?:了)?"
    rf"(?P<points>{_POINT}{_MORE_POINTS})(?:个?百分点|(?P<bare>[%％])))"
)
RISE = re.compile(
    r"合格率(?:有所)?(?P<verb>提高|提升|上升|增长|增加|上涨|下降|降低|减少|下滑|回落)(?:了)?(?P<points>\d+(?:\.\d+)?)个?百分点"
)
AHEAD = re.compile(r"(?:与|和|同|较|比)(?P<ref>[^，；。与和同较比]{2,16}?)(?:相比|相较|比较)，")
RISING = re.compile("提高|提升|上升|增长|增加|上涨")
DOWN = ("下降", "降低", "减少", "下滑", "回落")
WHO = re.compile(
    r"(?:（含）)?(?:及?以上|及?以下)?的(?:\d+(?:个|家))?(?:设区市|市州|省市|省|市|州|县|区|地区|地方|单位|部门)?(?:[（(][^）)]*[）)])?(?:分别)?(?:有|为|是|包括)[：:]?(?P<list>[^，；。]+)"
)
OTHERS = re.compile(
    r"的(?:\d+|[一-鿿]{0,3}个)?(?:设区市|市州|省|市|州|县|区|地区|地方|单位|部门|网站|政府网站)(?!.{0,6}之一)"
)
COVERAGE = re.compile(r"(?:范围|对象)[^，；。]{0,4}?(?:为|是|包括|涵盖|覆盖|涉及)")
QUARTERS = {"季度": "Q", "年": "Y", "年度": "Y", "月": "M", "半年": "H"}


_METHOD = re.compile(
    r"(?:采取|采用|通过|运用|利用|按照|以|经|经过)[^，；。]{2,40}?(?:相结合(?:的)?(?:方式|办法|方法|形式)?|方式|办法|方法|形式|手段|程序)"
    r"|(?:人工|交叉|专家|随机|机器|逐级|逐一)(?:复核|复查|复检)"
)


def tells_repair(words: str) -> re.Match[str] | None:
    """Return the first words that put a rate after a repair (整改后, 经复查), None without any.

    How a check was made is no repair: 采取机器扫描与人工复核相结合的办法抽查238个.
    """
    plain = _METHOD.sub(lambda m: "＿" * len(m.group()), words) if "复" in words else words
    return decoys("repaired").search(plain)


@cache
def decoys(role: str) -> re.Pattern[str]:
    """Return the pattern of the words that make a percentage something else (goal, repaired, part, other)."""
    words = sorted({r["wording"] for r in load("rate_decoys") if r["role"] == role}, key=lambda w: (-len(w), w))
    return re.compile("|".join(map(re.escape, words)))
