"""The words of points taken off: how a clause says taken, none, most and least, a rule, or who has so many.

Only patterns and what they say; sentences are read in `deductions`.
"""

import re
from functools import cache

from tongbao.extract.scopes import any_of, words_of

LOW = "低少小"
_N = r"\d{1,4}(?:\.\d{1,3})?"
_LINK = r"(?:为|是|达到|达|有|：|约|仅|只|了|在|均|都|各|共){0,3}"

TAKEN = re.compile(
    r"(?P<how>(?:各自|各|均|都|分别|依次|共被|共计|共|计|合计|累计|总共|一共|仅|只|也|被|同样|因此|为此|故|予以|给予|直接)*)"
    rf"扣(?:分值|分数|分|掉|除|减|去|罚)?(?:情况)?(?:合计|总计|总分|共计)?{_LINK}$"
)
"""The end of the words before points: 各扣, 扣分均在, 共扣."""

WHOSE = re.compile(
    r"的(?:(?:\d{1,3}(?:个|家))?[一-鿿（、）]{0,8}?(?:单位|部门|网站|县区|市县|区县|乡镇|街道|市州|市区|频道|账号))?(?:分别|依次|共|只|仅)?(?:有|是|为|包括|：)|的?(?:单位|部门|网站|县区|乡镇)?(?=：)|的(?=“|$)"
)
"""What follows points when their units come behind: 扣5分的有A局."""

NONE = re.compile(
    r"(?:均|都|全部|全都)?(?:没有|未|无|并未|均无|没)(?:被|出现|有|任何)?扣(?:分|过分)(?:项|情况|现象)?|零扣分|扣分(?:均|都)?为(?:零|0(?![.\d]))分?"
)
MOST = re.compile(r"(?:的)?(?:被)?扣分(?:最|较|相对较)(?:多|少|高|低|大|小)(?:的)?")
MOST_IS = re.compile(
    r"(?:扣分(?:最|较|相对较)[多少高低大小]的?|最[多少高低大小](?:的)?(?:扣分)?(?:的)?)(?:单位|部门|网站|县区|县|区|市|乡镇|街道|频道)?(?:依次|分别)?(?:是|为|有|：)"
)
"""扣分最少的是, 最多的是: the unit comes behind."""

EXTREME = re.compile(
    r"(?:扣分)?最(?P<a>[低少小多高大])(?:的)?(?:单位|部门|网站|频道|账号|县区|乡镇|一个|一家)?(?:仅|只|共|被){0,2}扣(?:分|了|掉)?(?:的)?"
    rf"(?:仅|只)?(?:为|是|达到|达|：|有)?(?P<pa>{_N})分"
    r"|扣分(?:值|数)?最(?P<b>[低少小多高大])(?:的)?(?:单位|部门|网站|频道|账号|县区|乡镇)?(?:仅|只|共|被|也){0,2}(?:扣(?:了|分)?|为|是|达到|达|：|有)?"
    rf"(?:仅|只)?(?P<pb>{_N})分"
)
FROM_TO = re.compile(rf"扣分(?:情况|幅度|区间)?(?:从|由|在)(?P<low>{_N})分(?:到|至|—|-)(?P<high>{_N})分不等")
AND_MOST = re.compile(rf"(?:而)?最(?P<a>[低少小多高大])(?:的)?(?:为|是|达到|达|仅|只|有)?(?P<pa>{_N})分")

RULE = re.compile(
    r"每(?!个?(?:单位|部门|县|市|区|网站|家))|(?<![\d.])[一1](?:处|个|项|次|条|天|件)(?:[^，。；]{0,8})?(?:的)?[，]?(?:各)?扣|发现[一1](?:处|个|项|次|条)"
    r"|扣完为止|封顶|酌情|(?:将|应当|应|须|拟|可)(?:被|予以|按|酌情|每)?扣|(?<!最[多少高低大小])的[，]?(?:每[^，。；]{1,6})?(?:各|一律|予以|直接|一次性)?扣(?!分)"
)
"""What a scheme takes off for a fault; no unit is meant."""

PARTIAL = re.compile(r"指标|单项|方面|部分|环节|加分|奖励|得分")
LEAD = re.compile(
    r"^(?:除|(?:扣分)?最[多少高低]的(?:是|为)?|其中|此外|另外|另|特别是|尤其是|同时|而|经查|经核查|对|给予|给|[一二三四五六七八九]是|截至目前|目前|本季度|本月|本次|按规定|根据规定|据此)[：:、]?"
)
RESULT_TAIL = re.compile(
    r"(?:的)?(?:网站|门户网站)?(?:年度)?(?:绩效)?(?:评分结果|考核结果|评估结果|考评结果|检查结果|得分|累计|合计)?(?:的)?$"
)


@cache
def actor_behind() -> re.Pattern[str]:
    """Return what makes the body before it one that inspects and not one that loses points: 组织, 对全市."""
    return re.compile(rf"(?:将|已|于[^，。；]{{1,12}})?{any_of(words_of('deduction_words', role='actor'))}")


@cache
def bodies_named() -> re.Pattern[str]:
    """Return what makes a clause speak of other bodies than the last one: 3个乡镇, 其他单位, 各部门."""
    return re.compile(
        r"(?:\d+|[一二两三四五六七八九十]+)(?:个|家)(?:单位|部门|乡镇|街道|镇|县|市|区|网站)|(?:其他|其余|各|有关|相关|部分|个别|一些|多个)(?:单位|部门|乡镇|街道|镇|县|市|区|网站|地)"
    )
