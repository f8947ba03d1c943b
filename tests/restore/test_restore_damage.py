"""Damage done on purpose to the restored first circulars: how much is read again, and that nothing is misread.

Each document is repaired with a model that has seen the other four only.
"""

import random
from collections import Counter

from restore.mirror import fold, traditional
from tongbao.project import find_project
from tongbao.read.folder import read_folder
from tongbao.restore import language_model, script, shifted_bytes, width
from tongbao.restore.edits import apply_edits
from tongbao.restore.lexicon import load_lexicon
from tongbao.restore.pipeline import restore_all

LEXICON = load_lexicon()
SEED, N_EACH = 1, 40


def plain(text: str) -> str:
    simplified = script.simplify(text, LEXICON)
    return apply_edits(simplified, width.fix(simplified))


def test_a_lost_first_byte_is_found_again_or_left_open() -> None:
    documents, _ = read_folder(find_project().raw)
    texts = {r.circular_id: r.text for r in restore_all(documents)}
    rng = random.Random(SEED)
    outcome: Counter[str] = Counter()
    for name, text in texts.items():
        others = [other for key, other in texts.items() if key != name]
        model = language_model.build(others, LEXICON.admin_words, LEXICON.prose)
        lines = [line for line in traditional(text).split("\n") if len(line) > 30]
        for _ in range(N_EACH):
            line = rng.choice(lines)
            at = rng.randrange(2, len(line) - 6)
            data = line[at:].encode("gb18030")
            if data[0] < 0x80:
                continue
            broken = (b"?" + data[1:]).decode("gb18030", "replace").replace("\ufffd", "?")
            damaged = fold(line[:at] + broken)
            repairs = shifted_bytes.fix(damaged, model, LEXICON, 3.0)
            if plain(apply_edits(damaged, repairs.edits)) == plain(line):
                outcome["exact"] += 1
            else:
                outcome["wrong" if repairs.edits else "open"] += 1
    assert outcome["exact"] + outcome["wrong"] + outcome["open"] > 80
    assert outcome["wrong"] <= 0.02 * outcome["exact"], outcome
    assert outcome["exact"] > outcome["open"], outcome
