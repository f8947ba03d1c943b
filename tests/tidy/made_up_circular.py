"""A made-up circular as the rooms before hand it on."""

import copy
import json
from pathlib import Path
from typing import Any

from tongbao.tidy.rows import Interim

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "data" / "reference"

TEXT = (
    "甲省人民政府办公厅关于2018年第三季度抽查情况的通报\n"
    "根据《关于抽查的通知》（甲办发〔2018〕1号）要求，随机抽查网站200个，合格率为95.5%，不合格9个，按期办结率100%。\n"
    "乙市、丙市较好。乙市被评为优秀。个别单位更新不及时。丁局扣分8.5分。得分80分以上的有2个。\n"
    "联系人：王某某，电话：0000-0000000。\n"
    "1 | 戊局 | N000000001 | 合格 |\n"
)


def span(words: str) -> dict[str, int]:
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words)}


def fact(table: str, words: str, basis: str = "stated", **values: Any) -> dict[str, Any]:
    return {"table": table, **span(words), "basis": basis, "rule": "made up", "values": values}


def rate(words: str = "合格率为95.5%", basis: str = "stated", **more: Any) -> dict[str, Any]:
    values = {"scope": "甲省", "scope_level": "province", "period": "2018-Q3", "measure": "website", "rate": 0.955}
    return fact("pass_rates", words, basis, **(values | more))


def facts() -> list[dict[str, Any]]:
    """One fact of every table, not in the order of the text."""
    return [
        fact("sites", "戊局", site_name="戊局", site_code="N000000001", site_kind="channel", result="合格"),
        fact("citations", "甲办发〔2018〕1号", doc_number="甲办发〔2018〕1号", title="关于抽查的通知"),
        rate(
            scope_code="320000", inspector_level="province", design="random_sample", n_checked=200, n_failed=9,
            rate_low=0.955, rate_high=0.955, comparator="=",
        ),
        fact("grade_totals", "乙市被评为优秀", "listed", measure="website", group="各市", grade="优秀", n_listed=1),
        fact(
            "ratings", "乙市被评为优秀", measure="website", group="各市", group_kind="prefectures", unit="乙市",
            grade="优秀", grade_rank=1, position=1, ordered=False, score_low=80, score_low_closed=True,
        ),
        fact("score_counts", "得分80分以上的有2个", measure="website", group="各市", statistic="n_at_least",
             threshold=80, value=2),
        fact("deductions", "丁局扣分8.5分", unit="丁局", statistic="unit", points=8.5),
        fact("findings", "个别单位更新不及时", group="个别单位", category="COL_STALE", part="body"),
        fact("figures", "按期办结率100%", what="按期办结率", scope="甲省", value=100, unit="%", comparator="="),
    ]  # fmt: skip


def interim(circular_id: str = "made-up") -> Interim:
    """A whole circular; callers may change their copy."""
    return Interim(
        circular_id=circular_id,
        text=TEXT,
        restored={
            "circular_id": circular_id,
            "raw_file": f"{circular_id}.txt",
            "raw_sha256": "0" * 64,
            "encoding": "utf-8",
            "script": "Hant",
            "copy_kind": "mirror",
            "page": {"published_on": "2018-12-12", "source_name": "某网", "title": ""},
            # "广告\n" (3 characters) cut in front; behind that one reading of 4 characters taken out at 乙市.
            "repairs": [
                {"raw_start": 120, "raw_end": 121, "raw": "紀", "restored": "纪", "kind": "script",
                 "confidence": 1.0, "verified_by": "", "note": ""},
                {"raw_start": 0, "raw_end": 3, "raw": "广告\n", "restored": "", "kind": "furniture",
                 "confidence": 1.0, "verified_by": "", "note": "advertising, 2 characters"},
            ],
            "gaps": [{"start": 5, "end": 6, "candidates": []}],
            "map": [[3, 0, len(TEXT)]],
        },
        extracted={
            "circular_id": circular_id,
            "circular": {
                "title": "甲省人民政府办公厅关于2018年第三季度抽查情况的通报", "issuer": "甲省人民政府办公厅",
                "issuer_level": "province", "issued_on": "2018-09-07", "period": "2018-Q3", "exercise": "spot_check",
            },
            "facts": facts(),
            "checks": [
                {"check": "rate agrees with counts", "expected": "95.5%", "found": 95.5, "holds": True, "note": ""},
                {"check": "list is as long as stated", "expected": 2, "found": 3, "holds": False, "note": "一"},
            ],
            "numerals": {"n_numerals": 10, "n_numerals_explained": 9, "unexplained": []},
        },
    )  # fmt: skip


def with_facts(*more: dict[str, Any], **circular: Any) -> Interim:
    """The made-up circular with these facts instead, and with changed columns of its own row."""
    made = copy.deepcopy(interim())
    extracted = {**made.extracted, "facts": list(more), "circular": {**made.extracted["circular"], **circular}}
    return Interim(made.circular_id, made.text, made.restored, extracted)


def write_interim(folder: Path, *circulars: Interim) -> Path:
    for circular in circulars:
        for kind, suffix, content in (
            ("text", "txt", circular.text),
            ("restored", "json", json.dumps(circular.restored, ensure_ascii=False)),
            ("extracted", "json", json.dumps(circular.extracted, ensure_ascii=False)),
        ):
            path = folder / kind / f"{circular.circular_id}.{suffix}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode())
    return folder
