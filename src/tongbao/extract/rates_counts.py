"""Counts around a pass rate: how many are in operation, were checked, passed, failed, and the share checked.

Each number of a clause is given a role by the words before and after it, or none. What the counts belong to
is for `rates_reader` to say; no rate is read here.
"""

import re
from dataclasses import dataclass

from tongbao.extract.facts import Span
from tongbao.extract.group_words import without_name_brackets
from tongbao.extract.mentions import Number, find_numbers
from tongbao.extract.statements import BLANK, Subject, find_subjects

_DIGITS = 7  # no count of sites or accounts is longer
_FAIL = r"(?:不合格|存在突出问题|单项否决|一票否决)"
_WORDS = r"[^，；。：:、\d％%]"
_FAILED_BEFORE = re.compile(rf"{_FAIL}(?!率){_WORDS}{{0,10}}(?:（|：|:)?$")
_FAILED_AFTER = re.compile(
    rf"{_WORDS}{{0,14}}?{_FAIL}(?!率)|{_WORDS}{{0,30}}?被?(?:判定|判|评定|评)(?:为|成)?{_FAIL}(?!率)"
)
_NONE_OF = re.compile(r"未|没有")
_PASSED_BEFORE = re.compile(rf"(?<!不)合格(?!率){_WORDS}{{0,8}}(?:（|：|:)?$")
_PASSED_AFTER = re.compile(rf"{_WORDS}{{0,12}}?(?<!不)合格(?!率)")
_GRADES = re.compile(r"(?:优秀|优良|良好|较好|基本合格)[^，；。：:]{0,6}\d")  # beside them 合格 is one grade of several
_CHECK = r"(?:抽查|检查|普查|监测|抽检|排查|核查|巡查|抽取|抽选|选取|随机选择|扫描|检测|抽(?!调|空))"
_CHECKED_BEFORE = re.compile(
    rf"{_CHECK}(?!发现|中|合格|显示|结果|情况|工作|表明|比例|率|频(?!道)|前|以来)[^，；。：:％%]{{0,40}}$"
)
_CHECKED_AFTER = re.compile(
    rf"(?:个|家)?(?:{_WORDS}{{1,16}}?(?:、|和|及|与|以及)\d+(?:个|家)){{0,3}}{_WORDS}{{0,24}}?"
    rf"(?:(?:进行|开展|实施)(?:了)?(?:全面|全覆盖|全量|集中|专项|随机|人工|逐一|实地|日常){{0,2}}(?:的)?|全部|全面|逐一|逐个|逐家|统一|集中){_CHECK}"
    rf"|(?:个|家)?{_WORDS}{{0,16}}?(?:逐一|逐个|逐家|逐站|全部|统一|集中)(?:进行|开展)?(?:了)?(?:打分|评分|核对|体检|筛查|过筛)"
)
_OBJECT_OF = re.compile(r"(?:对|将)[^，；。：:％%]{0,40}$")
_CHECKED_OF = re.compile(rf"{_CHECK}的$")
_TOTAL_BEFORE = re.compile(
    r"(?:运行|共有|现有|开设|备案|登记|纳入|建有|总数|在线运维|运维|设有|建成)"
    rf"(?:了|的|并|各类|各级|{_WORDS}){{0,26}}(?:为|共|共计|（)?$|^[全我本][省市区县州](?:政府网站|政务新媒体)共$"
)
_OUT_OF = re.compile(rf"^(?:个|家)?{_WORDS}{{0,16}}?中")
_FROM = re.compile(rf"(?:从|对|在){_WORDS}{{0,24}}$")
_SHARE_OF_ALL = re.compile(r"(?P<before>.*?)(?:约|大约|将近|近)?占(?!比)[^，；。％%\d]{0,30}?(?:的)?(?:约|近)?$")
_SHARE_BEHIND = re.compile(
    r"(?:次)?(?:政府|门户)?(?:网站|政务新媒体|新媒体|账号)?（(?:约?占|(?:抽查|检查|抽检|监测|抽样)?(?:比例|率)(?:为|达|约)?)[^（）]{0,24}?"
    r"(?P<share>\d+(?:\.\d+)?[%％])）"
)
_SHARE = re.compile(
    r"(?:(?:抽查|检查|抽检|监测|普查|覆盖)(?:比例|率|面|比重)(?:均|已)?(?:为|达到|达|是)?|抽样比例(?:为|达)?"
    r"|(?<![一-鿿])比例(?:为|达)?)(?:分别(?:为|达到|达|是)?)?$"
)
_NOT_COUNTED = re.compile(
    r"问题|栏目|条|要素|错别字|错误|链接|留言|信息|文件|季度|次|[^，；。、\d]{0,4}?(?:组(?!织)|专班)|批|轮|名|人(?!民)|方面|环节|阶段"
)
_CHANGED = re.compile(r"(?:减少|增加|新增|净增|增长|下降|压减|减|多|少)(?:了|约|近)?$")
_NAMED_BODIES = re.compile(
    r"(?:地区|地方|省份|市州|州市|县市区|县市|市县|县区|区县|[省市州县区镇乡盟旗地]|部门|单位)(?:被|受|参|的|抽查|检查|均|都|全部|没有|未)"
)
_BRACKETED = re.compile(r"（(?:其中)?(?:(?P<failed>不)?合格(?:的)?(?:网站|账号)?(?:为|有)?(?P<n>\d{1,6})(?:个|家))）")
_SUM_BEHIND = re.compile(
    r"(?:总数|总量|总数量)（(?:共|共计|为)?(?P<n>\d{1,6})(?:个|家)）"
    r"|（全[省市区县州](?:共|共有|现有|在用|备案|正在运行){1,3}(?P<all>\d{1,6})(?:个|家)）"
)
_BODY = re.compile(r"(?:设区市|地级|国务院|省|市|州|县|区|部门|单位|乡镇|镇|街道|地|盟)")
_SAID_OF_BODY = re.compile(r"未|没有|均|都|全部|合格|发现|存在|实现|达到")
_KIND_OF_BODY = re.compile(r"[一-鿿（）、]{0,8}?(?:部门|单位|机构|街道|镇|乡|市|县|区|州)")
_CLOSED = re.compile(r"关停|整合|下线|迁移|撤销|注销|合并|未|没有")
_NOT_BARE = re.compile(r"问题|发现|存在|整改|关停|更新|留言|信息|栏目|受理|收到|办结|得分|扣分|减少|增加|新增|[比较]")
_LEFT_OVER = re.compile(
    r"发现|存在|上季度|上次|去年|要求|整改|原|年初|此前|之前|(?:普查|清理|整合|抽查|检查)前|由[^，；。]{0,8}$"
)


@dataclass(frozen=True, slots=True)
class Count:
    """A count with its role; `measure` is '' where no object is named.

    Roles: total, checked, passed, failed, share, and bare (A市60个，合格58个), whose meaning only its neighbours tell.
    `start`, `end` cover the number with the words that give the role.
    """

    role: str
    number: Number
    measure: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Where the number stands."""
        return self.number.start, self.number.end


def read_counts(text: str, masked: str, start: int, end: int, previous: str = "") -> list[Count]:
    """Return the counts of one clause, left to right.

    Args:
        text, masked: the restored text and its masked twin.
        start, end: the clause.
        previous: role of the clause before, for a bare `政务新媒体50个` that goes on with it.

    Example: 此次共随机抽查各地各部门政府网站270个 -> one `checked` of website.
    """
    numbers = [n for n in find_numbers(text, start, end) if masked[n.start] != BLANK and len(n.text) <= _DIGITS]
    counted = [n for n in numbers if n.is_percent or (n.unit in ("个", "家", "") and n.is_integer)]
    subjects = find_subjects(masked, start, end)
    found: list[Count] = []
    for i, number in enumerate(counted):
        left = counted[i - 1].end if i else start
        right = counted[i + 1].start if i + 1 < len(counted) else end
        if _counts_bodies(masked, number, right):
            continue  # 对14个市州进行了检查 counts bodies, not sites
        role, s, e = _role(masked, (start, end), left, number, right, found, previous)
        if not role and len(counted) == 1 and _is_bare(masked, start, number, end, subjects):
            role = previous if previous in ("checked", "total") else "bare"
        if role:
            found.append(Count(role, number, _object(masked, subjects, left, number, right), s, e))
        if role == "checked" and (share := _share_behind(text, number, end)) is not None:
            found.append(Count("share", share, found[-1].measure, share.start, share.end))
    if "）" in text[start:end] and (m := _SUM_BEHIND.search(text, start, end)):
        size = find_numbers(text, *m.span("n" if m["n"] else "all"))[0]
        found.append(Count("total", size, subjects[-1].measure if subjects else "", size.start, size.end))
    if "合格" in text[start:end] and "）" in text[start:end]:
        for m in _BRACKETED.finditer(text, start, end):
            size = find_numbers(text, *m.span("n"))[0]
            role = "failed" if m["failed"] else "passed"
            found.append(Count(role, size, "", m.start() + 1, m.end() - 1))  # 合格率96.6%（不合格3个）
    return found


def _share_behind(text: str, number: Number, end: int) -> Number | None:
    """Return the share in the bracket right behind a number checked: 抽取1200个（占31.1%）; None without one."""
    m = _SHARE_BEHIND.match(text, number.end, end)
    found = find_numbers(text, m.start("share"), m.end("share")) if m else []
    return found[0] if found and found[0].comparator == "=" and found[0].value <= 100 else None


def _is_share(masked: str, start: int, near: str, before: str, found: list[Count], previous: str) -> bool:
    """Whether the words before a percentage make it the share that was checked.

    检查比例为40% says so itself. 占40% is a share of whatever stands right before it, so it counts only behind a number
    checked: 抽查100个，占网站总数的40%; but not 空白栏目86个，占71%.
    """
    if _SHARE.search(near):
        return True
    if "占比" in near and before == near and previous == "checked" and re.fullmatch("约?占比(?:为|达|约)?", near):
        return True  # 抽查36个，占比30%
    m = _SHARE_OF_ALL.fullmatch(near)
    if m is None:
        return False
    if found:
        return found[-1].role == "checked" and not re.search(r"[，；：]|发现|存在|问题", m["before"])
    if re.search(_CHECK, m["before"]):
        return not re.search(r"发现|存在|问题|合格", m["before"])  # 抽查网站数占全省总数的40%
    return previous == "checked" and before == near and re.fullmatch(r"(?:次)?(?:均|分别|已)?", m["before"]) is not None


def _counts_bodies(masked: str, number: Number, right: int) -> bool:
    """Whether a number counts bodies: 14个市州进行了…; 71个部门政府网站480家, but not 14个市州网站."""
    if not _BODY.match(masked, number.end):
        return False
    if masked[number.start - 1 : number.start] == "等" and _NAMED_BODIES.match(masked, number.end):
        return True  # 甲、乙等9个地区被抽查的网站全部合格: the number closes the list of names
    things = find_subjects(masked, number.end, min(right, number.end + 14))
    if not things:
        return True
    if _SAID_OF_BODY.search(masked, number.end, things[0].start):
        return True
    return masked[things[-1].end : right] in ("", "共") and masked[right : right + 1].isdigit()


def _role(
    masked: str, clause: Span, left: int, number: Number, right: int, found: list[Count], previous: str
) -> tuple[str, int, int]:
    """Return the role of a number, '' for none, with the span of the number and the words that give it."""
    start, end = clause
    before, near = masked[start : number.start], masked[left : number.start]
    after = masked[number.end : right]
    if number.unit in ("个", "家"):
        after = after.removeprefix("次")  # 抽查410家次
    plain = number.start, number.end
    if number.is_percent:
        is_share = (
            number.comparator == "=" and number.value <= 100 and _is_share(masked, start, near, before, found, previous)
        )
        goes_on = found and found[-1].role == "share" and re.fullmatch(r"、|和|及|与|以及", near)
        return ("share" if is_share or (goes_on and number.comparator == "=") else ""), *plain
    if number.comparator != "=" or not (number.unit or re.search(_CHECK + r"(?:了)?$|合格（?$", near)):
        return "", *plain
    for role, pattern in (("failed", _FAILED_BEFORE), ("passed", _PASSED_BEFORE)):
        if m := pattern.search(near):
            is_grade = role == "passed" and _GRADES.search(before)
            return "" if is_grade else role, left + m.start(), number.end
    for role, pattern in (("failed", _FAILED_AFTER), ("passed", _PASSED_AFTER)):
        if (m := pattern.match(after)) and not re.search(r"连续|第$", near) and not _NONE_OF.search(m.group()):
            if role == "passed" and _CHECKED_OF.search(near) and re.search(r"全部|均|都", m.group()):
                return "checked", *plain  # 被抽查的9个网站全部合格
            return role, number.start, number.end + m.end()
    if _NOT_COUNTED.match(after) or "发现" in before:
        return "", *plain
    if _OUT_OF.match(after):
        return "total" if _FROM.search(before) else "bare", *plain  # 68家网站中有2家被单项否决
    checked = _CHECKED_BEFORE.search(before)
    if _CHANGED.search(near):
        return "", *plain  # 网站总数减少4个
    if checked and not re.search(r"[（）]", without_name_brackets(checked.group())):
        return ("total" if re.search(r"共有|现有", near) and _TOTAL_BEFORE.search(near) else "checked"), *plain
    if "其中" in before:
        return "", *plain
    if _CHECKED_AFTER.match(masked, number.end, end) and (_OBJECT_OF.search(before) or not before):
        return "checked", *plain
    if _CLOSED.search(after):
        return "", *plain
    if _TOTAL_BEFORE.search(before) and not _LEFT_OVER.search(before):
        return "total", *plain
    if (
        found
        and found[-1].role in ("checked", "total")
        and re.fullmatch(r"[^，；。：:、\d％%]{0,14}[、和及与].{0,14}", near)
    ):
        return found[-1].role, *plain
    return "", *plain


def _is_bare(masked: str, start: int, number: Number, end: int, subjects: list[Subject]) -> bool:
    """Whether a clause is nothing but somebody's object and its count (全省政务新媒体50个, A市60个)."""
    if number.is_percent or not number.unit or number.comparator != "=" or number.end != end:
        return False
    words = masked[start : number.start]
    if subjects:
        words = masked[start : subjects[0].start] + masked[subjects[-1].end : number.start]
    is_name = re.fullmatch(r"[一-鿿（）、]{0,12}", words) is not None
    return len(subjects) <= 1 and is_name and not _NOT_BARE.search(words)


def _object(masked: str, subjects: list[Subject], left: int, number: Number, right: int) -> str:
    """Return the measure of a count: the object right behind it (270个政府网站), else the nearest before."""
    behind = [
        s
        for s in subjects
        if number.end <= s.start <= number.end + 6
        and s.end <= right
        and not re.search(r"[、和及与，]", masked[number.end : s.start])
    ]
    before = [s for s in subjects if left <= s.start < number.start]
    is_own = behind and (
        behind[0].start <= number.end + 1 or _KIND_OF_BODY.fullmatch(masked, number.end, behind[0].start)
    )
    if before and not is_own:
        return before[-1].measure
    if behind:
        return behind[0].measure
    return before[-1].measure if before else ""
