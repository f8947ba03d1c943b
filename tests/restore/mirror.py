"""A small mirror site: does to sound text what the hijacked copies show, so that tests can undo it."""

import re

import opencc
from pypinyin.pinyin_dict import pinyin_dict

_S2T = opencc.OpenCC("s2t")
FOLDS = {b"\xa3\xa1": b"!", b"\xa3\xbb": b";", b"\xa3\xbf": b"?"}


def traditional(text: str) -> str:
    """Character by character, as the mirrors do (no phrases)."""
    return "".join(_S2T.convert(c) for c in text)


def annotate(text: str) -> str:
    """Write the first reading behind every character that has a simplified form."""
    to_simplified = opencc.OpenCC("t2s")
    return "".join(f"{c}({pinyin_dict[ord(c)].split(',')[0]})" if to_simplified.convert(c) != c else c for c in text)


def shift_places(text: str) -> list[int]:
    """Where the tool would hit the second byte of one character and the first of the next."""
    places = []
    for at in range(len(text) - 1):
        try:
            pair = text[at : at + 2].encode("gbk")
        except UnicodeEncodeError:
            continue
        if len(pair) == 4 and pair[1:3] in FOLDS:
            places.append(at)
    return places


def shift(text: str, at: int) -> str:
    """Damage one such place of a line: fold the byte pair and read the rest of the line again."""
    stop = text.find("\n", at)
    stop = len(text) if stop < 0 else stop
    data = text[at:stop].encode("gb18030")
    broken = data[:1] + FOLDS[data[1:3]] + data[3:]
    return text[:at] + broken.decode("gb18030", "replace").replace("\ufffd", "?") + text[stop:]


def fold(text: str) -> str:
    """What the collector did to punctuation."""
    return re.sub("[，：；（）？！]", lambda m: ",:;()?!"["，：；（）？！".index(m.group())], text)
