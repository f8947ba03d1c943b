"""Which documents are copies of one circular: damaged ones are, the next quarter's with the same wording is not."""

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from collect import forms
from collect.test_add_forms import put
from restore.mirror import annotate, fold, traditional
from tongbao.collect.same import SAME_FIGURES, SAME_TEXT, Profile, compare, is_better, nearest, profile
from tongbao.project import find_project
from tongbao.read.folder import RawDocument, read_folder
from tongbao.read.sources import read_register
from tongbao.restore.pipeline import Restored, restore, restore_all
from tongbao.restore.store import restore_folder

Seeds = dict[str, tuple[Restored, Profile]]


@pytest.fixture(scope="module")
def seeds() -> Seeds:
    documents, _ = read_folder(find_project(Path(__file__)).raw)
    return {r.circular_id: (r, profile(r)) for r in restore_all(documents)}


def profile_of(text: str, name: str = "new") -> Profile:
    return profile(restore(RawDocument(name, f"{name}.txt", "0" * 64, text, "utf-8", len(text))))


def damage(text: str, rng: random.Random) -> str:
    """What the worst mirrors do, at every long line: shifted bytes, annotations, folded marks, traditional script."""
    lines = []
    for line in traditional(text).split("\n"):
        for _ in range(len(line) // 120 + (len(line) > 20)):
            at = rng.randrange(2, len(line) - 6)
            data = line[at:].encode("gb18030")
            line = line[:at] + (b"?" + data[1:]).decode("gb18030", "replace").replace("\ufffd", "?")
        lines.append(line)
    return fold(annotate("\n".join(lines)))


def without_annexes(text: str, rng: random.Random) -> str:
    return text[: int(0.62 * len(text))]


def wrapped(text: str, rng: random.Random) -> str:
    return f"首页 > 政务公开 > 通报\n浏览量: 33 时间:2021-02-03 02:59:58\n{text}\n版权所有 某某网 京ICP备00000000号\n"


@pytest.mark.parametrize("change", [damage, without_annexes, wrapped])
def test_copies_are_recognised(change: Callable[[str, random.Random], str], seeds: Seeds) -> None:
    rng = random.Random(7)
    for name, (restored, _) in seeds.items():
        found = nearest(profile_of(change(restored.text, rng)), [p for _, p in seeds.values()])
        assert found is not None and found[0].circular_id == name and found[1].is_same, (name, found and found[1])
        assert found[1].text > SAME_TEXT + 0.1 and found[1].figures > SAME_FIGURES + 0.1, "with room to spare"


def other_figures(text: str, rng: random.Random) -> str:
    def other(match: re.Match[str]) -> str:
        is_year = len(match[0]) == 4 and match[0].startswith("20")
        return match[0] if is_year else str(int(float(match[0])) + rng.randrange(1, 9))

    return re.sub(r"\d+(?:\.\d+)?", other, text)


def next_period(text: str, rng: random.Random) -> str:
    text = re.sub(r"20(1\d|2\d)(?=年)", lambda m: f"20{int(m[1]) + 1}", other_figures(text, rng))
    return text.translate(str.maketrans("一二三四", "二三四一"))


def without_number_and_period(text: str, rng: random.Random) -> str:
    """The same wording with other figures, and nothing else to tell the two apart by."""
    return re.sub(r"\S{2,8}〔\d{4}〕\d+号|20\d\d年(?:度|第.季度)?", "", other_figures(text, rng))


@pytest.mark.parametrize("change", [other_figures, next_period, without_number_and_period])
def test_the_same_wording_with_other_figures_is_another_circular(
    change: Callable[[str, random.Random], str], seeds: Seeds
) -> None:
    rng = random.Random(7)
    for name, (restored, known) in seeds.items():
        likeness = compare(profile_of(change(restored.text, rng)), known)
        assert not likeness.is_same, (name, likeness)
        assert likeness.figures < SAME_FIGURES - 0.2, "with room to spare"
        assert likeness.text > 0.4, "the wording would not tell them apart"


def test_different_circulars_are_far_apart(seeds: Seeds) -> None:
    known = [p for _, p in seeds.values()]
    for one in known:
        assert all(compare(one, two).text < 0.2 for two in known if two is not one)


def test_an_excerpt_a_report_and_a_forwarded_circular_are_no_copies(seeds: Seeds) -> None:
    restored, known = seeds["gansu-2021"]
    assert compare(profile_of(restored.text[: len(restored.text) // 3]), known).reason.startswith("one is only an exc")
    news = profile_of(f"本报讯（记者某某）{restored.text}")
    assert news.copy_kind == "news" and not compare(news, known).is_same
    number = known.doc_number
    other = restored.text.replace(number, "某政办发〔2022〕77号", 1)
    assert "document numbers" in compare(profile_of(other), known).reason


def test_short_notices_need_more_than_wording() -> None:
    text = "某市政务公开办公室关于网站检查情况的通报\n各县：\n经检查，各县政府网站运行良好，未发现问题。\n"
    assert compare(profile_of(text), profile_of(text.replace("\n", "\r\n"))).is_same, "the titles agree"
    untitled = text.split("\n", 1)[1] + "政府网站检查情况通报完毕。"
    assert "too few figures" in compare(profile_of(untitled), profile_of(untitled + "特此告知。")).reason


def test_the_better_copy(seeds: Seeds) -> None:
    restored, known = seeds["gansu-2021"]
    rng = random.Random(1)
    damaged = profile_of(damage(restored.text, rng))
    part = profile_of(without_annexes(restored.text, rng))
    assert is_better(known, damaged) and not is_better(damaged, known)
    assert is_better(damaged, part) and not is_better(part, damaged), "a damaged whole before a sound part"
    assert not is_better(known, known), "level: the old one stays"


def test_a_second_copy_settles_what_the_first_lost(tmp_path: Path) -> None:
    """Two copies, each with a gap of its own: added one after the other they give the sound text."""
    project = forms.project(tmp_path / "project")
    one = forms.CIRCULAR.replace("占在运行政府", "占在运??府")
    two = forms.CIRCULAR.replace("于2019年7月20日前完成整改", "于2019年7月20日前完??改")
    for name, text in (("mirror-a.txt", one), ("mirror-b.txt", two)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    put(project, tmp_path / "mirror-a.txt")
    restore_folder(project.raw, project.interim)
    assert "占在运??府" in (project.interim / "text" / "mirror-a.txt").read_text("utf-8")
    (outcome,) = put(project, tmp_path / "mirror-b.txt")
    assert outcome.kind == "witness" and "mirror-a.txt stays" in outcome.message
    restore_folder(project.raw, project.interim)
    assert [p.name for p in (project.interim / "text").iterdir()] == ["mirror-a.txt"], "one circular"
    assert (project.interim / "text" / "mirror-a.txt").read_text("utf-8") == forms.CIRCULAR.strip()


def test_a_better_copy_takes_over_and_the_id_stays(tmp_path: Path) -> None:
    project = forms.project(tmp_path / "project")
    (tmp_path / "hunan.txt").write_text(damage(forms.CIRCULAR, random.Random(2)), encoding="utf-8")
    (tmp_path / "office.html").write_text(forms.page(forms.CIRCULAR), encoding="utf-8")
    put(project, tmp_path / "hunan.txt")
    (outcome,) = put(project, tmp_path / "office.html")
    assert (outcome.kind, outcome.circular_id, outcome.file) == ("witness", "hunan", "office.html")
    assert "better copy" in outcome.message
    roles = {s.file: (s.circular_id, s.role) for s in read_register(project.raw / "sources.csv")}
    assert roles == {"office.html": ("hunan", ""), "hunan.txt": ("hunan", "witness")}
    restore_folder(project.raw, project.interim)
    assert (project.interim / "text" / "hunan.txt").read_text("utf-8") == forms.CIRCULAR.strip()


def test_the_user_has_the_last_word(tmp_path: Path) -> None:
    project = forms.project(tmp_path / "project")
    other = forms.CIRCULAR.replace("2019年7月8日", "2019年7月9日")
    for name, text in (("a.txt", forms.CIRCULAR), ("b.txt", other), ("c.txt", "另一回事：政务公开通报。" * 9)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    put(project, tmp_path / "a.txt")
    (own,) = put(project, tmp_path / "b.txt", own=True)
    (copy,) = put(project, tmp_path / "c.txt", copy_of="a")
    assert (own.kind, own.circular_id, copy.kind, copy.circular_id) == ("added", "b", "witness", "a")


def test_one_that_is_alike_and_kept_apart_is_said_to_be(tmp_path: Path) -> None:
    project = forms.project(tmp_path / "project")
    quarter = forms.CIRCULAR.replace("第二季度", "第三季度")
    for name, text in (("a.txt", forms.CIRCULAR), ("b.txt", quarter)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    put(project, tmp_path / "a.txt")
    (outcome,) = put(project, tmp_path / "b.txt")
    assert outcome.kind == "added" and "periods differ" in outcome.message and "--copy-of a" in outcome.message
