"""Corrections: what they do to the tables, and that nothing about them is silent."""

import csv
import json
from pathlib import Path

import pytest

from tidy.made_up_circular import REFERENCE, ROOT, fact, facts, interim, rate, with_facts, write_interim
from tongbao.cli import main
from tongbao.errors import TongbaoError
from tongbao.extract.contacts import load_contacts
from tongbao.tidy.build import build_tables
from tongbao.tidy.corrections_read import load_corrections
from tongbao.tidy.schema import load_schema

SIGNED = "\n  reason: looked at the text\n  who: Li Hua\n  when: 2026-03-31\n"
RATE = "合格率为95.5%"
SET = f"""- circular: made-up
  table: pass_rates
  what: {RATE}
  action: set
  column: n_total
  value: 2700
  expect: null{SIGNED}"""
DELETE = f"""- circular: made-up
  table: sites
  what:
    quote: 戊局
    site_kind: channel
  action: delete
  expect:
    result: 合格{SIGNED}"""
ADD = f"""- circular: made-up
  table: figures
  what: 随机抽查网站200个
  action: add
  value:
    what: 抽查网站
    value: 200
    unit: 个{SIGNED}"""
ACCEPT = f"""- circular: made-up
  table: checks
  what:
    check: list is as long as stated
  action: accept
  expect:
    found: "3"{SIGNED}"""
CIRCULAR = f"""- circular: made-up
  table: circulars
  action: set
  column: issued_on
  value: 2018-09-08
  expect: 2018-09-07{SIGNED}"""
ALL = SET + DELETE + ADD + ACCEPT + CIRCULAR


@pytest.fixture
def build(tmp_path: Path):
    """Build the made-up circular with these corrections; return the folder of the tables."""

    def run(text: str, circular=None, out: str = "tidy") -> Path:
        folder = write_interim(tmp_path / "interim", circular or interim())
        path = tmp_path / "data" / "corrections.yml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        build_tables(folder, tmp_path / out, reference=REFERENCE, corrections=path)
        return tmp_path / out

    return run


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def refused(build, text: str, circular=None) -> str:
    with pytest.raises(TongbaoError) as caught:
        build(text, circular, "refused")
    error = caught.value
    assert error.place.startswith("data/corrections.yml") and error.remedy
    return f"{error.place}: {error.message} / {error.remedy}"


def test_corrections_reach_the_tables_and_are_marked(build) -> None:
    out = build(ALL)
    (corrected,) = rows(out, "pass_rates")
    assert (corrected["n_total"], corrected["basis"], corrected["rate"]) == ("2700", "stated", "0.955")
    assert rows(out, "sites") == []
    added = [r for r in rows(out, "figures") if r["basis"] == "corrected"]
    assert [(r["what"], r["value"], r["quote"], r["row"]) for r in added] == [
        ("抽查网站", "200", "随机抽查网站200个", "1")
    ]
    assert [r["row"] for r in rows(out, "figures")] == ["1", "2"]
    assert rows(out, "circulars")[0]["issued_on"] == "2018-09-08"
    assert len(rows(out, "checks")) == 2


def test_the_table_of_corrections_tells_before_and_after(build) -> None:
    found = rows(build(ALL), "corrections")
    told = [(r["action"], r["table"], r["table_row"], r["column"], r["former_basis"]) for r in found]
    assert told == [
        ("set", "pass_rates", "1", "n_total", "stated"),
        ("delete", "sites", "", "", "stated"),
        ("add", "figures", "1", "", ""),
        ("accept", "checks", "2", "", ""),
        ("set", "circulars", "", "issued_on", ""),
    ]
    assert [(r["before"], r["after"]) for r in found if r["action"] == "set"] == [
        ("", "2700"),
        ("2018-09-07", "2018-09-08"),
    ]
    whole = json.loads(found[1]["before"])
    assert whole["site_code"] == "N000000001" and whole["quote"] == "戊局" and whole["basis"] == "stated"
    assert json.loads(found[2]["after"]) == {"unit": "个", "value": 200, "what": "抽查网站"}
    assert {(r["reason"], r["who"], r["corrected_on"]) for r in found} == {
        ("looked at the text", "Li Hua", "2026-03-31")
    }


def test_a_corrected_collection_rebuilds_to_the_same_bytes(build) -> None:
    one, two = build(ALL, out="one"), build(ALL, out="two")
    assert {p.name: p.read_bytes() for p in one.iterdir()} == {p.name: p.read_bytes() for p in two.iterdir()}
    entries = [SET, DELETE, ADD, ACCEPT, CIRCULAR]
    other = build("".join(reversed(entries)), out="three")
    for path in one.glob("*.csv"):  # the order of the file decides nothing but the order of the audit
        if path.stem != "corrections":
            assert path.read_bytes() == (other / path.name).read_bytes(), path.name


def test_no_entries_change_nothing(build) -> None:
    none, empty = build("# only a comment\n", out="none"), build("", out="empty")
    plain = none.parent / "plain"
    build_tables(none.parent / "interim", plain, reference=REFERENCE)
    for path in plain.iterdir():
        assert path.read_bytes() == (none / path.name).read_bytes() == (empty / path.name).read_bytes()


def test_two_columns_of_one_row(build) -> None:
    more = SET.replace("n_total", "share_checked").replace("2700", "0.5")
    (row,) = rows(build(SET + more), "pass_rates")
    assert (row["n_total"], row["share_checked"]) == ("2700", "0.5")


def test_rows_with_one_quote_are_told_apart(build) -> None:
    both = with_facts(rate(), rate(period="2018-Q2", basis="streak"))
    assert "2 rows match" in refused(build, SET, both)
    text = SET.replace(f"what: {RATE}", f"what: {{quote: '{RATE}', period: 2018-Q2}}")
    found = rows(build(text, both), "pass_rates")
    assert [(r["period"], r["n_total"], r["basis"]) for r in found] == [
        ("2018-Q3", "", "stated"),
        ("2018-Q2", "2700", "streak"),
    ]
    first = SET.replace(f"what: {RATE}", f"what: {{quote: '{RATE}', nth: 1}}")
    assert [r["n_total"] for r in rows(build(first, both), "pass_rates")] == ["2700", ""]
    assert "nth 3" in refused(build, first.replace("nth: 1", "nth: 3"), both)


@pytest.mark.parametrize(
    ("column", "value", "basis"),
    [
        ("rate", "0.965", "corrected"),  # the main value
        ("rate_low", "0.95", "corrected"),
        ("period", "2018-Q2", "corrected"),  # what it is the value of
        ("n_total", "2700", "streak"),  # beside it: an inferred rate stays one, and enters no test
        ("design", "census", "streak"),
    ],
)
def test_a_side_column_leaves_the_basis_as_it_is(build, column, value, basis) -> None:
    known = {"rate": 0.955, "period": "2018-Q3"}
    text = SET.replace("n_total", column).replace("2700", value).replace("null", str(known.get(column, "null")))
    out = build(text, with_facts(rate(basis="streak")))
    assert [(r[column], r["basis"]) for r in rows(out, "pass_rates")] == [(value, basis)]
    told = rows(out, "corrections")[0]
    assert (told["column"], told["after"], told["former_basis"]) == (column, value, "streak")


def test_exact_repetitions_are_corrected_together(build) -> None:
    twice = with_facts(rate(), rate())
    found = rows(build(SET.replace("n_total", "period").replace("2700", "2018-Q4").replace("null", "2018-Q3"), twice),
                 "pass_rates")  # fmt: skip
    assert [r["period"] for r in found] == ["2018-Q4"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("95.5%", "95.6%", "its quote is not in the text"),
        (RATE, "按期办结率100%", "no row of pass_rates matches"),
        ("expect: null", "expect: 2600", "the program says n_total nothing today"),
        ("value: 2700\n  expect: null", "value: null\n  expect: 3", "no longer needed"),
        ("made-up", "made-off", "no circular 'made-off'"),
        ("n_total", "n_totals", "unknown column 'n_totals'"),
        ("n_total", "quote", "unknown column 'quote'"),
        ("pass_rates", "rumours", "no table 'rumours'"),
        ("pass_rates", "repairs", "no table 'repairs'"),
        ("pass_rates", "coded_pass_rates", "no table 'coded_pass_rates'"),
        ("action: set", "action: mend", "unknown action 'mend'"),
        ("2700", "many", "is no integer"),
        ("2700", '"2700"', "is no integer"),
        ("2700", "27.5", "is no integer"),
        ("2700", "[1]", "holds a list"),
        ("2700", "-1", "below 0"),
        ("2700", "!!python/name:os.system x", "type tag:yaml.org,2002:python"),
        ("n_total\n  value: 2700", "rate\n  value: 95.5", "above 1"),
        ("n_total\n  value: 2700", "rate\n  value: 95.5%", "is no number / write a fraction"),
        ("n_total\n  value: 2700", "scope_level\n  value: village", "not one of"),
        ("n_total\n  value: 2700", "period\n  value: 2018Q3", "no period"),
        ("n_total\n  value: 2700\n  expect: null", "scope\n  value: null\n  expect: 甲省", "scope is missing"),
        ("Li Hua", "Li Hua\n  who: Wang", "the field 'who' is there twice"),
        ("  who: Li Hua\n", "", "the field 'who' is missing"),
        ("  expect: null\n", "", "the field 'expect' is missing"),
        ("who: Li Hua", "who: li@example.org", "contact details"),
        ("who: Li Hua", "who:", "the field 'who' is empty"),
        ("2026-03-31", "31.3.2026", "is no date"),
        ("reason:", "cause:", "unknown field 'cause'"),
        ("- circular", "-- circular", "not sound YAML"),
        (SET, "circular: made-up", "not a list of entries"),
        ("table: pass", "table pass", "not sound YAML"),
    ],
)
def test_an_entry_that_does_not_fit_stops_the_build(build, old: str, new: str, message: str) -> None:
    assert old in SET
    assert message in refused(build, SET.replace(old, new, 1))


def test_the_error_names_file_line_and_entry(build) -> None:
    text = "# a comment\n" + ADD + SET.replace("n_total", "rate").replace("null", "0.5").replace("2700", "0.9")
    with pytest.raises(TongbaoError) as caught:
        build(text)
    line = len(("# a comment\n" + ADD).splitlines()) + 1
    assert caught.value.place == f"data/corrections.yml, line {line} (entry 2: set pass_rates.rate)"
    assert "0.955" in str(caught.value) and "What to do" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SET + SET, "a duplicate of entry 1 (line 1)"),
        (SET + SET.replace("2700", "2800"), "it contradicts entry 1"),
        (DELETE + DELETE, "a duplicate of entry 1"),
        (ADD + ADD, "a duplicate of entry 1"),
        (ACCEPT + ACCEPT, "a duplicate of entry 1"),
        (DELETE + DELETE.replace("delete", "accept"), "it contradicts entry 1"),
    ],
)
def test_duplicates_and_contradictions(build, text: str, message: str) -> None:
    assert message in refused(build, text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (DELETE.replace("channel", "portal"), "does not read this row"),
        (DELETE.replace("合格", "不合格"), "the program says result '合格' today"),
        (ADD.replace("200个", "300个"), "its quote is not in the text"),
        (ADD.replace("随机抽查网站200个", "抽查", 1), "stands in 3 places"),
        (ADD.replace("    what: 抽查网站\n", ""), "needs what"),
        (ADD.replace("随机抽查网站200个", "电话：0000-0000000"), "contact details"),
        (ADD.replace("value: 200", "value: 多"), "is no number"),
        (ADD.replace("unit: 个", "basis: stated"), "unknown column 'basis'"),
        (ADD.replace("随机抽查网站200个", "按期办结率100%").replace("抽查网站", "按期办结率").replace("200", "100")
         .replace("个", '"%"'), "no longer needed: the program itself reads this row"),
        (ACCEPT.replace('"3"', '"4"'), "the program says found '3' today"),
        (ACCEPT.replace("accept", "delete"), "delete is nothing that can be done in checks"),
        (CIRCULAR.replace("issued_on", "raw_sha256"), "unknown column 'raw_sha256'"),
    ],
)  # fmt: skip
def test_other_actions_that_do_not_fit(build, text: str, message: str) -> None:
    assert message in refused(build, text)


def test_a_corrected_row_must_be_able_to_stand(build) -> None:
    low = SET.replace("n_total", "rate_low").replace("2700", "0.99").replace("null", "0.955")
    assert "cannot stand" in refused(build, low)


def test_a_correction_does_not_push_out_a_row_that_the_program_reads(build) -> None:
    both = with_facts(rate(), rate("按期办结率100%", period="2018-Q2"))
    onto = SET.replace("n_total", "period").replace("2700", "2018-Q2").replace("null", "2018-Q3")
    assert "makes a row that is there already" in refused(build, onto, both)


def test_a_row_with_contact_details_can_neither_be_named_nor_shown(build) -> None:
    private = fact("figures", "联系人：王某某，电话", what="要求联系", value=1)
    entry = f"""- circular: made-up
  table: figures
  what: {{nth: 1, quote: "人"}}
  action: delete
  expect: {{value: 1}}{SIGNED}"""
    assert "does not read this row" in refused(build, entry, with_facts(private))


def test_doubtful_places_can_be_accepted(build) -> None:
    made = interim()
    numeral = {"start": made.text.index("200个"), "end": made.text.index("200个") + 3, "text": "200"}
    made.extracted["numerals"]["unexplained"].append(numeral)  # type: ignore[index]
    entry = f"""- circular: made-up
  table: numerals
  what: 网站200个
  action: accept
  expect: {{text: "200"}}{SIGNED}"""
    gap = entry.replace("numerals", "gaps").replace("网站200个", "办公厅").replace("200", "公")
    made.restored["gaps"][0].update(start=7, end=8)
    where = made.text[7:8]
    gap = gap.replace('"公"', json.dumps(where, ensure_ascii=False)).replace("办公厅", made.text[5:10])
    assert [r["table"] for r in rows(build(entry + gap, made), "corrections")] == ["numerals", "gaps"]
    made.extracted["numerals"]["unexplained"].clear()  # type: ignore[index]
    assert "nothing there is doubtful" in refused(build, entry, made)


def test_periods_codes_and_signs_keep_their_characters(tmp_path: Path) -> None:
    path = tmp_path / "corrections.yml"
    path.write_text(
        SET.replace("n_total", "period").replace("2700", "2016").replace("null", "2018-Q3")
        + SET.replace("n_total", "scope_code").replace("2700", "320000")
        + SET.replace("n_total", "comparator").replace("2700", "="),
        "utf-8",
    )
    schema = load_schema(REFERENCE)
    entries = load_corrections(path, schema, load_contacts(REFERENCE))
    assert [entry.value for entry in entries] == ["2016", "320000", "="]


def examples() -> str:
    """The entries that the head of the project's file shows, as entries."""
    _, begin, shown = (ROOT / "data/corrections.yml").read_text("utf-8").partition("# - circular:")
    return "".join(f"{line.removeprefix('# ').removeprefix('#')}\n" for line in (begin + shown).splitlines())


def test_the_projects_file_has_no_entries() -> None:
    assert load_corrections(ROOT / "data/corrections.yml", load_schema(REFERENCE), load_contacts(REFERENCE)) == ()


def test_facts_of_every_table_can_be_set(build) -> None:
    """Every table of facts takes an entry and marks its row."""
    entries, tables = "", []
    for made in facts():
        values, table = made["values"], made["table"]
        column, value = next((c, v) for c, v in values.items() if isinstance(v, str) and c in _FREE)
        quote = json.dumps(interim().text[made["start"] : made["end"]], ensure_ascii=False)
        entries += (
            f"- circular: made-up\n  table: {table}\n  what: {quote}\n  action: set\n"
            f"  column: {column}\n  value: 另\n  expect: {json.dumps(value, ensure_ascii=False)}{SIGNED}"
        )
        tables.append((table, column))
    out = build(entries)
    for table, column in tables:
        assert [(r[column], r["basis"]) for r in rows(out, table)] == [("另", "corrected")]


_FREE = {"site_name", "title", "scope", "grade", "group", "unit", "what"}


def test_the_examples_of_the_file_fit_and_the_command_names_an_entry_that_does_not(
    tmp_path: Path, capsys, monkeypatch
) -> None:
    from small_project import make_small_project

    project = make_small_project(tmp_path / "p", ["jiangsu-2018q3"])
    monkeypatch.setenv("TONGBAO_PROJECT", str(project.root))
    assert main(["restore"]) == main(["extract"]) == 0
    (project.root / "data/corrections.yml").write_text(examples(), "utf-8")
    assert main(["tidy"]) == 0, capsys.readouterr().err
    told = rows(project.root / "data/tidy", "corrections")
    assert [(r["action"], r["table"], r["column"], r["after"]) for r in told[:1]] == [
        ("set", "pass_rates", "n_total", "826")
    ]
    assert [r["action"] for r in told] == ["set", "add"]
    (project.root / "data/corrections.yml").write_text(SET, "utf-8")
    assert main(["tidy"]) == 1
    error = capsys.readouterr().err
    assert "data/corrections.yml, line 1 (entry 1: set pass_rates.n_total)" in error and "What to do:" in error
