"""The audit page: everything that was read stands on it, private and foreign words do not, both languages are whole."""

import re

import lxml.html
import pytest

from report import seeds
from report.audited import audited, tidy_row
from tongbao.errors import TongbaoError
from tongbao.extract.contacts import load_contacts
from tongbao.project import Project
from tongbao.report import html, language, selfcheck
from tongbao.report.audit import STYLES, lists, page, rows, text
from tongbao.report.audit.coded import coded_body
from tongbao.report.audit.load import NumeralSeen, load
from tongbao.restore.edits import Run
from tongbao.restore.repairs import Repair

LANGUAGES = ("en", "zh")


@pytest.fixture(scope="module")
def bodies() -> dict[tuple[str, str], str]:
    made = seeds.project()
    return {(name, code): page.audit_body(made, name, code) for name in seeds.IDS for code in LANGUAGES}


def parsed(body: str) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(f"<main>{body}</main>")


@pytest.mark.parametrize("name", seeds.IDS)
@pytest.mark.parametrize("code", LANGUAGES)
def test_every_row_of_every_table_can_be_linked_to(bodies, name: str, code: str):
    made, root = load(seeds.project(), name), parsed(bodies[name, code])
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {row.key for row in made.every_row()} <= set(ids)
    assert {f"checks-{row['row']}" for row in made.checks} <= set(ids)
    assert {r.key for r in made.repairs if r.row is not None} <= set(ids) | hidden_repairs(made)
    assert set(made.rows) | {"circulars", "circulars-1", "checks", "repairs"} <= set(ids)
    for href in root.xpath("//a/@href"):
        assert href.startswith("#") and href[1:] in ids, href


def hidden_repairs(made) -> set[str]:
    """Repairs within contact details: their places are one label on the page."""
    return {
        r.key
        for r in made.repairs
        if any(a <= r.repair.raw_start and r.repair.raw_end <= b for a, b in made.raw_private)
    }


@pytest.mark.parametrize("name", seeds.IDS)
def test_every_row_with_a_span_is_marked_in_the_text(bodies, name: str):
    made, root = load(seeds.project(), name), parsed(bodies[name, "en"])
    marked = {key for found in root.xpath("//@data-rows") for key in found.split()}
    assert marked == {row.key for row in made.every_row() if row.span}


@pytest.mark.parametrize("name", seeds.IDS)
@pytest.mark.parametrize("code", LANGUAGES)
def test_no_contact_and_no_furniture_reaches_the_page(bodies, name: str, code: str):
    made = load(seeds.project(), name)
    contacts = load_contacts(made.reference)
    shown = parsed(bodies[name, code]).text_content() + " ".join(parsed(bodies[name, code]).xpath("//@title"))
    for word in private_words(made):
        assert word not in shown, word
    for line in shown.splitlines():
        for low, high in contacts.spans(line):
            assert re.sub(r"[^\d@]", "", line[low:high]) == "" or "…" in line[low:high], line[low:high]


def private_words(made) -> set[str]:
    """What must not be shown: numbers and names of contact passages, and lines that were cut with the furniture."""
    found = set()
    for low, high in made.private:
        found |= set(
            re.findall(r"[\d－—-]{7,}|[\w.]+@[\w.]+|(?<=[:：])[\u4e00-\u9fff]{2,3}(?=，|,|$)", made.text[low:high])
        )
    for shown in made.repairs:
        if shown.repair.kind == "furniture":
            cut = made.raw[shown.repair.raw_start : shown.repair.raw_end]
            # Titles are repeated in the furniture; what stands in the document may stand on the page.
            words = {w.strip() for w in re.split(r"\s|[|:：]", cut) if len(w.strip()) > 5}
            found |= {
                w for w in words if w not in made.raw[: shown.repair.raw_start] + made.raw[shown.repair.raw_end :]
            }
    # What the page said of itself (date, source) is a fact of the copy; it is shown as such.
    told = made.text.replace(made.text[slice(*span(made))], "") + " ".join(made.circular.values())
    return {w for w in found if w not in told}


def span(made) -> tuple[int, int]:
    return made.private[0] if made.private else (0, 0)


def test_the_seeds_hold_private_and_foreign_words_so_that_the_test_can_fail():
    found = {name: private_words(load(seeds.project(), name)) for name in seeds.IDS}
    assert any("@" in word for word in found["jiangsu-2018q3"]) and any(
        w.isdigit() or "-" in w for w in found["jiangsu-2018q3"]
    )
    assert sum(bool(words) for words in found.values()) >= 4


@pytest.mark.parametrize("code", LANGUAGES)
def test_contacts_are_left_out_of_raw_text_restored_text_and_rows(code: str):
    restored = "合格率为96%。联系人：王小二，电话：025-12345678。完。"
    raw = restored.replace("为", "為")
    repair = Repair(3, 4, "為", "为", "script")
    made = audited(restored, [(0, 7), (5, 20)], raw=raw, repairs=[repair])
    shown = parsed(text.text_html(made, code) + rows.rows_html(made, code)).text_content()
    assert "王小二" not in shown and "12345678" not in shown
    assert "[contact details" in shown if code == "en" else "[联系方式" in shown
    assert "合格率" in shown and "完。" in shown


def test_cut_furniture_is_a_label_with_its_length():
    raw = "百家乐开户送钱\n合格率为96%。"
    repair = Repair(0, 8, "", "", "furniture", note="spam, 8 characters")
    made = audited(raw[8:], [(0, 3)], raw=raw, repairs=[repair], runs=[Run(8, 0, len(raw) - 8)])
    shown = text.text_html(made, "en")
    assert "[cut: 8 characters, spam]" in shown and "百家乐" not in shown and 'id="repairs-1"' in shown


def test_repairs_are_marked_with_kind_and_proof():
    raw, restored = "合(hé)格率為九成六", "合格率为96%"
    repairs = [
        Repair(1, 5, "(hé)", "", "pinyin"),
        Repair(7, 8, "為", "为", "script"),
        Repair(8, 11, "九成六", "96%", "shifted_bytes", 0.75, "counts_give_the_rate"),
    ]
    made = audited(restored, [(0, 7)], raw=raw, repairs=repairs, runs=[Run(0, 0, 1), Run(5, 1, 3)])
    root = parsed(text.text_html(made, "en") + rows.rows_html(made, "en"))
    titles = root.xpath("//*[contains(@class, 'r-')]/@title")
    assert titles[0] == "(hé) → nothing: annotation of a sound removed"
    assert "confidence 0.75; verified by: counts_give_the_rate" in titles[2]
    (row,) = root.xpath("//tbody[@id='pass_rates-1']")
    listed = [" ".join(li.text_content().split()) for li in row.xpath(".//ul[@class='changes']/li")]
    assert len(listed) == 3 and listed[1] == "為 → 为: traditional to simplified"
    (judged,) = parsed(lists.repairs_html(made, "en")).xpath("//ul/li")
    assert "九成六" in judged.text_content()


def test_places_that_nobody_can_read_show_their_candidates():
    made = audited("抽查网□合格率为96%。", [(0, 4)], gaps=[(2, 4)])
    assert parsed(text.text_html(made, "en")).xpath("//mark[@class='gap']")
    listed = parsed(lists.repairs_html(made, "en")).xpath("//tr[@id='gap-1']//li")
    assert [li.text_content() for li in listed] == ["网站 0.0 behind", "网络 1.2 behind"]


def test_numbers_without_a_row_say_why_or_that_nobody_knows():
    restored = "2018年抽查合格率为96%，另有77处。"
    numerals = [NumeralSeen(0, 4, "date"), NumeralSeen(11, 13, "pass_rates"), NumeralSeen(17, 19, "")]
    made = audited(restored, [(7, 14)], numerals=numerals)
    root = parsed(text.text_html(made, "en") + lists.numerals_html(made, "en"))
    assert [e.text_content() for e in root.xpath("//span[@class='num']")] == ["2018"]
    (opened,) = root.xpath("//mark[@class='open']")
    assert opened.text_content() == "77?" and "no rule" in opened.get("title")
    assert "1 numbers that no rule has read" in root.text_content()
    assert not root.xpath("//*[@id='c11'][contains(@class, 'num')]")  # 96 has its row


def test_derived_rows_stand_apart_with_their_derivation():
    restored = "苏州连续6个季度抽查全部合格。"
    made = audited(restored, [(0, 13)], basis="streak")
    root = parsed(rows.rows_html(made, "en"))
    (row,) = root.xpath("//h2[@id='derived']/following-sibling::section//tbody[@id='pass_rates-1']")
    assert "run of periods" in row.text_content() and "It rests on" in row.text_content()
    assert root.xpath("//section[@id='pass_rates']")
    both = {**made.rows, "pass_rates": (*made.rows["pass_rates"], tidy_row("pass_rates", 2, restored, (2, 6)))}
    object.__setattr__(made, "rows", both)
    assert {"pass_rates", "pass_rates-derived"} <= set(parsed(rows.rows_html(made, "en")).xpath("//section/@id"))


HOSTILE = (
    '<script>alert(1)</script>\u202e</td></p>"><img src=x onerror=alert(1)> '
    "javascript:alert(1) 合格率 =HYPERLINK(1) <!--"
)


@pytest.mark.parametrize("code", LANGUAGES)
def test_hostile_text_shows_as_text(code: str):
    made = audited(HOSTILE, [(0, 9), (3, 30), (20, len(HOSTILE))], scope=HOSTILE, unit=HOSTILE, detail=HOSTILE)
    object.__setattr__(
        made, "circular", dict.fromkeys(made.circular, HOSTILE) | {"n_numerals": "", "n_numerals_explained": ""}
    )
    check = {"row": "1", "check": HOSTILE, "expected": HOSTILE, "found": HOSTILE, "holds": "false", "note": HOSTILE}
    object.__setattr__(made, "checks", (check,))
    rejected = {"table": "figures", "reason": HOSTILE, "start": "1", "end": "2", "values": HOSTILE}
    object.__setattr__(made, "rejected", (rejected,))
    parts = [page.head_html(made, code), text.text_html(made, code), rows.rows_html(made, code)]
    parts += [lists.checks_html(made, code), lists.rejected_html(made, code), lists.repairs_html(made, code)]
    whole = "\n".join(parts)
    assert selfcheck.faults(f"<main>{whole}</main>") == []
    assert "\u202e" not in whole and "[U+202E]" in whole and "<script" not in whole and "<img" not in whole
    root = parsed(whole)
    assert not root.xpath("//a[not(starts-with(@href, '#'))]")
    tags = {e.tag for e in root.iter() if isinstance(e.tag, str)}
    known = "main div section span p a sup mark br dl dt dd h2 h3 ul ol li details summary b small code"
    assert tags <= {*known.split(), "table", "thead", "tbody", "tr", "th", "td"}


@pytest.mark.parametrize("name", seeds.IDS)
def test_the_chinese_page_is_in_chinese(bodies, name: str):
    root = parsed(bodies[name, "zh"])
    for foreign in root.xpath(
        "//*[@lang='zh-CN' and not(contains(@class, 'tip')) and not(self::span)] | //code | //sup"
    ):
        foreign.drop_tree()
    for cell in root.xpath("//td[@class='quote'] | //*[contains(@class, 'key')] | //tr[@class='more']//ul"):
        cell.drop_tree()
    for attribute in root.xpath("//*[@title]"):
        attribute.set("title", "")
    left = {w for line in root.itertext() for w in language.untranslated(line) if len(w) > 2 and w.islower()}
    known = {"made", "txt", *re.split(r"\W", name), *made_of(name)}
    assert left - known == set()


def made_of(name: str) -> set[str]:
    """Latin words of the circular itself: its raw text, its codes."""
    made = load(seeds.project(), name)
    cells = " ".join(value for row in made.every_row() for value in row.cells.values())
    return set(re.findall(r"[A-Za-z0-9_-]+", made.raw + cells + made.circular["raw_sha256"]))


@pytest.mark.parametrize("code", LANGUAGES)
def test_pages_are_self_contained_and_small(bodies, code: str):
    for name in seeds.IDS:
        assert selfcheck.faults(f"<main>{bodies[name, code]}</main>") == []
        assert len(bodies[name, code].encode()) < 700_000
    coded = coded_body(seeds.project(), code)
    assert selfcheck.faults(coded) == [] and "http" in coded and 'href="http' not in coded


def test_the_style_sheet_loads_nothing():
    for name in STYLES:
        css = (html.TEMPLATES / "report" / name).read_text("utf-8")
        assert "url(" not in css and "@import" not in css and "</" not in css


def test_the_same_page_twice_is_the_same():
    assert page.audit_body(seeds.project(), "yanan-2016", "en") == page.audit_body(seeds.project(), "yanan-2016", "en")


def test_a_raw_file_that_is_not_the_restored_one_is_named(tmp_path):
    made = seeds.project()
    changed = Project(tmp_path)
    (tmp_path / "data").mkdir()
    for part in ("interim", "tidy", "reference"):
        (tmp_path / "data" / part).symlink_to(made.root / "data" / part)
    changed.raw.mkdir()
    with pytest.raises(TongbaoError, match="gone"):
        page.audit_body(changed, "yanan-2016", "en")
    (changed.raw / "yanan-2016.txt").write_text("另一份通报，与复原的不是同一份。", encoding="utf-8")
    with pytest.raises(TongbaoError, match="not the one that was restored"):
        page.audit_body(changed, "yanan-2016", "en")
    with pytest.raises(TongbaoError, match="0 rows are of"):
        page.audit_body(changed, "nobody", "en")
