"""Documents that go through the fixes together come out as each does alone."""

import dataclasses
import random
import re

from tongbao.project import find_project
from tongbao.read.folder import RawDocument, read_folder
from tongbao.restore.parts import Parts, join
from tongbao.restore.pipeline import restore_all
from tongbao.restore.repairs import replay

N = 40


def variants() -> list[RawDocument]:
    """The first circulars with other figures, lines missing and blanks about them, without lost bytes."""
    rng = random.Random(5)
    seeds, _ = read_folder(find_project().raw)
    documents = []
    for k in range(N):
        seed = rng.choice(seeds)
        lines = re.sub(r"\d", lambda _: str(rng.randrange(10)), re.sub("[?\ufffd]", "", seed.text)).split("\n")
        for _ in range(rng.randrange(6)):
            del lines[rng.randrange(len(lines))]
        blanks = [rng.choice(["", "  ", "\u3000\u3000", "\r"])] * rng.randrange(3)
        documents.append(dataclasses.replace(seed, circular_id=f"d{k}", text="\n".join([*blanks, *lines, *blanks])))
    for k, text in enumerate(["", "\n\n", "通报", " 通报\n", "一\n \n二"]):
        documents.insert(3 * k, dataclasses.replace(seeds[0], circular_id=f"short{k}", text=text))
    return documents


def test_together_as_alone() -> None:
    documents = variants()
    for document, together in zip(documents, restore_all(documents), strict=True):
        alone = restore_all([document])[0]
        assert together == alone, document.circular_id
        assert replay(document.text, together.repairs) == together.text


def test_a_document_with_the_dividing_character_goes_by_itself() -> None:
    seeds, _ = read_folder(find_project().raw)
    divided = dataclasses.replace(seeds[0], circular_id="divided", text="甲\n\0\n乙")
    found = restore_all([seeds[1], divided, seeds[2]])
    assert [r.circular_id for r in found] == [seeds[1].circular_id, "divided", seeds[2].circular_id]
    assert found[1].text == "甲\n\0\n乙"


def test_parts_are_found_again() -> None:
    texts = ["甲乙", "", "丙", "丁\n戊"]
    joined = join(texts)
    parts = Parts.of(joined, n=len(texts))
    assert [joined[slice(*parts.span(k))] for k in range(len(texts))] == texts
