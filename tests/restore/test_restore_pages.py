"""Layouts of pages that the first circulars do not show: which lines stay, which go. `-` marks what must go."""

import pytest

from tongbao.read.folder import RawDocument
from tongbao.restore.furniture import find
from tongbao.restore.lexicon import load_lexicon
from tongbao.restore.page import page_facts
from tongbao.restore.pipeline import restore

BODY = "近期，市政府办公室对全市政府网站进行了抽查，共抽查网站36个，合格35个，现将有关情况通报如下。"
PAGES = {
    "number above the title": f"""
某政办函〔2019〕8号
某某市人民政府办公室关于政府网站抽查情况的通报
各县区人民政府：
{BODY}""",
    "letterhead": f"""
-某某门户 > 公开 > 文件
某某市人民政府办公室文件
某政办函〔2019〕8号
某某市人民政府办公室关于政府网站抽查情况的通报
各县区人民政府：
{BODY}""",
    "unknown lines of the site above": f"""
-市民服务热线入口
-今日要闻速览
某某市人民政府办公室关于政府网站抽查情况的通报
-发布时间：2019-04-02 10:00
各县区人民政府：
{BODY}""",
    "page tools above an annex": f"""
某某市人民政府办公室关于政府网站抽查情况的通报
各县区人民政府：
{BODY}
某某市人民政府办公室
2019年4月2日
-打印 | 关闭
附件：不合格政府网站名单""",
    "names of a list at the very end": f"""
某某市人民政府办公室关于政府网站抽查情况的通报
各县区人民政府：
{BODY}
附件
不合格政府网站名单
某某县商务局
某某县水务局网
-相关新闻
-某某市召开会议
-版权所有：某某市人民政府
-某ICP备00000000号""",
    "title without salutation": f"""
-首页 > 通知公告
某某市2019年第一季度政府网站检查情况通报
{BODY}""",
    "no page around it": f"""
某政办函〔2019〕8号
各县区人民政府：
{BODY}
某某市人民政府办公室
2019年4月2日""",
    "title again as the page's title, with the site": f"""
-某某市人民政府办公室关于政府网站抽查情况的通报_某某政府网
某某市人民政府办公室关于政府网站抽查情况的通报
各县区人民政府：
{BODY}
-本文标题：某某市人民政府办公室关于政府网站抽查情况的通报""",
    "a circular that cites another by title": f"""
某某市人民政府办公室关于政府网站整改情况的通报
各县区人民政府：
{BODY}
根据《某某市人民政府办公室关于政府网站抽查情况的通报》要求，现就整改情况通报如下。
附件：某某市人民政府办公室关于政府网站抽查情况的通报""",
    "spam inside": f"""
-某某娱乐城_博彩官网入口
某某市人民政府办公室关于政府网站抽查情况的通报
各县区人民政府：
{BODY}
-日韩无码在线观看
一、总体情况""",
    "a finding about spam stays": f"""
某某市人民政府办公室关于政府网站抽查情况的通报
各县区人民政府：
{BODY}
一、部分网站被植入博彩链接，存在安全隐患。""",
    "no document at all": """
-首页 > 旅游
某某景区门票信息""",
}


@pytest.mark.parametrize("name", PAGES)
def test_lines_that_stay_and_lines_that_go(name: str) -> None:
    lines = PAGES[name].strip().split("\n")
    text = "\n\n".join(line.removeprefix("-") for line in lines)
    restored = restore(RawDocument("page", "page.txt", "", text, "utf-8", 0))
    assert restored.text.split("\n") == [line for line in lines if not line.startswith("-")]


def test_facts_of_the_page_are_not_taken_from_the_document() -> None:
    text = (
        "当前位置：某某网 > 要闻\n某某市人民政府办公室关于政府网站抽查情况的通报\n"
        f"2021-02-30 09:00 来源：某某日报 编辑：某某\n发布时间：21-03-02\n各县区人民政府：\n{BODY}\n2019年4月2日\n"
    )
    page = page_facts(text, find(text, text, load_lexicon()))
    assert page.source_name == "某某日报"
    assert page.published_on == "2021-03-02", "30 February is no day; the document's own date is not the page's"
    plain = text[text.index("某某市") : text.index("2021")] + text[text.index("各县区") :]
    page = page_facts(plain, find(plain, plain, load_lexicon()))
    assert (page.published_on, page.source_name, page.title) == ("", "", "")
