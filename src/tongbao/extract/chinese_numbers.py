"""Chinese numerals as circulars use them: ordinals of quarters, headings, short counts (两市, 四个等次)."""

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10000}

CHINESE_NUMERAL = "[〇零一二两三四五六七八九十百千万]"


def parse_chinese(text: str) -> int:
    """Return the value of a Chinese numeral (`十二` 12, `二〇一八` 2018, `一百零三` 103).

    Raises:
        ValueError: `text` is not one.
    """
    if not text or any(c not in _DIGITS and c not in _UNITS for c in text):
        raise ValueError(f"not a Chinese numeral: {text!r}")
    if not any(c in _UNITS for c in text):  # digit by digit, as in years
        return int("".join(str(_DIGITS[c]) for c in text))
    total = section = digit = 0
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c == "万":
            total, section, digit = (total + section + digit) * 10000, 0, 0
        else:
            section += (digit or 1) * _UNITS[c]
            digit = 0
    return total + section + digit


def parse_count(text: str) -> int:
    """Return the value of a count written in digits or in Chinese numerals."""
    return int(text) if text.isdecimal() else parse_chinese(text)
