"""Offset maps: composed from edits alone, exact in both directions, whatever the edits are."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongbao.restore.changes import Changes, codes_of
from tongbao.restore.draft import Draft
from tongbao.restore.edits import Edit, OffsetMap, Run, Spans, apply_edits
from tongbao.restore.repairs import Repairs, replay

ALPHABET = "政務公開网站 1a?(。\n"


@st.composite
def edits_of(draw: st.DrawFn, text: str) -> list[Edit]:
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    edits = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        if draw(st.booleans()) and end > start:
            new = draw(st.text("简体字符", min_size=end - start, max_size=end - start))
            edits.append(Edit(start, end, new, "script"))
        else:
            edits.append(Edit(start, end, draw(st.text("新的字", max_size=4)), "spacing"))
    return edits


@st.composite
def chains(draw: st.DrawFn) -> tuple[str, list[str], list[list[Edit]]]:
    texts = [draw(st.text(ALPHABET, max_size=25))]
    steps = []
    for _ in range(3):
        steps.append(draw(edits_of(texts[-1])))
        texts.append(apply_edits(texts[-1], steps[-1]))
    return texts[0], texts, steps


@given(chains())
def test_runs_are_sorted_maximal_and_within_both_texts(chain: tuple[str, list[str], list[list[Edit]]]) -> None:
    _, texts, steps = chain
    whole = OffsetMap.identity(len(texts[0]))
    for text, edits in zip(texts[:-1], steps, strict=True):
        whole = whole.then(OffsetMap.from_edits(len(text), edits))
    assert (whole.raw_length, whole.length) == (len(texts[0]), len(texts[-1]))
    before = Run(0, 0, 0)
    for run in whole.runs:
        assert run.length > 0
        raw_gap = run.raw_start - before.raw_start - before.length
        gap = run.start - before.start - before.length
        assert raw_gap >= 0 and gap >= 0
        assert raw_gap or gap or before.length == 0, "neighbouring runs are one"
        before = run
    assert before.raw_start + before.length <= whole.raw_length
    assert before.start + before.length <= whole.length


@given(chains())
def test_composition_is_associative(chain: tuple[str, list[str], list[list[Edit]]]) -> None:
    _, texts, steps = chain
    one, two, three = (OffsetMap.from_edits(len(t), e) for t, e in zip(texts[:-1], steps, strict=True))
    assert one.then(two).then(three) == one.then(two.then(three))
    assert OffsetMap.identity(one.raw_length).then(one) == one == one.then(OffsetMap.identity(one.length))


def pairs_of(text: str, edits: list[Edit]) -> list[tuple[int, int]]:
    """Which characters stand for each other, looked at one by one."""
    pairs, at, new = [], 0, 0
    for edit in [*edits, Edit(len(text), len(text), "", "end")]:
        while at < edit.start:
            pairs.append((at, new))
            at, new = at + 1, new + 1
        if edit.is_aligned:
            pairs += [(at + k, new + k) for k in range(edit.end - edit.start)]
        at, new = edit.end, new + len(edit.replacement)
    return pairs


@given(chains())
def test_the_map_agrees_with_following_each_character(chain: tuple[str, list[str], list[list[Edit]]]) -> None:
    _, texts, steps = chain
    whole = OffsetMap.identity(len(texts[0]))
    pairs = [(at, at) for at in range(len(texts[0]))]
    for text, edits in zip(texts[:-1], steps, strict=True):
        whole = whole.then(OffsetMap.from_edits(len(text), edits))
        step = dict(pairs_of(text, edits))
        pairs = [(raw, step[middle]) for raw, middle in pairs if middle in step]
    origin = {new: raw for raw, new in pairs}
    for at in range(whole.length):
        if at in origin:
            assert whole.to_raw(at, at + 1) == (origin[at], origin[at] + 1)
            assert whole.to_restored(origin[at], origin[at] + 1) == (at, at + 1)
        else:
            low = max((raw + 1 for raw, new in pairs if new < at), default=0)
            high = min((raw for raw, new in pairs if new > at), default=whole.raw_length)
            assert whole.to_raw(at, at + 1) == (low, high)
    for start in range(whole.length):
        for end in range(start + 1, whole.length + 1):
            low, high = whole.to_raw(start, end)
            assert (low, high) == (whole.to_raw(start, start + 1)[0], whole.to_raw(end - 1, end)[1])


def applied(chain: tuple[str, list[str], list[list[Edit]]]) -> Draft | None:
    """The draft after all steps; None where a step inserts text between two characters, which no fix does."""
    draft = Draft(chain[0])
    for edits in chain[2]:
        try:
            draft.apply(edits)
        except ValueError:
            return None
    return draft


@given(chains())
def test_replaying_the_repairs_gives_the_restored_text(chain: tuple[str, list[str], list[list[Edit]]]) -> None:
    raw, texts, _ = chain
    draft = applied(chain)
    if draft is None:
        return
    repairs = Repairs(draft)
    assert draft.text == texts[-1]
    assert replay(raw, repairs) == texts[-1]
    for repair, after in itertools.pairwise(repairs):
        assert repair.raw_end <= after.raw_start
    for repair in repairs:
        assert raw[repair.raw_start : repair.raw_end] == repair.raw != repair.restored


@given(chains())
def test_a_draft_knows_the_places_that_the_composed_map_knows(chain: tuple[str, list[str], list[list[Edit]]]) -> None:
    _, texts, steps = chain
    draft = applied(chain)
    if draft is None:
        return
    whole = OffsetMap.identity(len(texts[0]))
    for text, edits in zip(texts[:-1], steps, strict=True):
        whole = whole.then(OffsetMap.from_edits(len(text), edits))
    found = draft.map()
    paired = {(run.raw_start + k, run.start + k) for run in found.runs for k in range(run.length)}
    assert paired == {(run.raw_start + k, run.start + k) for run in whole.runs for k in range(run.length)}
    for start in range(len(texts[-1])):
        low, high = draft.to_raw(start, start + 1)
        outer_low, outer_high = whole.to_raw(start, start + 1)
        assert outer_low <= low <= high <= outer_high, "a draft may know more closely what a character came from"


@given(st.text(ALPHABET, max_size=40), st.data())
def test_changes_are_the_same_as_their_edits_one_by_one(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=8)))
    spans = [(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    gone = Changes("pinyin", [a for a, _ in spans], [b for _, b in spans], note="x")
    together, apart = Draft(text), Draft(text)
    together.apply(gone)
    apart.apply(list(gone))
    left = together.text
    places = sorted(data.draw(st.sets(st.integers(0, max(0, len(left) - 1)), max_size=5))) if left else []
    signs = Changes("width", places, [p + 1 for p in places], new=codes_of("简" * len(places)))
    together.apply(signs)
    apart.apply(list(signs))
    assert together.text == apart.text == apply_edits(left, signs)
    assert together.map() == apart.map()
    assert list(Repairs(together)) == list(Repairs(apart))


def test_text_where_nothing_stood_is_refused() -> None:
    with pytest.raises(ValueError, match="inserts"):
        Draft("公开").apply([Edit(1, 1, "新", "spacing")])


def test_a_known_map() -> None:
    text = "結(jié)果?"
    edits = [Edit(0, 1, "结", "script"), Edit(1, 6, "", "pinyin"), Edit(7, 8, "。好", "shifted_bytes")]
    assert apply_edits(text, edits) == "结果。好"
    found = OffsetMap.from_edits(len(text), edits)
    assert found.to_raw(0, 2) == (0, 7)
    assert found.to_raw(0, 1) == (0, 1)
    assert found.to_raw(2, 3) == (7, 8), "a place that changed as a whole is given as a whole"
    assert found.to_restored(0, 8) == (0, 4)
    assert found.to_restored(2, 5) == (1, 1), "what was taken out has no characters left"


@pytest.mark.parametrize(
    "edits",
    [
        [Edit(2, 3, "", "x"), Edit(0, 1, "", "x")],
        [Edit(0, 2, "", "x"), Edit(1, 3, "", "x")],
        [Edit(0, 9, "", "x")],
    ],
)
def test_impossible_edits_are_refused(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match="edits"):
        apply_edits("公开", edits)


def test_maps_that_do_not_meet_and_places_outside_are_refused() -> None:
    with pytest.raises(ValueError, match="meet"):
        OffsetMap.identity(3).then(OffsetMap.identity(4))
    with pytest.raises(ValueError, match="outside"):
        OffsetMap.identity(3).to_raw(2, 4)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 3)), max_size=6), st.integers(0, 35), st.integers(1, 4))
def test_spans_agree_with_looking_at_each(starts: list[tuple[int, int]], at: int, length: int) -> None:
    spans: list[tuple[int, int]] = []
    for start, size in sorted(starts):
        if not spans or spans[-1][1] <= start:
            spans.append((start, start + size))
    assert Spans(spans).overlaps(at, at + length) == any(a < at + length and at < b for a, b in spans)
